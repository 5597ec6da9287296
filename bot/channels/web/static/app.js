// The conversation lives in this page's memory only: nothing goes to storage, nothing into an address.
(function () {
  "use strict";
  const WAIT_MS = 25000;
  const FOUND_MS = 1500; // by then the search is over, and a language model writes, if there is one
  const KEPT_TURNS = 4;
  const KEPT_CHARACTERS = 500;
  const byId = (id) => document.getElementById(id);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const touch = window.matchMedia("(pointer: coarse)");
  const asIs = { createHTML: (html) => html };
  // The one way markup comes into the page: fragments that our own server escaped.
  const trusted = window.trustedTypes ? window.trustedTypes.createPolicy("binhan", asIs) : asIs;
  const questionOf = new WeakMap();
  let turns = Array.from(document.querySelectorAll("input[name=previous]"), (field) => field.value);
  let running = null;

  document.documentElement.classList.add("js");

  function fromTemplate(id) {
    return document.importNode(byId(id).content, true).firstElementChild;
  }

  function fromHtml(html) {
    const holder = document.createElement("template");
    holder.innerHTML = trusted.createHTML(html);
    return holder.content.firstElementChild;
  }

  function fit() {
    const box = byId("question");
    box.style.height = "auto";
    box.style.height = box.value ? box.scrollHeight + "px" : "";
  }

  function show(element) {
    element.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  }

  function setRunning(controller) {
    running = controller;
    document.querySelector(".send").setAttribute("aria-disabled", String(Boolean(controller)));
    byId("log").setAttribute("aria-busy", String(Boolean(controller)));
  }

  async function send(path, body, signal) {
    return fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: signal,
    });
  }

  // An answer's bubble, or the words for what went wrong.
  async function fetchAnswer(question, controller) {
    const texts = byId("texts").dataset;
    let slow = false;
    const timer = setTimeout(() => { slow = true; controller.abort(); }, WAIT_MS);
    try {
      const language = document.documentElement.lang;
      const body = { question: question, language: language, previous: turns };
      const response = await send("/api/ask", body, controller.signal);
      const answer = await response.json().catch(() => ({}));
      if (response.ok && answer.bubble) return { bubble: fromHtml(answer.bubble) };
      return { problem: answer.text || texts.internal };
    } catch (error) {
      if (slow) return { problem: texts.slow };
      if (controller.signal.aborted) return {};
      return { problem: navigator.onLine === false ? texts.offline : texts.unreachable };
    } finally {
      clearTimeout(timer);
    }
  }

  function failed(problem, question) {
    const bubble = fromTemplate("t-error");
    bubble.querySelector(".why").textContent = problem;
    questionOf.set(bubble, question);
    return bubble;
  }

  async function ask(words, fromButton) {
    const question = words.trim().slice(0, Number(byId("texts").dataset.limit));
    if (!question || running) return false;
    const controller = new AbortController();
    setRunning(controller);
    const log = byId("log");
    byId("welcome").hidden = true;
    byId("memory").hidden = false;
    byId("notice").textContent = "";
    log.querySelectorAll(".choices, .error").forEach((old) => old.remove());
    let asked = log.lastElementChild;
    if (!asked || questionOf.get(asked) !== question) {
      asked = fromTemplate("t-question");
      asked.querySelector("p").textContent = question;
      log.appendChild(asked);
    }
    const typing = log.appendChild(fromTemplate("t-typing"));
    const writing = setTimeout(() => {
      const [looking, composing] = typing.querySelectorAll("span:not(.dots)");
      looking.hidden = true;
      composing.hidden = false;
    }, FOUND_MS);
    show(asked);
    const outcome = await fetchAnswer(question, controller);
    clearTimeout(writing);
    if (running !== controller) return true;
    typing.remove();
    setRunning(null);
    if (!outcome.bubble) questionOf.set(asked, question);
    const bubble = log.appendChild(outcome.bubble || failed(outcome.problem, question));
    if (outcome.bubble) turns = turns.concat(question.slice(0, KEPT_CHARACTERS)).slice(-KEPT_TURNS);
    // From a button, which is gone now; and on a phone, where the keyboard would hide the answer.
    if (fromButton || touch.matches) bubble.focus({ preventScroll: true });
    show(asked);
    return true;
  }

  function clear() {
    if (running) running.abort();
    setRunning(null);
    turns = [];
    document.querySelectorAll("input[name=previous]").forEach((field) => field.remove());
    byId("log").textContent = "";
    byId("memory").hidden = true;
    byId("welcome").hidden = false;
    byId("notice").textContent = byId("texts").dataset.cleared;
    byId("question").value = "";
    fit();
    byId("question").focus();
    window.scrollTo(0, 0);
  }

  async function rate(button) {
    const group = button.closest(".verdict");
    const thanks = group.querySelector(".thanks");
    const buttons = Array.from(group.querySelectorAll("button"));
    const texts = byId("texts").dataset;
    if (button.getAttribute("aria-disabled") === "true") return;
    const mark = (pressed) => buttons.forEach((each) => {
      each.setAttribute("aria-disabled", String(pressed));
      each.setAttribute("aria-pressed", String(pressed && each === button));
    });
    mark(true);
    const body = { passages: JSON.parse(group.dataset.passages), verdict: button.dataset.verdict };
    const response = await send("/api/feedback", body).catch(() => ({ ok: false }));
    if (!response.ok) mark(false);
    thanks.textContent = response.ok ? texts.thanks : texts.failed;
  }

  // Takes every text around the conversation from the other language's page and leaves the conversation.
  async function switchLanguage(link) {
    try {
      const response = await fetch(link.href, { credentials: "omit" });
      if (!response.ok) throw new Error("not served");
      const other = new DOMParser().parseFromString(trusted.createHTML(await response.text()), "text/html");
      const draft = byId("question").value;
      ["welcome", "memory"].forEach((id) => { other.getElementById(id).hidden = byId(id).hidden; });
      ["top", "strip", "welcome", "memory", "ask", "foot", "texts"].forEach((id) => {
        byId(id).replaceWith(document.adoptNode(other.getElementById(id)));
      });
      byId("log").setAttribute("aria-label", other.getElementById("log").getAttribute("aria-label"));
      document.querySelector(".skip").textContent = other.querySelector(".skip").textContent;
      document.documentElement.lang = other.documentElement.lang;
      document.title = other.title;
      history.replaceState(null, "", new URL(link.href).search);
      byId("notice").textContent = "";
      byId("question").value = draft;
      setRunning(running);
      fit();
      byId("switch").focus({ preventScroll: true });
    } catch (error) {
      byId("notice").textContent = byId("texts").dataset.switch;
    }
  }

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "ask") return;
    event.preventDefault();
    const box = byId("question");
    const words = box.value;
    if (running || !words.trim()) { box.focus(); return; }
    box.value = "";
    fit();
    ask(words, false);
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest("button, a");
    if (!target) return;
    if (target.id === "clear") { event.preventDefault(); clear(); }
    else if (target.id === "switch") { event.preventDefault(); switchLanguage(target); }
    else if (target.hasAttribute("data-verdict")) rate(target);
    else if (target.hasAttribute("data-retry")) ask(questionOf.get(target.closest(".error")), true);
    else if (target.name === "pick") { event.preventDefault(); ask(target.value, true); }
  });

  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "question" || event.key !== "Enter") return;
    // Enter also ends a composed syllable of an input method: that one is not ours.
    if (event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    byId("ask").requestSubmit ? byId("ask").requestSubmit() : document.querySelector(".send").click();
  });

  document.addEventListener("input", (event) => {
    if (event.target.id === "question") fit();
  });

  fit();
})();
