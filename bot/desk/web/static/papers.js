// Documents: files dropped on the page go up one after the other, and every row says how far its paper is.
// Without this script the form sends them all at once and the page comes again by itself.
(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const list = byId("papers");
  const form = byId("upload");
  if (!list) return;
  const texts = form ? form.dataset : {};
  const waiting = [];
  let isSending = false;
  let isBusy = list.querySelector("[data-stage=waiting], [data-stage=reading], [data-stage=publishing]") !== null;
  let timer = 0;
  let ready = -1;

  function show(row, paper) {
    row.dataset.paper = paper.id || "";
    row.dataset.stage = paper.stage;
    row.querySelector(".paper-name").textContent = paper.name;
    row.querySelector(".paper-said").textContent = paper.said;
    row.querySelector(".paper-size").textContent = paper.size || "";
    row.querySelector(".paper-why").textContent = paper.why || "";
    const link = row.querySelector(".paper-open");
    if (link) {
      link.hidden = !paper.href;
      if (paper.href) link.href = paper.href;
    }
    return row;
  }

  function newRow() {
    byId("waiting-part").hidden = false;
    return byId("paper-row").content.firstElementChild.cloneNode(true);
  }

  // Rows of files still on their way stand first and are left alone.
  function showAll(papers) {
    const known = new Map();
    list.querySelectorAll("[data-paper]").forEach((row) => { if (row.dataset.paper) known.set(row.dataset.paper, row); });
    const kept = new Set(papers.map((paper) => paper.id));
    known.forEach((row, id) => { if (!kept.has(id)) row.remove(); });
    let before = Array.from(list.children).find((row) => row.dataset.paper) || null;
    papers.forEach((paper) => {
      const row = show(known.get(paper.id) || newRow(), paper);
      if (row === before) before = row.nextElementSibling;
      else list.insertBefore(row, before);
    });
    byId("waiting-part").hidden = list.children.length === 0;
  }

  async function refresh() {
    clearTimeout(timer);
    let news = null;
    try {
      const response = await fetch(list.dataset.news, { cache: "no-store", redirect: "error" });
      if (response.ok) news = await response.json();
    } catch (error) { /* tried again below */ }
    if (news) {
      showAll(news.papers);
      isBusy = news.busy;
      if (ready >= 0 && news.ready > ready && texts.readyMany) {
        const words = news.ready === 1 ? texts.readyOne : texts.readyMany;
        byId("paper-news").textContent = words.replace("{count}", news.ready);
      }
      ready = news.ready;
    }
    if (isBusy || isSending || !news) timer = setTimeout(refresh, news ? 1000 : 5000);
  }

  function localRow(file, stage, words, why) {
    const row = show(newRow(), { id: "", name: file.name, stage: stage, said: words, why: why });
    list.prepend(row);
    return row;
  }

  function send(file, row) {
    return new Promise((resolve) => {
      const body = new FormData();
      body.append("form", form.elements.form.value);
      body.append("files", file, file.name);
      const request = new XMLHttpRequest();
      const bar = row.querySelector(".paper-bar");
      const said = row.querySelector(".paper-said");
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        const percent = Math.floor((100 * event.loaded) / event.total);
        bar.hidden = false;
        bar.value = percent;
        said.textContent = texts.sending.replace("{percent}", percent);
      });
      request.addEventListener("loadend", () => {
        bar.hidden = true;
        // A refusal leads to a page, which says why once it is opened.
        const kind = request.getResponseHeader("Content-Type") || "";
        if (request.status === 200 && kind.startsWith("application/json")) row.remove();
        else {
          row.dataset.stage = "refused";
          said.textContent = texts.notSent;
        }
        resolve();
      });
      request.open("POST", form.getAttribute("action"));
      request.setRequestHeader("Accept", "application/json");
      request.send(body);
    });
  }

  async function sendAll() {
    if (isSending) return;
    isSending = true;
    while (waiting.length) {
      const next = waiting.shift();
      await send(next.file, next.row);
      await refresh();
    }
    isSending = false;
    refresh();
  }

  function take(files) {
    files.forEach((file) => {
      if (file.size > Number(texts.limit)) {
        localRow(file, "refused", texts.notSent, texts.tooLargeHere);
        return;
      }
      waiting.push({ file: file, row: localRow(file, "waiting", texts.sending.replace("{percent}", 0), "") });
    });
    sendAll();
  }

  // A dropped folder is walked through; what it holds goes up file by file.
  function filesIn(entry) {
    if (entry.isFile) return new Promise((resolve) => entry.file((file) => resolve([file]), () => resolve([])));
    const reader = entry.createReader();
    const found = [];
    return new Promise((resolve) => {
      const more = () => reader.readEntries(async (entries) => {
        if (!entries.length) { resolve((await Promise.all(found.map(filesIn))).flat()); return; }
        found.push(...entries);
        more();
      }, () => resolve([]));
      more();
    });
  }

  async function dropped(transfer) {
    const entries = Array.from(transfer.items || []).map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    if (entries.length && entries.every(Boolean)) take((await Promise.all(entries.map(filesIn))).flat());
    else take(Array.from(transfer.files));
  }

  if (form) {
    const drop = byId("drop");
    const field = byId("files");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      take(Array.from(field.files));
      form.reset();
    });
    // A file let go beside the field must not replace the page.
    ["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => event.preventDefault()));
    ["dragenter", "dragover"].forEach((name) => drop.addEventListener(name, () => drop.classList.add("over")));
    ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => drop.classList.remove("over")));
    drop.addEventListener("drop", (event) => dropped(event.dataTransfer));
  }
  refresh();
})();
