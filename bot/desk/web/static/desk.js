// What the desk's pages do beyond forms: new tips come by themselves, what was left open is hidden, keys work.
// What is being written stays on the page, whatever becomes of session, server and tip.
// Nothing of a tip goes to storage, into an address or into the title.
(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const texts = byId("texts").dataset;
  const POLL_MS = Number(texts.poll) * 1000;
  const HIDE_MS = Number(texts.hide) * 1000;
  const SOUND = "binhan-desk-sound";
  const asIs = { createHTML: (html) => html };
  // The one way markup comes into the page: what our own server escaped.
  const trusted = window.trustedTypes ? window.trustedTypes.createPolicy("binhan", asIs) : asIs;
  const title = document.title;
  let lastActive = Date.now();
  let wasActive = true;
  let unseen = 0;
  let isOver = false;

  document.documentElement.classList.add("js");

  function parse(html) {
    return new DOMParser().parseFromString(trusted.createHTML(html), "text/html");
  }

  function toast(words, label, act) {
    let box = byId("toast");
    if (box && box.dataset.words === words) return;
    if (box) box.remove();
    if (!words) return;
    box = document.createElement("div");
    box.id = "toast";
    box.className = "toast";
    box.dataset.words = words;
    box.setAttribute("role", "status");
    const said = document.createElement("span");
    said.textContent = words;
    box.appendChild(said);
    if (label) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", act);
      box.appendChild(button);
    }
    byId("main").appendChild(box);
  }

  function badge(count) {
    unseen = count;
    document.title = (count ? "(" + count + ") " : "") + title;
  }

  function wantsSound() {
    try { return localStorage.getItem(SOUND) === "1"; } catch (error) { return false; }
  }

  function chime() {
    if (!wantsSound()) return;
    try {
      const audio = new AudioContext();
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = 660;
      volume.gain.setValueAtTime(0.15, audio.currentTime);
      volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.5);
      tone.connect(volume).connect(audio.destination);
      tone.start();
      tone.stop(audio.currentTime + 0.5);
      tone.onended = () => audio.close();
    } catch (error) { /* no sound is no loss */ }
  }

  function hasWords() {
    return all("#main textarea:not([readonly])").some((area) => area.value.trim()) ||
      all("#main input[type=text]").some((line) => line.value !== line.defaultValue);
  }

  // The answer to a poll; null where there is nothing to do with it.
  async function poll(path, headers) {
    let response;
    let news = null;
    try {
      response = await fetch(path, { headers: headers, cache: "no-store", redirect: "error" });
      if (response.ok) news = await response.json();
    } catch (error) { // not reached, or cut off in the middle
      toast(texts.liveLost);
      return null;
    }
    if (response.status === 401) {
      end();
      return null;
    }
    // The tip is the unit's no more.
    if (byId("opened") && (response.status === 403 || response.status === 404)) return { mark: "" };
    if (!response.ok && response.status !== 304) {
      toast(texts.liveLost);
      return null;
    }
    if (news && news.locked && isOfTip()) {
      toast(texts.liveLocked, texts.unlock, () => window.open("/desk/mo-khoa", "_blank", "noopener"));
      return null;
    }
    const box = byId("toast");
    if (box && [texts.liveLost, texts.liveLocked].includes(box.dataset.words)) toast("");
    return news;
  }

  // Nobody is signed in any more: what was told goes, what was typed stays.
  function end() {
    isOver = true;
    hide();
    if (byId("live")) byId("live").replaceChildren();
    toast(hasWords() ? texts.sessionOverWords : texts.sessionOver);
  }

  function isOfTip() {
    return ["tip", "confirm"].includes(document.body.dataset.page);
  }

  // Whether somebody did something since it was asked last.
  function activity() {
    const active = wasActive || all("video, audio").some((player) => !player.paused);
    wasActive = false;
    return active ? { "X-Desk-Active": "1" } : {};
  }

  // The list.

  async function refreshList() {
    const live = byId("live");
    const news = await poll("/desk/moi", { "If-None-Match": '"' + live.dataset.mark + '"' });
    if (news && news.locked) location.reload(); // the server was started again: it asks for the passphrase
    if (!news || !news.mark || news.mark === live.dataset.mark) return;
    const known = new Set(all("[data-tip]", live).map((card) => card.dataset.tip));
    const focused = live.contains(document.activeElement) && document.activeElement.closest("[data-tip]");
    live.replaceChildren(...Array.from(parse(news.html).body.childNodes).map((node) => document.adoptNode(node)));
    live.dataset.mark = news.mark;
    const arrived = all("[data-tip]", live).filter((card) => !known.has(card.dataset.tip));
    arrived.forEach((card) => card.classList.add("arrived"));
    if (focused) focusCard(all("[data-tip]", live).find((card) => card.dataset.tip === focused.dataset.tip));
    if (!arrived.length) return;
    const words = arrived.length === 1 ? texts.liveOne : texts.liveMany;
    byId("said").textContent = words.replace("{count}", arrived.length);
    chime();
    if (document.hidden) badge(unseen + arrived.length);
  }

  function focusCard(card) {
    if (!card) return;
    card.querySelector("a").focus();
    card.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const cards = all("#live [data-tip]");
    const here = document.activeElement.closest ? document.activeElement.closest("[data-tip]") : null;
    const at = cards.indexOf(here);
    focusCard(cards[at < 0 ? (by > 0 ? 0 : cards.length - 1) : Math.min(cards.length - 1, Math.max(0, at + by))]);
  }

  // One tip.

  async function refreshTip() {
    const opened = byId("opened");
    const news = await poll(location.pathname + "/moi", activity());
    if (news && news.mark !== opened.dataset.mark) toast(texts.changed, texts.changedShow, showChanges);
  }

  // Takes the sections that are read from a new page and leaves those that are written in.
  async function showChanges() {
    let page;
    try {
      page = parse(await (await fetch(location.pathname, { cache: "no-store" })).text());
    } catch (error) {
      toast(texts.liveLost);
      return;
    }
    const opened = byId("opened");
    const fresh = page.getElementById("opened");
    if (!fresh && hasWords()) { hide(); return; }
    if (!fresh) { location.reload(); return; }
    const parts = all(".veiled", fresh);
    all(".veiled").forEach((old, index) => old.replaceWith(document.adoptNode(parts[index])));
    const head = document.querySelector(".headline");
    head.replaceWith(document.adoptNode(page.querySelector(".headline")));
    opened.dataset.mark = fresh.dataset.mark;
    toast("");
  }

  function hide() {
    const veil = byId("veil");
    if (!veil || !veil.hidden) return;
    all(".veiled").forEach((part) => part.replaceChildren());
    setHidden(true);
  }

  function setHidden(isHidden) {
    byId("veil").hidden = !isHidden;
    byId("opened").hidden = isHidden;
    all("[data-form=hide]").forEach((form) => { form.hidden = isHidden; });
  }

  async function showAgain(form) {
    let response;
    let page;
    try {
      response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      page = parse(await response.text());
    } catch (error) {
      toast(texts.liveLost);
      return;
    }
    if (!page.getElementById("opened")) { cannotShow(response.status, page); return; }
    const parts = all(".veiled", page);
    all(".veiled").forEach((old, index) => old.replaceWith(document.adoptNode(parts[index])));
    byId("opened").dataset.mark = page.getElementById("opened").dataset.mark;
    const fresh = page.querySelector("#veil form");
    if (fresh) form.replaceWith(document.adoptNode(fresh));
    setHidden(false);
    toast("");
    noteActivity();
    byId("main").focus();
  }

  // What was told stays away; what was typed is shown, to be copied or sent.
  function cannotShow(status, page) {
    if (status >= 500) { toast(texts.liveLost); return; }
    if (!hasWords()) { location.reload(); return; }
    if (page.body.dataset.page === "unlock") { toast(texts.liveLocked); return; }
    setHidden(false);
    isOver = isOver || status === 401;
    toast(status === 401 || status === 403 ? texts.sessionOverWords : texts.changed);
  }

  function noteActivity() {
    lastActive = Date.now();
    wasActive = true;
  }

  function isHidden() {
    const veil = byId("veil");
    return Boolean(veil && !veil.hidden);
  }

  async function tick() {
    try {
      if (byId("live")) await refreshList();
      else if (byId("opened") && !isHidden()) await refreshTip();
      else await poll("/desk/phien", activity());
    } catch (error) {
      toast(texts.liveLost);
    } finally {
      if (!isOver) setTimeout(tick, POLL_MS);
    }
  }

  function watch() {
    if (all("video, audio").some((player) => !player.paused)) lastActive = Date.now();
    if (byId("opened") && !isHidden() && Date.now() - lastActive >= HIDE_MS) hide();
  }

  // Keys, and buttons that only a script can serve.

  function setSound(isOn) {
    const button = byId("sound");
    button.setAttribute("aria-pressed", String(isOn));
    button.textContent = isOn ? texts.soundOff : texts.soundOn;
  }

  function isTyping(target) {
    return target.matches("input, textarea, select, [contenteditable]") || Boolean(target.closest("dialog[open]"));
  }

  const keys = {
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(-1),
    ArrowUp: () => step(-1),
    "/": () => { byId("filter").open = true; byId("first-filter").focus(); },
    "?": () => byId("help").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    noteActivity();
    if (!byId("live") || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    if (form.closest("#veil")) { event.preventDefault(); showAgain(form); return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    // A download leaves the page where it is: the form may be pressed again after a while.
    setTimeout(() => {
      delete form.dataset.sent;
      all("button", form).forEach((button) => button.removeAttribute("aria-disabled"));
    }, 4000);
  });

  ["pointerdown", "pointermove", "touchstart", "scroll", "input"].forEach((name) => {
    document.addEventListener(name, noteActivity, { passive: true });
  });

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) badge(0);
    watch();
  });

  // A page taken out of the browser's memory may show what was hidden since.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  if (byId("live")) {
    setSound(wantsSound());
    byId("help-open").addEventListener("click", () => byId("help").showModal());
    byId("sound").addEventListener("click", () => {
      const isOn = !wantsSound();
      try { localStorage.setItem(SOUND, isOn ? "1" : "0"); } catch (error) { return; }
      setSound(isOn);
      chime();
    });
  }
  if (byId("flash") && !document.querySelector("[autofocus]")) byId("flash").focus();
  if (texts.seat) setTimeout(tick, POLL_MS);
  setInterval(watch, 1000);
})();
