// The view that checks a quote. Every text is put in as text, whatever it holds.

import { at, dotted } from './drawing.js';

function node(name, className, ...inside) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

export class Checking {
  /** `onMatches(citations, number)` marks matches in the source; `onCopy(button, place)` opens the copy menu. */
  constructor({ onMatches, onCopy }) {
    this.onMatches = onMatches;
    this.onCopy = onCopy;
    this.result = at('check-result');
    this.turn = 0;
    at('check-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.check();
    });
    at('check-text').addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.check();
    });
  }

  async check() {
    const text = at('check-text').value;
    if (!text.trim()) return;
    // Of two under way the later one counts, whichever is answered first.
    const turn = ++this.turn;
    const button = at('check-form').querySelector('button');
    // Not `disabled`, which would take the keyboard from it.
    button.setAttribute('aria-disabled', true);
    try {
      const answer = await fetch('/v1/verify', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ text }),
      });
      const found = await answer.json();
      if (turn !== this.turn) return;
      if (answer.ok) this.#draw(found);
      else this.#fail(found.error || 'The text could not be checked.');
    } catch {
      if (turn !== this.turn) return;
      this.#fail('The server cannot be reached.');
    }
    button.removeAttribute('aria-disabled');
  }

  #fail(line) {
    this.result.replaceChildren(node('p', 'line', line));
    this.onMatches([], null);
  }

  #draw({ verdict, line, matches, more, diff, notices }) {
    const colon = line.indexOf(': ');
    const [head, rest] = colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 2)];
    const parts = [node('h3', 'verdict', head), ...(rest ? [node('p', 'line', rest)] : [])];
    const changed = diff.some((piece) => piece.op !== 'equal');
    if (changed) parts.push(this.#diff(diff), this.#key(diff));
    const citations = matches.map((quote) => ({ ...quote, kind: 'cite', sha256: quote.document_sha256 }));
    if (matches.length) {
      const where = verdict === 'altered' ? 'What the document says' : 'Where the words stand';
      parts.push(node('h3', '', where), ...citations.map((one) => this.#match(one, citations)));
      if (more) parts.push(node('p', 'line', 'They stand at more places than are listed here.'));
    }
    parts.push(...notices.map((notice) => node('p', 'notice', notice)));
    this.result.replaceChildren(node('div', `reply checked ${verdict}`, ...parts));
    this.onMatches(citations, citations[0]?.number ?? null);
  }

  #diff(pieces) {
    const drawn = pieces.flatMap(({ op, pasted, source }) => {
      if (op === 'equal') return [source];
      if (op === 'typographic') return [node('span', 'typing', source)];
      return [...(pasted ? [node('del', '', pasted)] : []), ...(pasted && source ? [' '] : []), ...(source ? [node('ins', '', source)] : [])];
    });
    return node('p', 'diff', ...drawn);
  }

  #key(pieces) {
    const has = (...ops) => pieces.some((piece) => ops.includes(piece.op));
    const parts = [];
    if (has('replaced', 'inserted')) parts.push(node('del', '', 'Struck'), ': only in your text. ');
    if (has('replaced', 'deleted')) parts.push(node('ins', '', 'Underlined'), ': only in the document. ');
    if (has('typographic')) parts.push('Dotted: the document’s typing of the same.');
    return node('p', 'key', ...parts);
  }

  #match(quote, all) {
    const cite = node('button', 'cite', String(quote.number));
    cite.type = 'button';
    cite.title = `Show match ${quote.number} in the source`;
    cite.addEventListener('click', (event) => this.onMatches(all, quote.number, { focus: event.detail === 0, open: true }));
    const place = dotted([quote.heading !== quote.title && quote.heading, `paragraph ${quote.paragraph}`].filter(Boolean));
    const copy = node('button', 'quiet copy', 'Copy');
    copy.type = 'button';
    copy.title = `Copy match ${quote.number}, or cite it`;
    copy.addEventListener('click', () => this.onCopy(copy, quote));
    const block = node(
      'blockquote', 'quote',
      node('p', 'said', node('span', 'words', quote.exact)),
      node('footer', 'place', cite, node('span', 'where', node('cite', '', quote.title), node('span', '', place)), copy),
    );
    block.dataset.n = quote.number;
    return block;
  }

  /** The match with this number, for a reader who comes back from its mark. */
  chip(number) {
    return this.result.querySelector(`blockquote[data-n="${number}"] .cite`);
  }
}
