// What the form holds, as the tip that is sealed, and as the summary its sender looks over.
(function () {
  "use strict";
  const { binhanSeal: seal, binhanRules: rules } = window;
  const byId = (id) => document.getElementById(id);
  const textOf = (box) => box.closest("label").textContent.trim();

  window.binhanTold = function ({ form, say, attached, setup, area, edit }) {
    const fields = form.elements;
    const language = document.documentElement.lang;
    const ticked = (name) => Array.from(form.querySelectorAll('[name="' + name + '"]:checked'));
    const chosen = (name) => ticked(name).map((box) => box.value);

    function questions() {
      const kind = chosen("kind")[0] || "other";
      const found = setup() ? setup().kinds.find((each) => each.id === kind) : null;
      return found ? found.questions : [];
    }

    function content() {
      const details = {};
      form.querySelectorAll(".question").forEach((each) => {
        const answer = each.querySelector("input").value.trim();
        if (answer) details[each.dataset.question] = answer;
      });
      const kind = setup() ? setup().kinds.find((each) => each.id === chosen("kind")[0]) : null;
      const urgent = chosen("urgent")[0];
      return {
        story: fields.story.value.trim(),
        kind: chosen("kind")[0] || "",
        urgent: urgent ? urgent === "yes" : Boolean(kind && kind.urgent),
        area: area(),
        place: fields.place.value.trim(),
        when: fields.when.value.trim(),
        details: details,
        concerns: chosen("concerns"),
        concerns_whom: fields.concerns_whom.value.trim(),
        language: language,
      };
    }

    function line(name, words) {
      const label = byId("summary").appendChild(document.createElement("dt"));
      label.textContent = form.querySelector('[data-step="' + name + '"]').dataset.label;
      const value = byId("summary").appendChild(document.createElement("dd"));
      const told = value.appendChild(document.createElement("p"));
      told.textContent = words || say("nothing");
      told.dir = "auto";
      if (!words) told.className = "nothing";
      const button = value.appendChild(document.createElement("button"));
      button.type = "button";
      button.className = "plain";
      button.textContent = say("edit");
      button.setAttribute("aria-label", say("edit") + ": " + label.textContent);
      button.addEventListener("click", () => edit(name));
    }

    function showSummary() {
      const told = content();
      const picked = (name) => ticked(name).map(textOf);
      byId("summary").textContent = "";
      line("danger", picked("urgent")[0]);
      line("kind", picked("kind")[0]);
      line("place", [told.place, area() && byId("area-said").textContent].filter(Boolean).join("\n"));
      line("when", told.when);
      line("story", told.story);
      line("details", Object.keys(told.details).map((question) => {
        const label = form.querySelector('[for="d-' + question + '"]').textContent;
        return label + " " + told.details[question];
      }).join("\n"));
      line("concerns", picked("concerns").concat(told.concerns_whom).filter(Boolean).join("\n"));
      line("files", attached.count() ? say("files_count", { count: attached.count() }) : "");
      warn(told);
    }

    function warn(told) {
      const box = byId("warnings");
      box.textContent = "";
      const words = [told.story, told.place, told.when, told.concerns_whom].concat(Object.values(told.details));
      const named = new Set(setup() ? words.flatMap((each) => rules.namesSender(each, setup().naming)) : []);
      if (words.some((each) => rules.holdsReceipt(each, seal.readReceipt))) named.add("receipt");
      const kind = setup() ? setup().kinds.find((each) => each.id === told.kind) : null;
      const lacking = setup() ? rules.coaching(told, setup().coaching, kind && kind.questions) : [];
      const note = (className, title, codes, prefix) => {
        if (!codes.length) return;
        const part = box.appendChild(document.createElement("div"));
        part.className = className;
        part.appendChild(document.createElement("p")).textContent = title;
        part.firstChild.className = "label";
        const list = part.appendChild(document.createElement("ul"));
        codes.forEach((code) => { list.appendChild(document.createElement("li")).textContent = say(prefix + code); });
      };
      note("msg refused", say("warn_title"), Array.from(named), "names_");
      note("msg tip-note", say("coach_title"), lacking, "coach_");
    }

    return { content, questions, chosen, showSummary };
  };
})();
