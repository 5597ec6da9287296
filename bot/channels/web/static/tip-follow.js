// Following a tip: the receipt stays in this page, replies are opened in it, answers leave it sealed.
(function () {
  "use strict";
  const { binhanSeal: seal, binhanFiles: files } = window;
  const byId = (id) => document.getElementById(id);
  const look = byId("look");
  if (!look || look.hidden || !seal || !files) return; // an old browser: the plain form stays
  const language = document.documentElement.lang;
  const more = byId("more");
  const limits = { files: 20, file_bytes: 20000000, upload_bytes: 60000000 };
  let canSeal = false;
  let keys = null; // of the receipt that was typed
  let found = null;
  let isBusy = false;
  let waiting = null; // what was sealed and not yet received: sent again as it is, it is not taken twice

  const say = (key, values) => {
    const words = byId("says").querySelector('[data-key="' + key + '"]').textContent;
    return words.replace(/\{(\w+)\}/g, (all, name) => (values && name in values ? values[name] : all));
  };

  const attached = files.chooser({
    input: byId("files"),
    list: byId("chosen"),
    say: say,
    limits: limits,
    canSeal: () => canSeal,
    keeps: () => false,
    changed: () => { waiting = null; },
  });

  function tell(words) {
    byId("said").hidden = !words;
    byId("said").textContent = words;
  }

  // What only our server answers: a network that wants a login first answers 200 in its place.
  const isOurs = {
    "/api/tip/status": (told) => typeof told.found === "boolean",
    "/api/tip/more": (told) => typeof told.reference === "string",
    "/api/tip/withdraw": (told) => told.withdrawn === true,
  };

  async function post(path, body) {
    const isForm = body instanceof FormData;
    const response = await fetch(path + "?lang=" + language, {
      method: "POST",
      body: isForm ? body : JSON.stringify(body),
      headers: isForm ? {} : { "Content-Type": "application/json" },
      credentials: "omit",
      cache: "no-store",
    });
    const told = (await response.json().catch(() => null)) || {};
    if (!response.ok || !isOurs[path](told)) throw Object.assign(new Error(), { told: told });
    return told;
  }

  const why = (error) => {
    if (error.told) return error.told.text || say("server");
    if (error instanceof RangeError) return say("too_large");
    return say(navigator.onLine === false ? "offline" : "unreachable");
  };

  async function setupUnits() {
    const response = await fetch("/api/tip/setup?lang=" + language, { credentials: "omit" });
    if (!response.ok) throw new Error("not served");
    const setup = await response.json();
    Object.assign(limits, setup.limits);
    return found.units.map((id) => setup.units.find((unit) => unit.id === id));
  }

  // Looking up

  async function status() {
    const told = await post("/api/tip/status", { tag: seal.base64(keys.tag) });
    if (!told.found) return null;
    const replies = [];
    for (const reply of told.replies) {
      try {
        replies.push(await seal.openReply(reply.sealed, reply.seq, keys));
      } catch (error) {
        // One that cannot be read does not take the others with it.
      }
    }
    return Object.assign(told, { replies: replies });
  }

  const day = (iso) => (iso ? iso.split("-").reverse().map(Number).join("/") : "");

  function stateWords() {
    if (found.withdrawn) return say("state_withdrawn");
    const states = found.replies.filter((reply) => reply.state);
    const last = states[states.length - 1] || { state: "received" };
    return say("state_" + last.state) + (last.outcome ? " " + say("outcome_" + last.outcome) : "");
  }

  function showFound() {
    look.hidden = true;
    byId("result").hidden = false;
    byId("reference").textContent = found.reference;
    byId("state").textContent = stateWords();
    byId("none").hidden = found.replies.length > 0;
    more.hidden = found.withdrawn;
    byId("replies").textContent = "";
    found.replies.forEach((reply) => {
      const row = byId("replies").appendChild(document.createElement("li"));
      row.className = "msg bot";
      const label = row.appendChild(document.createElement("p"));
      label.className = "label";
      label.textContent = [say("reply_" + reply.type), day(reply.day)].filter(Boolean).join(" · ");
      const words = row.appendChild(document.createElement("p"));
      words.className = "words";
      words.dir = "auto";
      words.textContent = reply.text || (reply.state ? say("state_" + reply.state) : "");
    });
  }

  async function find() {
    if (isBusy) return;
    isBusy = true;
    tell(say("looking"));
    try {
      const data = seal.readReceipt(byId("typed").value);
      keys = data ? await seal.receiptKeys(data) : null;
      found = keys ? await status() : null;
      tell(found ? "" : say("unknown"));
      if (found) {
        byId("typed").value = "";
        showFound();
        byId("found").focus();
      }
    } catch (error) {
      tell(why(error));
    } finally {
      isBusy = false;
    }
  }

  // Adding

  async function sealed(type, words, photos) {
    const parcel = await seal.sealParcel({
      type: type, words: words, files: photos, tipId: keys.tipId, seq: found.next_seq, units: await setupUnits(),
    });
    return JSON.stringify({ tag: seal.base64(keys.tag), parcel: parcel });
  }

  function form(parcel) {
    const body = new FormData();
    body.append("parcel", parcel);
    return body;
  }

  async function add() {
    const text = byId("text").value.trim();
    if (isBusy) return;
    if (!text && !attached.count()) {
      byId("text").focus();
      tell(say("more_empty"));
      return;
    }
    isBusy = true;
    byId("failed").hidden = true;
    tell(say("sending"));
    try {
      await attached.ready();
      const told = await addOnce(text).catch(async (error) => {
        // Another tab or the desk changed the tip meanwhile: look again, seal again.
        if (!error.told || error.told.error !== "bad_setup") throw error;
        waiting = null;
        found = (await status()) || found;
        return addOnce(text);
      });
      waiting = null;
      byId("text").value = "";
      attached.clear();
      found = (await status().catch(() => null)) || found;
      showFound();
      const refused = (told.refused || []).map((each) => say("file_refused", { what: each }));
      tell([say("more_received")].concat(refused).join(" "));
      byId("said").focus();
    } catch (error) {
      tell("");
      byId("failed").hidden = false;
      byId("failed").querySelector(".why").textContent = why(error);
      byId("failed").focus();
    } finally {
      isBusy = false;
    }
  }

  async function addOnce(text) {
    if (!waiting) {
      const asked = found.replies.filter((reply) => reply.type === "question").pop();
      waiting = await sealed("more", { text: text, in_reply_to: asked ? asked.seq : 0 }, attached.sealed());
    }
    const body = form(waiting);
    attached.raw().forEach((blob) => body.append("file", blob, "f"));
    return post("/api/tip/more", body);
  }

  async function withdraw() {
    if (isBusy) return;
    if (!byId("sure").checked) {
      tell(say("withdraw_unsure"));
      byId("sure").focus();
      return;
    }
    isBusy = true;
    try {
      await post("/api/tip/withdraw", form(await sealed("withdraw", { text: "" }, [])));
      found = (await status().catch(() => null)) || Object.assign(found, { withdrawn: true });
      showFound();
      tell(say("withdrawn"));
      byId("said").focus();
    } catch (error) {
      tell(why(error));
    } finally {
      isBusy = false;
    }
  }

  function close() {
    keys = null;
    found = null;
    waiting = null;
    look.reset();
    more.reset();
    attached.clear();
    byId("replies").textContent = "";
    byId("result").hidden = true;
    look.hidden = false;
    tell("");
    byId("typed").focus();
  }

  function start() {
    document.documentElement.classList.add("js");
    look.addEventListener("submit", (event) => { event.preventDefault(); find(); });
    more.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter && event.submitter.id === "withdraw") withdraw();
      else add();
    });
    byId("text").addEventListener("input", () => { waiting = null; });
    byId("close").addEventListener("click", (event) => { event.preventDefault(); close(); });
    window.addEventListener("beforeunload", (event) => {
      if (byId("text").value.trim() || attached.count()) event.preventDefault();
    });
    byId("leave").addEventListener("click", close);
  }

  seal.canSeal().then((can) => {
    canSeal = can;
    byId("mode").textContent = say(can ? "follow_page" : "follow_server");
    if (can) start(); // without it the plain form stays, and the server does it
  });
})();
