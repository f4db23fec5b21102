// The source viewer: shows the document beside the chat and marks what the chat quotes. Every quote in the chat
// carries its place in its id, so nothing is asked of the server but the document itself, once.
(() => {
  "use strict";

  const documents = new Map(); // sha256 -> view, or a promise of it
  const shown = { sha256: null, quotes: [], active: 0, reply: null };
  const $ = (id) => document.getElementById(id);
  const phone = window.matchMedia("(max-width: 860px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  const placeOf = (anchor) => {
    const found = /^#?cite-([0-9a-f]{64})-(\d+)-(\d+)-(\d+)$/.exec(anchor || "");
    return found && { sha256: found[1], number: +found[2], start: +found[3], end: +found[4] };
  };

  async function load(sha256) {
    if (!documents.has(sha256)) {
      documents.set(sha256, fetch("/v1/document/" + sha256).then(async (answer) => {
        if (!answer.ok) throw new Error((await answer.json()).error);
        return withUnits(await answer.json());
      }));
      documents.get(sha256).catch(() => documents.delete(sha256));
    }
    return documents.get(sha256);
  }

  // Offsets count code points; JavaScript counts UTF-16 units, two for each character past U+FFFF.
  function withUnits(view) {
    const astral = [];
    let unit = 0, point = 0;
    for (const character of view.text) {
      if (character.length === 2) astral.push(point);
      unit += character.length;
      point += 1;
    }
    view.unit = (offset) => {
      let low = 0, high = astral.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (astral[middle] < offset) low = middle + 1; else high = middle;
      }
      return offset + low;
    };
    view.slice = (start, end) => view.text.slice(view.unit(start), view.unit(end));
    return view;
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const deceptive = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

  function write(into, text) {
    for (const part of text.split(/([\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f])/)) {
      if (!part) continue;
      if (part.length === 1 && deceptive.test(part)) {
        const unseen = element("i", "unseen", part);
        unseen.title = "U+" + part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
        into.append(unseen);
      } else {
        into.append(part);
      }
    }
  }

  function paint(view, quotes) {
    const paper = $("paper");
    paper.replaceChildren();
    let first = true;
    for (const block of view.blocks) {
      const title = block.kind === "heading" && first && view.slice(block.start, block.end).trim() === view.title;
      const tag = block.kind === "heading" ? (title ? "h1" : "h2") : "p";
      const holder = element(tag, block.kind);
      if (block.number) holder.dataset.number = block.number;
      if (block.kind === "heading") first = false;
      const cuts = quotes.filter((q) => q.start < block.end && q.end > block.start).sort((a, b) => a.start - b.start);
      let at = block.start;
      for (const quote of cuts) {
        const start = Math.max(at, quote.start), end = Math.min(block.end, quote.end);
        if (end <= start) continue;
        write(holder, view.slice(at, start));
        const mark = element("mark");
        mark.dataset.number = quote.number;
        mark.tabIndex = 0;
        mark.setAttribute("role", "link");
        mark.setAttribute("aria-label", "Quote " + quote.number + ", back to the answer");
        write(mark, view.slice(start, end));
        holder.append(mark);
        at = end;
      }
      write(holder, view.slice(at, block.end));
      paper.append(holder);
    }
    $("source-title").textContent = view.title;
    $("source-choice").value = view.sha256;
    shown.sha256 = view.sha256;
    drawMap();
  }

  function drawMap() {
    const map = $("map"), paper = $("paper");
    map.replaceChildren();
    for (const mark of paper.querySelectorAll("mark")) {
      const tick = element("i");
      tick.style.top = (100 * mark.offsetTop) / paper.scrollHeight + "%";
      tick.style.height = Math.max(0.8, (100 * mark.offsetHeight) / paper.scrollHeight) + "%";
      tick.classList.toggle("active", +mark.dataset.number === shown.active);
      map.append(tick);
    }
  }

  async function activate(number, options) {
    const quote = shown.quotes.find((q) => q.number === number);
    if (!quote) return;
    shown.active = number;
    if (shown.sha256 !== quote.sha256 || options?.repaint) {
      try {
        paint(await load(quote.sha256), shown.quotes.filter((q) => q.sha256 === quote.sha256));
      } catch (problem) {
        $("paper").replaceChildren(element("p", "aside", String(problem.message)));
        return;
      }
    }
    for (const mark of document.querySelectorAll("#paper mark")) {
      mark.classList.toggle("active", +mark.dataset.number === number);
    }
    for (const chip of document.querySelectorAll("#chat a.cite")) {
      chip.classList.toggle("active", shown.reply?.contains(chip) && placeOf(chip.getAttribute("href"))?.number === number);
    }
    const mark = document.querySelector("#paper mark.active");
    if (mark) {
      const paper = $("paper");
      const top = mark.offsetTop - Math.max(24, (paper.clientHeight - mark.offsetHeight) / 3);
      paper.scrollTo({ top, behavior: calm.matches || options?.still ? "auto" : "smooth" });
      if (options?.focus) mark.focus({ preventScroll: true });
    }
    const place = shown.quotes.findIndex((q) => q.number === number);
    document.querySelector(".source-steps").hidden = shown.quotes.length === 0;
    $("step").textContent = "Quote " + (place + 1) + " of " + shown.quotes.length;
    $("previous").disabled = place <= 0;
    $("next").disabled = place >= shown.quotes.length - 1;
    drawMap();
  }

  function quotesOf(reply) {
    return [...reply.querySelectorAll("a.cite")].map((chip) => placeOf(chip.getAttribute("href"))).filter(Boolean);
  }

  function show(reply) {
    shown.reply = reply;
    shown.quotes = quotesOf(reply);
    if (shown.quotes.length) return activate(shown.quotes[0].number, { repaint: true });
    shown.active = 0;
    document.querySelector(".source-steps").hidden = true;
    for (const mark of document.querySelectorAll("#paper mark")) mark.replaceWith(...mark.childNodes);
    drawMap();
    return undefined;
  }

  function open(chip, focus) {
    const reply = chip.closest(".reply");
    const place = placeOf(chip.getAttribute("href"));
    if (!reply || !place) return;
    const repaint = reply !== shown.reply;
    shown.reply = reply;
    shown.quotes = quotesOf(reply);
    if (phone.matches) document.body.classList.add("source-open");
    activate(place.number, { repaint, focus });
  }

  function back(mark) {
    const chip = [...(shown.reply?.querySelectorAll("a.cite") || [])]
      .find((c) => placeOf(c.getAttribute("href"))?.number === +mark.dataset.number);
    document.body.classList.remove("source-open");
    activate(+mark.dataset.number, { still: true });
    chip?.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    chip?.focus({ preventScroll: true });
  }

  function step(by) {
    const place = shown.quotes.findIndex((q) => q.number === shown.active) + by;
    if (shown.quotes[place]) activate(shown.quotes[place].number);
  }

  async function copy(button) {
    const quote = button.closest(".quote");
    const words = quote.querySelector(".words").textContent;
    const place = [...quote.querySelector(".place").childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent.trim()).filter(Boolean).join(", ");
    await navigator.clipboard.writeText(words + " (" + place + ")");
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    const chip = at("a.cite");
    if (chip) { event.preventDefault(); event.stopPropagation(); return open(chip, true); }
    const mark = at("#paper mark");
    if (mark && !String(window.getSelection())) return back(mark);
    if (at("#previous")) return step(-1);
    if (at("#next")) return step(1);
    if (at("#close-source")) return document.body.classList.remove("source-open");
    if (at("button.copy")) return copy(at("button.copy"));
    if (at("#theme")) {
      const dark = document.body.classList.toggle("dark");
      localStorage.setItem("theme", dark ? "dark" : "light");
    }
    return undefined;
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.body.classList.remove("source-open");
    const mark = event.target.closest?.("#paper mark");
    if (mark && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); back(mark); }
  });

  document.addEventListener("change", async (event) => {
    if (event.target.id !== "source-choice") return;
    const sha256 = event.target.value;
    paint(await load(sha256), shown.quotes.filter((q) => q.sha256 === sha256));
  });

  // The chat is Gradio's; what it shows is the only thing this script needs of it.
  let last = null, turns = 0;
  function follow() {
    const chat = $("chat");
    if (!chat) return;
    for (const message of chat.querySelectorAll("[aria-label*='<div']")) message.removeAttribute("aria-label");
    const asked = chat.querySelectorAll(".asked");
    const replies = chat.querySelectorAll(".reply");
    const latest = replies[replies.length - 1] || null;
    const key = latest ? replies.length + latest.textContent : null;
    if (key !== last) {
      last = key;
      if (latest) show(latest);
    } else if (latest && shown.reply && !shown.reply.isConnected) {
      shown.reply = latest;
    }
    if (asked.length !== turns || latest) scrollToNewest(asked, latest);
    turns = asked.length;
  }

  let scrolled = "";
  function scrollToNewest(asked, latest) {
    const key = asked.length + (latest ? latest.id + latest.textContent.length : "");
    if (key === scrolled || !asked.length) return;
    scrolled = key;
    const box = document.querySelector("#chat .bubble-wrap") || $("chat");
    const newest = asked[asked.length - 1];
    box.scrollTop += newest.getBoundingClientRect().top - box.getBoundingClientRect().top - 16;
  }

  async function list() {
    const answer = await fetch("/v1/documents");
    if (!answer.ok) return;
    const choice = $("source-choice");
    const found = await answer.json();
    choice.replaceChildren(...found.map((d) => {
      const option = element("option", "", d.title);
      option.value = d.sha256;
      return option;
    }));
    $("source").classList.toggle("several", found.length > 1);
    if (found.length && !shown.sha256) paint(await load(found[0].sha256), []);
  }

  let generation = null;
  async function watch() {
    const state = $("index-state");
    try {
      const answer = await fetch("/readyz");
      const told = await answer.json();
      if (!answer.ok) {
        state.textContent = told.reason;
        state.className = "index-state waiting";
      } else {
        state.textContent = told.notices.length ? "Index out of date" : "Ready";
        state.title = told.notices.join(" ") || told.generation;
        state.className = "index-state " + (told.notices.length ? "stale" : "ready");
        if (generation !== told.generation) { generation = told.generation; await list(); }
      }
      setTimeout(watch, answer.ok ? 10000 : 700);
    } catch {
      state.textContent = "No connection";
      state.className = "index-state stale";
      setTimeout(watch, 3000);
    }
  }

  function begin() {
    if (!$("chat") || !$("paper")) return void setTimeout(begin, 30);
    const theme = localStorage.getItem("theme");
    if (theme) document.body.classList.toggle("dark", theme === "dark");
    new MutationObserver(() => requestAnimationFrame(follow)).observe($("chat"), { childList: true, subtree: true, characterData: true });
    new ResizeObserver(drawMap).observe($("paper"));
    follow();
    watch();
  }
  begin();
})();
