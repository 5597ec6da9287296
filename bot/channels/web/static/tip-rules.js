// What the server knows about units, places and wording, told again in the page, so that no word has to leave it.
(function () {
  "use strict";
  const WORDS = 12; // of a place
  const OFFERED = 6;
  const NEAR = 0.85; // of the best one's score

  // As tips/folding.py: lower case, no marks, nothing invisible, single spaces.
  function fold(text) {
    const shown = text.toLowerCase().normalize("NFKD").replace(/[\p{M}\p{Cf}\p{Co}\p{Cs}]/gu, "").replace(/đ/g, "d");
    return shown.replace(/\s+/g, " ").replace(/\p{Cc}/gu, "").trim();
  }

  // As tips/routing.py: [holder, above] without units concerned, [holder] at the top, null if nobody is left.
  function route(table, area, kind, concerns) {
    const byId = new Map(table.units.map((unit) => [unit.id, unit]));
    if (concerns.some((id) => !byId.has(id))) return null;
    const isConcerned = (id) => [id].concat(byId.get(id).above).some((each) => concerns.includes(each));
    const covers = (listed, value) => listed === "*" || (value !== "" && listed.includes(value));
    let serving = table.units.filter((unit) => covers(unit.areas, area) && covers(unit.kinds, kind));
    serving.sort((one, other) => other.above.length - one.above.length);
    if (!serving.length) serving = [byId.get(table.default)];
    const holder = serving.map((unit) => unit.id).concat(serving[0].above).find((id) => !isConcerned(id));
    if (holder === undefined) return null;
    const above = byId.get(holder).above.find((id) => !isConcerned(id));
    return above === undefined ? [holder] : [holder, above];
  }

  // Places

  const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) || [];
  const TYPES = ["phuong", "xa", "dac khu", "thi tran", "tinh", "thanh pho"];
  const bare = (words) => {
    const name = words.join(" ");
    const type = TYPES.find((each) => name.startsWith(each + " "));
    return type ? words.slice(type.split(" ").length) : words;
  };

  // As bot/channels/web/tip_setup.py packs them: a line for each commune, "3PBa Đình".
  const NAMED = { P: "Phường ", X: "Xã ", "Đ": "Đặc khu " };
  function unpack(lines) {
    let code = 0;
    return lines.split("\n").map((line) => {
      const [, step, type, name] = /^(\d+)(.)(.*)$/.exec(line);
      code += Number(step);
      return [String(code).padStart(5, "0"), NAMED[type] + name];
    });
  }

  function readPlaces(told) {
    const found = [];
    const byCode = new Map();
    (told.provinces || []).forEach(([province, communes]) => unpack(communes).forEach(([code, name]) => {
      const place = { code: code, name: name, province: province, main: bare(wordsOf(name)), around: wordsOf(province) };
      byCode.set(code, place);
      found.push(place);
    }));
    (told.former || []).forEach(([name, district, codes]) => codes.forEach((code) => {
      const now = byCode.get(code);
      if (now) found.push(Object.assign({}, now, { main: bare(wordsOf(name)), around: now.around.concat(wordsOf(district)) }));
    }));
    return found;
  }

  // Whether two words differ by one letter at most: put in, left out, or another.
  function isSlip(one, other) {
    if (one.length < 4 || Math.abs(one.length - other.length) > 1) return false;
    let start = 0;
    while (start < one.length && one[start] === other[start]) start += 1;
    const ends = (cutOne, cutOther) => one.slice(start + cutOne) === other.slice(start + cutOther);
    return ends(1, 1) || ends(1, 0) || ends(0, 1);
  }

  function fit(typed, word, isLast) {
    if (typed === word) return 1;
    if (isLast && word.startsWith(typed)) return 0.7;
    return isSlip(typed, word) ? 0.6 : 0;
  }

  function findPlaces(text, places) {
    const typed = wordsOf(text).slice(0, WORDS);
    if (!typed.length || typed.join("").length < 2) return [];
    const best = new Map();
    places.forEach((place) => {
      const heard = (word) => Math.max(...typed.map((each, at) => fit(each, word, at === typed.length - 1)));
      const main = place.main.map(heard);
      if (main.some((each) => each === 0) && !main[0]) return;
      const name = main.reduce((sum, each) => sum + each, 0) / main.length;
      const around = place.around.filter((word) => heard(word) === 1).length / Math.max(1, place.around.length);
      const unheard = typed.filter((each, at) => !place.main.concat(place.around).some((word) => fit(each, word, at === typed.length - 1))).length;
      const score = name * 2 + around - unheard * 0.05 + (main.every((each) => each === 1) ? 0.3 : 0);
      if (name >= 0.6 && score > (best.get(place.code) || { score: 0 }).score) best.set(place.code, { score: score, place: place });
    });
    const ranked = Array.from(best.values()).sort((one, other) => other.score - one.score);
    const likely = ranked.filter((each) => each.score >= ranked[0].score * NEAR);
    return likely.slice(0, OFFERED).map((each) => each.place);
  }

  // As tips/naming.py: the text made ready as the head of naming.toml says, then looked through.
  function prepare(text, table) {
    const composed = text.slice(0, 20000).normalize("NFC").toLowerCase().replace(/[\r\n]+/g, " . ");
    const hasMarks = fold(composed) !== composed.replace(/\s+/g, " ").trim();
    const plain = fold(composed.replace(/\p{L}+/gu, (word) => {
      const bareWord = fold(word);
      if (word === bareWord) return hasMarks && table.bare_is_other.includes(bareWord) ? "~" : word;
      const spellings = table.marked[bareWord];
      return !spellings || spellings.includes(word) ? word : "~";
    }));
    return table.replace.reduce((words, row) => words.replace(new RegExp(row.find, "g"), row.with), plain);
  }

  function namesSender(text, table) {
    const prepared = prepare(text, table);
    const heard = table.patterns.filter((row) => new RegExp(row.find).test(prepared)).map((row) => row.code);
    return ["name", "phone", "id", "address", "relation"].filter((code) => heard.includes(code));
  }

  // As tips/naming.py: what the tip lacks that officers need; never who is writing.
  function coaching(told, table, questions) {
    const words = fold([told.story].concat(Object.values(told.details)).join(" "));
    const given = { when: told.when, place: told.area + told.place };
    const needs = (code) => !questions || !table.needed_by[code] || table.needed_by[code].some((each) => questions.includes(each));
    return table.order.filter((code) => {
      if (code === "short") return fold(told.story).length < table.short;
      const isAnswered = table.answered_by[code].some((question) => (told.details[question] || "").trim());
      return needs(code) && !given[code] && !isAnswered && !new RegExp(table.heard[code]).test(words);
    });
  }

  function holdsReceipt(text, readReceipt) {
    const groups = text.match(/[0-9A-Za-z]{4}[\s-]?[0-9A-Za-z]{4}[\s-]?[0-9A-Za-z]{4}[\s-]?[0-9A-Za-z]{5}/g) || [];
    return groups.some((each) => readReceipt(each) && /\d/.test(each));
  }

  window.binhanRules = { fold, route, readPlaces, findPlaces, namesSender, coaching, holdsReceipt };
})();
