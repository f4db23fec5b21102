// Questions to begin with, which the server has found the chosen documents to answer. Drawn as text.

import { at, button, node, redraw } from './drawing.js';

const AT_ONCE = 4;
const AGAIN_MS = 1500;
const MOST_TRIES = 120;

/** Whether a document is the one that was chosen, or in the folder that was; none chosen stands for all. */
const isOf = (document, chosen) => !chosen || document === chosen || (chosen.endsWith('/') && document.startsWith(chosen));

export class Suggesting {
  /** `onAsk(question)` is called when one is chosen. */
  constructor(onAsk) {
    this.onAsk = onAsk;
    this.found = []; // {question, document}
    this.from = 0;
    this.sought = null; // of what they are looked for: {generation, chosen}
  }

  /** Look for the questions of this generation and of what is chosen, a path or a folder, unless that was done. */
  look(generation, chosen) {
    if (generation === this.sought?.generation && chosen === this.sought.chosen) return;
    this.sought = { generation, chosen };
    // What would be refused goes at once.
    this.#show(this.found.filter((one) => isOf(one.document, chosen)));
    clearTimeout(this.timer);
    this.#fetch(this.sought, 0);
  }

  #show(found) {
    if (JSON.stringify(found) !== JSON.stringify(this.found)) this.from = 0;
    this.found = found;
    this.#draw();
  }

  #draw() {
    const welcome = at('welcome');
    let list = welcome.querySelector('.suggested');
    if (this.found.length === 0) return list?.remove();
    if (!list) {
      list = node('div', { className: 'suggested', role: 'group', ariaLabel: 'Questions that the documents answer' });
      welcome.append(list);
    }
    redraw(list, [this.found, this.from], () => {
      const shown = this.found.slice(this.from, this.from + AT_ONCE);
      const examples = shown.map(({ question }) => button('example', question, '', '', () => this.onAsk(question)));
      if (this.found.length <= AT_ONCE) return examples;
      return [...examples, button('quiet others', 'Other questions', '', 'others', () => {
        this.from = this.from + AT_ONCE < this.found.length ? this.from + AT_ONCE : 0;
        this.#draw();
      })];
    });
  }

  async #fetch(sought, tries) {
    const { chosen } = sought;
    let again = true;
    try {
      const answer = await fetch(`/v1/suggestions${chosen && `?document=${encodeURIComponent(chosen)}`}`);
      // 202: they are being looked for; 400: there is no such document any more.
      again = ![200, 400].includes(answer.status);
      const found = answer.ok ? await answer.json() : [];
      if (sought !== this.sought) return;
      this.#show(found.map(({ question, document }) => ({ question, document })));
    } catch { /* asked again below */ }
    if (again && sought === this.sought && tries < MOST_TRIES) {
      this.timer = setTimeout(() => this.#fetch(sought, tries + 1), AGAIN_MS * (tries < 20 ? 1 : 4));
    }
  }
}
