// The source: a document in a reader's typography, with the quotes of one reply marked where they stand.
// Nothing here makes HTML of text: every node is built, so a document cannot be anything but words.

const DECEPTIVE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
const ELEMENTS = { heading: 'h2', paragraph: 'p', lines: 'p', aside: 'p' };

/**
 * A citation as the chat's links carry it, with the words beside its link: #cite-SHA256-NUMBER-START-END, then the
 * answer's own start and end, then the document's path behind a slash.
 */
export function citationOf(link) {
  const form = /^#(cite|near)-([0-9a-f]{64})-(\d+)-(\d+)-(\d+)(?:-(\d+)-(\d+))?(?:\/(.+))?$/;
  const found = form.exec(link.getAttribute('href') || '');
  if (!found) return null;
  const [number, start, end, answerStart, answerEnd] = found.slice(3, 8).map(Number);
  const exact = link.closest('blockquote')?.querySelector('.words').textContent;
  const path = found[8] && decodeURIComponent(found[8]);
  return { kind: found[1], sha256: found[2], document: path, number, start, end, answerStart, answerEnd, exact };
}

export class Viewer {
  /**
   * `onLeave(number)` is called when a mark is clicked: the reader wants to go back to the quote.
   * `onMove()` is called when another quote, or none, is the current one.
   */
  constructor({ onLeave, onMove }) {
    this.onLeave = onLeave;
    this.onMove = onMove;
    this.paper = document.getElementById('paper');
    this.map = document.getElementById('map');
    this.citations = [];
    this.current = null;
    this.shown = null; // the document that is shown, as the server gives it
    this.turn = 0;
    const leave = (event) => {
      const mark = event.target.closest('mark');
      if (!mark || (event.type === 'keydown' && event.key !== 'Enter')) return;
      event.preventDefault();
      this.onLeave(Number(mark.dataset.n.split(' ')[0]));
    };
    this.paper.addEventListener('click', leave);
    this.paper.addEventListener('keydown', leave);
    this.paper.addEventListener('scroll', () => this.#drawView(), { passive: true });
    new ResizeObserver(() => this.#drawMap()).observe(this.paper);
    this.map.addEventListener('click', (event) => event.target.dataset.n && this.go(Number(event.target.dataset.n)));
    document.getElementById('previous').addEventListener('click', () => this.step(-1));
    document.getElementById('next').addEventListener('click', () => this.step(1));
  }

  /** Show a document, by its sha256 and its path, without any mark. */
  async open(wanted) {
    this.citations = [];
    this.current = null;
    this.onMove();
    await this.#show(wanted);
    if (this.shown) this.#mark();
  }

  /** Take every mark away and leave the text where it is. */
  clear() {
    this.citations = [];
    this.current = null;
    this.onMove();
    if (this.shown) this.#mark();
  }

  /** Mark the quotes of one reply, and go to the one with this number. */
  async cite(citations, number, { focus = false } = {}) {
    this.citations = citations;
    await this.go(number, { focus });
  }

  async go(number, { focus = false } = {}) {
    const citation = this.citations.find((candidate) => candidate.number === number);
    if (!citation) return this.clear();
    this.current = number;
    this.onMove();
    if (!(await this.#show(citation)) || this.current !== number) return;
    this.#mark();
    const mark = this.paper.querySelector(`mark[data-n~="${number}"]`);
    if (!mark) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const top = mark.getBoundingClientRect().top - this.paper.getBoundingClientRect().top;
    this.paper.scrollTo({ top: this.paper.scrollTop + top - this.paper.clientHeight * 0.28, behavior: calm ? 'auto' : 'smooth' });
    if (focus) mark.focus({ preventScroll: true });
  }

  step(by, { focus = false } = {}) {
    const at = this.citations.findIndex((citation) => citation.number === this.current);
    const next = this.citations[at + by];
    if (next) this.go(next.number, { focus });
  }

  /** A line of the program's own above the text; none hides it. */
  note(line = '') {
    const note = document.getElementById('source-note');
    note.hidden = !line;
    note.firstElementChild.textContent = line;
  }

  /** Where a range of the page's text stands in the document, less the white space at its ends; null for no words. */
  placeOf(range) {
    const touched = (this.blocks || []).filter((block) => range.intersectsNode(block.node));
    if (touched.length === 0) return null;
    const [first, last] = [touched[0], touched[touched.length - 1]];
    // Offsets count code points; a range counts UTF-16 units.
    const upTo = ({ node, start }, container, offset) => {
      const before = document.createRange();
      before.setStart(node, 0);
      before.setEnd(container, offset);
      return start + Array.from(before.toString()).length;
    };
    let start = first.node.contains(range.startContainer) ? upTo(first, range.startContainer, range.startOffset) : first.start;
    let end = last.node.contains(range.endContainer) ? upTo(last, range.endContainer, range.endOffset) : last.end;
    const { sha256, document: path, points } = this.shown;
    while (start < end && /\s/.test(points[start])) start += 1;
    while (start < end && /\s/.test(points[end - 1])) end -= 1;
    return start < end ? { sha256, document: path, start, end, exact: this.#words(start, end) } : null;
  }

  /** Whether a citation, or a document that is wanted, is of the one that is shown. */
  #isShown({ sha256, document: path }) {
    return sha256 === this.shown?.sha256 && (!path || path === this.shown.document);
  }

  async #show(wanted) {
    const turn = ++this.turn;
    const named = wanted.document ? `?${new URLSearchParams({ document: wanted.document })}` : '';
    // Each time: another index may read the same file otherwise. One that did not change is in the browser's cache.
    const answer = await fetch(`/v1/document/${wanted.sha256}${named}`, { cache: 'no-cache' }).catch(() => null);
    if (turn !== this.turn) return false;
    const tag = answer?.headers.get('etag');
    // Without a server the reader goes on in what is shown.
    if (this.#isShown(wanted) && (!answer || tag === this.shown.tag)) return true;
    const text = await answer?.json().catch(() => null);
    if (turn !== this.turn) return false;
    if (!answer?.ok || !text) {
      this.say(text?.error || 'The document could not be fetched.');
      return false;
    }
    // Offsets count code points; a JavaScript string counts UTF-16 units.
    this.shown = { ...text, tag, points: Array.from(text.text) };
    let page = null;
    this.blocks = text.blocks.map((block) => {
      const node = document.createElement(ELEMENTS[block.kind]);
      if (block.kind !== 'heading') node.classList.add(block.kind);
      if (block.paragraph !== null) node.dataset.paragraph = block.paragraph;
      if (block.page !== page) node.dataset.page = block.page;
      page = block.page;
      const words = this.#words(block.start, block.end);
      if (block.kind === 'heading' && words.replace(/\s+/g, ' ') === text.title) node.classList.add('title');
      return { ...block, node };
    });
    this.paper.replaceChildren(...this.blocks.map((block) => block.node));
    this.paper.scrollTop = 0;
    document.getElementById('source-title').textContent = text.title;
    document.getElementById('source-choice').value = text.document;
    return true;
  }

  /** A line of the program's own in place of a text. */
  say(line) {
    const note = document.createElement('p');
    note.className = 'aside';
    note.textContent = line;
    this.shown = null;
    this.paper.replaceChildren(note);
  }

  #words(start, end) {
    return this.shown.points.slice(start, end).join('');
  }

  #mark() {
    const stands = ({ start, end, exact }) => exact === undefined || exact === this.#words(start, end);
    const here = this.citations.filter((citation) => this.#isShown(citation) && stands(citation));
    for (const block of this.blocks || []) {
      block.node.replaceChildren(...this.#pieces(block, here));
    }
    const steps = document.getElementById('source-steps');
    const at = this.citations.findIndex((citation) => citation.number === this.current);
    steps.hidden = this.citations.length < 2;
    document.getElementById('step').textContent = `${at + 1} of ${this.citations.length}`;
    document.getElementById('previous').disabled = at <= 0;
    document.getElementById('next').disabled = at >= this.citations.length - 1;
    this.#drawMap();
  }

  /** The nodes of a block: cut at every border of a quote or an answer, so that marks may overlap. */
  #pieces(block, citations) {
    const inside = citations.filter((citation) => citation.start < block.end && block.start < citation.end);
    const borders = new Set([block.start, block.end]);
    for (const { start, end, answerStart, answerEnd } of inside) {
      for (const border of [start, end, answerStart, answerEnd]) {
        if (border > block.start && border < block.end) borders.add(border);
      }
    }
    const cuts = [...borders].sort((a, b) => a - b);
    const pieces = [];
    let last = null;
    cuts.slice(0, -1).forEach((start, position) => {
      const end = cuts[position + 1];
      const covering = inside.filter((citation) => citation.start <= start && end <= citation.end);
      const nodes = this.#text(this.#words(start, end));
      if (covering.length === 0) {
        last = null;
        pieces.push(...nodes);
        return;
      }
      const key = covering.map((citation) => citation.number).join(' ');
      if (!last || last.dataset.n !== key) {
        last = this.#newMark(key, covering, start);
        pieces.push(last);
      }
      if (covering.some((citation) => citation.answerStart <= start && end <= citation.answerEnd)) {
        const answer = document.createElement('b');
        answer.append(...nodes);
        last.append(answer);
      } else {
        last.append(...nodes);
      }
    });
    return pieces;
  }

  #newMark(key, covering, start) {
    const mark = document.createElement('mark');
    mark.dataset.n = key;
    mark.classList.toggle('active', covering.some((citation) => citation.number === this.current));
    mark.classList.toggle('near', covering.every((citation) => citation.kind === 'near'));
    const begins = covering.find((citation) => citation.start === start);
    if (begins) {
      mark.dataset.badge = begins.number;
      mark.tabIndex = 0;
      mark.title = `Back to quote ${begins.number}`;
    }
    return mark;
  }

  /** Text nodes; a character that deceives the eye is named, and its effect ends with its own element. */
  #text(words) {
    if (!DECEPTIVE.test(words)) return [document.createTextNode(words)];
    return words.split(new RegExp(`(${DECEPTIVE.source})`)).filter(Boolean).map((part) => {
      if (!DECEPTIVE.test(part)) return document.createTextNode(part);
      const unseen = document.createElement('i');
      unseen.className = 'unseen';
      unseen.title = `U+${part.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
      unseen.textContent = part;
      return unseen;
    });
  }

  /** Where the quotes stand in the whole document, beside it. */
  #drawMap() {
    // Out of sight nothing has a place yet; the map is drawn when the paper comes into sight.
    if (this.paper.clientHeight === 0) return;
    const whole = this.paper.scrollHeight || 1;
    const ticks = this.citations.flatMap((citation) => {
      const marks = [...this.paper.querySelectorAll(`mark[data-n~="${citation.number}"]`)];
      if (marks.length === 0) return [];
      const tick = document.createElement('i');
      const top = marks[0].offsetTop + (marks[0].offsetParent === this.paper ? 0 : marks[0].offsetParent.offsetTop);
      tick.dataset.n = citation.number;
      tick.className = `${citation.kind === 'near' ? 'near' : ''} ${citation.number === this.current ? 'active' : ''}`;
      tick.style.top = `${(100 * top) / whole}%`;
      tick.style.height = `max(6px, ${(100 * marks[0].offsetHeight) / whole}%)`;
      return [tick];
    });
    this.view = document.createElement('span');
    this.view.className = 'view';
    this.map.replaceChildren(this.view, ...ticks);
    this.#drawView();
  }

  #drawView() {
    const { scrollTop, clientHeight, scrollHeight } = this.paper;
    if (!this.view) return;
    this.view.hidden = scrollHeight <= clientHeight;
    this.view.style.top = `${(100 * scrollTop) / scrollHeight}%`;
    this.view.style.height = `${(100 * clientHeight) / scrollHeight}%`;
  }
}
