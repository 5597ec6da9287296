// The wizard over the plain form. The draft lives in this page's memory only and leaves it sealed, or not at all.
(function () {
  "use strict";
  const { binhanSeal: seal, binhanRules: rules, binhanFiles: files, binhanTold: telling } = window;
  const byId = (id) => document.getElementById(id);
  const form = byId("tip");
  if (!form || !seal || !rules || !files || !telling) return; // an old browser: the plain form stays
  const language = document.documentElement.lang;
  const fields = form.elements;
  const steps = Array.from(form.querySelectorAll(".step"));
  const nameOf = (step) => step.dataset.step;
  const stepNamed = (name) => steps.findIndex((step) => nameOf(step) === name);
  const NEEDED = ["story", "summary", "receipt"]; // cannot be skipped
  const limits = { files: 20, file_bytes: 20000000, upload_bytes: 60000000 };
  let setup = null;
  let places = [];
  let canSeal = false;
  let receipt = fields.receipt.value; // the server's, until it is known that the page can make its own
  let area = "";
  let at = 0;
  let isReturning = false; // from the summary, to mend one answer
  let isSending = false;
  let isDirty = false;
  let tried = ""; // the draft as it was when it was first sent: perhaps received, whatever came back

  const say = (key, values) => {
    const words = byId("says").querySelector('[data-key="' + key + '"]').textContent;
    return words.replace(/\{(\w+)\}/g, (all, name) => (values && name in values ? values[name] : all));
  };
  const lastGroup = () => receipt.slice(-5);

  const attached = files.chooser({
    input: byId("files"),
    list: byId("chosen"),
    say: say,
    limits: limits,
    canSeal: () => canSeal,
    keeps: () => fields.keep.checked,
    changed: () => { isDirty = true; },
  });

  const { content, questions, chosen, showSummary } = telling({
    form: form,
    say: say,
    attached: attached,
    setup: () => setup,
    area: () => area,
    edit: (name) => {
      isReturning = true;
      show(stepNamed(name));
    },
  });

  // Moving about

  function show(index, quietly) {
    at = index;
    const name = nameOf(steps[at]);
    steps.forEach((step, each) => { step.hidden = each !== at; });
    byId("intro").hidden = at > 0;
    byId("mode").hidden = at > 0;
    byId("failed").hidden = true;
    byId("problem").hidden = true;
    byId("said").textContent = "";
    byId("back").hidden = at === 0;
    byId("over").hidden = NEEDED.includes(name) || isReturning;
    byId("next").hidden = name === "receipt";
    byId("next").textContent = say(isReturning && name !== "summary" ? "done" : name === "summary" ? "agree" : "next");
    byId("send").hidden = name !== "receipt";
    byId("to-summary").hidden = isReturning || at >= stepNamed("summary") || !fields.story.value.trim();
    byId("progress").textContent = say("progress", { step: at + 1, steps: steps.length });
    if (name === "details") shown(showQuestions);
    if (name === "summary") shown(showSummary);
    if (name === "files") attached.show();
    if (name === "receipt") {
      fields.check.value = "";
      byId("check-said").textContent = "";
      byId("way").textContent = say(!canSeal ? "way_all_server" : attached.raw().length ? "way_both" : "way_all_page");
    }
    if (quietly) return;
    steps[at].querySelector("legend").focus({ preventScroll: true });
    byId("main").scrollIntoView({ block: "start" });
  }

  // What a step shows, and again if what it needs was lost at load and comes now.
  function shown(fill) {
    const here = at;
    fill();
    if (canSeal && !setup) load().then(() => { if (at === here) fill(); }).catch(() => {}); // asked for again when it is sent
  }

  // What was answered stays in sight, whatever is asked now: it is sent.
  function showQuestions() {
    const asked = questions();
    form.querySelectorAll(".question").forEach((each) => {
      const isUsed = each.querySelector("input").value.trim() || each.contains(document.activeElement);
      each.hidden = Boolean(setup) && !asked.includes(each.dataset.question) && !isUsed;
    });
  }

  function forward() {
    const name = nameOf(steps[at]);
    if (name === "story" && !fields.story.value.trim()) {
      byId("said").textContent = say("story_missing");
      fields.story.focus();
      return;
    }
    const isMended = isReturning && name !== "summary";
    isReturning = false;
    show(isMended ? stepNamed("summary") : at + 1);
  }

  function backward() {
    const toSummary = isReturning;
    isReturning = false;
    show(toSummary ? stepNamed("summary") : at - 1);
  }

  function skip() {
    steps[at].querySelectorAll("input, textarea").forEach((field) => {
      if (field.type === "radio" || field.type === "checkbox") field.checked = false;
      else field.value = "";
    });
    if (nameOf(steps[at]) === "files") attached.clear();
    if (nameOf(steps[at]) === "place") choose(null);
    showCalls();
    forward();
  }

  function cancel() {
    if (isDirty && !window.confirm(say("cancel_sure"))) return;
    const told = tried ? say("cancelled_sent", { receipt: receipt }) : say("cancelled");
    forget();
    show(0);
    byId("said").textContent = told;
  }

  function forget() {
    form.reset();
    attached.clear();
    choose(null);
    setReceipt(seal.newReceipt()); // also where the server seals: the old one may be of a tip by now
    isDirty = false;
    isReturning = false;
    tried = "";
    showCalls();
  }

  const showCalls = () => { byId("calls").hidden = chosen("urgent")[0] !== "yes"; };

  function setReceipt(words) {
    receipt = words;
    byId("receipt").textContent = words;
  }

  // Place

  function choose(place) {
    area = place ? place.code : "";
    byId("areas").textContent = "";
    byId("area-said").textContent = place ? say("area_chosen", { where: place.name + ", " + place.province }) : "";
  }

  function offerPlaces() {
    choose(null);
    rules.findPlaces(fields.place.value, places).forEach((place) => {
      const button = byId("areas").appendChild(document.createElement("button"));
      button.type = "button";
      button.className = "chip";
      button.textContent = place.name + ", " + place.province;
      button.addEventListener("click", () => {
        choose(place);
        isDirty = true;
        byId("next").focus();
      });
    });
  }

  // Sending

  async function load() {
    const read = async (path) => {
      const response = await fetch(path + "?lang=" + language, { credentials: "omit" });
      if (!response.ok) throw new Error("not served");
      return response.json();
    };
    setup = await read("/api/tip/setup");
    Object.assign(limits, setup.limits);
    if (!places.length) places = rules.readPlaces(await read("/api/tip/places").catch(() => ({})));
  }

  class NotReceived extends Error {}

  async function sealedBody(told) {
    const units = rules.route(setup.routes, told.area, told.kind, told.concerns);
    if (!units) throw new NotReceived(say("no_unit"));
    const keys = await seal.receiptKeys(seal.readReceipt(receipt));
    const photos = attached.sealed();
    const parcel = await seal.sealParcel({
      type: "tip",
      words: told,
      files: photos,
      tipId: keys.tipId,
      seq: 1,
      units: units.map((id) => setup.units.find((unit) => unit.id === id)),
      card: {
        kind: told.kind,
        urgent: told.urgent,
        area: told.area,
        files: photos.length + attached.raw().length,
        language: told.language,
        digest: await seal.storyDigest(told.story),
      },
    });
    const body = new FormData();
    body.append("parcel", JSON.stringify({
      tag: seal.base64(keys.tag),
      reply_public: seal.base64(keys.replyPublic),
      holder: units[0],
      above: units[1] || "",
      parcel: parcel,
    }));
    return body;
  }

  function plainBody(told) {
    const body = new FormData(form);
    ["file", "area", "confirmed", "check", "receipt"].forEach((name) => body.delete(name));
    body.append("receipt", receipt);
    body.append("check", lastGroup());
    body.append("confirmed", "yes"); // the warnings were shown here
    body.append("area", told.area || "-");
    return body;
  }

  async function post() {
    if (canSeal && !setup) await load(); // before the draft is read: the kind's urgency stands there
    const told = content();
    const body = canSeal ? await sealedBody(told) : plainBody(told);
    if (fields.keep.checked && canSeal) body.append("keep", "yes");
    attached.raw().forEach((blob) => body.append("file", blob, "f"));
    const draft = JSON.stringify([told, attached.count()]);
    const size = Array.from(body.values()).reduce((sum, value) => sum + (value.size || value.length), 0);
    if (size > limits.upload_bytes) throw new NotReceived(say("too_large"));
    const before = tried;
    tried = before || draft;
    const response = await fetch((canSeal ? "/api/tip?lang=" : "/bao-tin?lang=") + language, {
      method: "POST",
      body: body,
      headers: { Accept: "application/json" },
      credentials: "omit",
      cache: "no-store",
    });
    const answered = await response.json().catch(() => null);
    // isOther: what is stored, if it was there already, may not be what was sent now.
    const answer = { status: response.status, told: answered || {}, isOther: before !== draft };
    if (answer.status >= 400 && answer.status < 500 && answer.told.error) tried = before; // refused: nothing is stored
    return answer;
  }

  async function send() {
    if (isSending) return;
    const typed = seal.plainly(fields.check.value);
    if (typed !== lastGroup() && typed !== seal.plainly(receipt)) {
      byId("check-said").textContent = say("check_wrong");
      fields.check.focus();
      return;
    }
    isSending = true;
    byId("failed").hidden = true;
    byId("send").setAttribute("aria-disabled", "true");
    byId("said").textContent = say("sending");
    try {
      await attached.ready();
      let answer = await post();
      if (answer.told.error === "bad_setup" && answer.told.part === "keys") {
        setup = null; // the unit changed its key while this was being written
        answer = await post();
      }
      // A network that wants a login first answers 200 in the server's place: only ours tells a reference.
      const isReceived = (answer.status === 201 || answer.status === 200) && typeof answer.told.reference === "string";
      if (!isReceived) throw new NotReceived(answer.told.text || say("server"));
      received(answer.told, answer.status === 200 && answer.isOther);
    } catch (error) {
      const isLarge = error instanceof RangeError;
      fail(error instanceof NotReceived ? error.message : say(isLarge ? "too_large" : navigator.onLine === false ? "offline" : "unreachable"));
    } finally {
      isSending = false;
      form.querySelector("#send").removeAttribute("aria-disabled");
      form.querySelector("#said").textContent = "";
    }
  }

  function fail(why) {
    byId("failed").hidden = false;
    byId("failed").querySelector(".why").textContent = why;
    byId("send").textContent = say("again");
    byId("failed").focus();
  }

  function received(told, isOther) {
    const page = document.importNode(byId("t-sent").content, true);
    page.getElementById("reference").textContent = told.reference;
    page.getElementById("receipt-sent").textContent = receipt;
    const notes = (told.refused || []).map((why) => say("file_refused", { what: why })).concat(told.notes || []);
    if (isOther) notes.push(say("sent_earlier"));
    notes.forEach((words) => {
      page.getElementById("notes").appendChild(document.createElement("p")).textContent = words;
    });
    isDirty = false;
    forget();
    ["intro", "mode", "progress", "tip"].forEach((id) => byId(id).remove());
    byId("main").appendChild(page);
    byId("received").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  // Wiring

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (nameOf(steps[at]) === "receipt") send();
    else forward();
  });
  form.addEventListener("input", (event) => {
    isDirty = true;
    if (event.target.name === "urgent") showCalls();
    if (event.target.name === "keep") attached.show();
    if (event.target.id === "place") offerPlaces();
    if (event.target.id === "story") byId("to-summary").hidden = isReturning || !fields.story.value.trim();
    if (event.target.id === "unit-filter") filterUnits(event.target.value);
  });
  const moves = { back: backward, over: skip, next: forward, cancel: cancel, "to-summary": () => show(stepNamed("summary")) };
  Object.keys(moves).forEach((id) => byId(id).addEventListener("click", moves[id]));
  form.querySelectorAll("[data-fill]").forEach((button) => {
    button.addEventListener("click", () => { fields[button.dataset.fill].value = button.textContent; isDirty = true; });
  });
  document.addEventListener("click", (event) => {
    const target = event.target.closest("button, a");
    if (!target) return;
    if (target.hasAttribute("data-print")) window.print();
    if (target.hasAttribute("data-copy")) copy(target);
  });
  byId("leave").addEventListener("click", () => { isDirty = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!isDirty) return;
    event.preventDefault();
    event.returnValue = ""; // older browsers ask only for this
  });

  function copy(button) {
    const holder = byId("receipt-sent") || byId("receipt");
    window.getSelection().selectAllChildren(holder);
    const done = navigator.clipboard ? navigator.clipboard.writeText(holder.textContent) : Promise.reject();
    done.then(() => { button.textContent = say("copied"); }, () => { button.textContent = say("copy_by_hand"); });
  }

  function filterUnits(typed) {
    const wanted = rules.fold(typed);
    byId("units").querySelectorAll(".tick").forEach((row) => {
      row.hidden = !row.querySelector("input").checked && !rules.fold(row.textContent).includes(wanted);
    });
  }

  function offerFilter() {
    if (byId("units").children.length <= 12) return;
    const filter = document.createElement("input");
    filter.id = "unit-filter";
    filter.type = "search";
    filter.setAttribute("aria-label", say("unit_filter"));
    filter.placeholder = say("unit_filter");
    byId("units").before(filter);
  }

  document.documentElement.classList.add("js");
  fields.check.required = false;
  byId("all-details").open = true;
  offerFilter();
  showCalls();
  const refused = byId("problem").hidden ? "" : byId("problem").querySelector(".why").textContent;
  show(0, true);
  byId("mode").textContent = "";
  if (refused) byId("problem").hidden = false;
  seal.canSeal().then((can) => {
    canSeal = can;
    byId("mode").textContent = say(can ? "mode_page" : "mode_server");
    form.dataset.mode = can ? "page" : "server";
    if (can) {
      fields.receipt.value = ""; // the server made that one: not ours to use
      setReceipt(seal.newReceipt());
    }
    return load();
  }).catch(() => {}); // asked for again when it is sent
})();
