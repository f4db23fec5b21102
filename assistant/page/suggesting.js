// Questions to begin with, which the server has found to be answered. Drawn as text.

import { at, button, node, redraw } from './drawing.js';

const AT_ONCE = 4;
const AGAIN_MS = 1500;
const MOST_TRIES = 120;

export class Suggesting {
  /** `onAsk(question)` is called when one is chosen. */
  constructor(onAsk) {
    this.onAsk = onAsk;
    this.questions = [];
    this.from = 0;
    this.generation = null;
  }

  /** Look for the questions of this generation, unless that was done. */
  look(generation) {
    if (generation === this.generation) return;
    this.generation = generation;
    clearTimeout(this.timer);
    this.#fetch(generation, 0);
  }

  #draw() {
    const welcome = at('welcome');
    let list = welcome.querySelector('.suggested');
    if (this.questions.length === 0) return list?.remove();
    if (!list) {
      list = node('div', { className: 'suggested', role: 'group', ariaLabel: 'Questions that the documents answer' });
      welcome.append(list);
    }
    redraw(list, [this.questions, this.from], () => {
      const shown = this.questions.slice(this.from, this.from + AT_ONCE);
      const examples = shown.map((question) => button('example', question, '', '', () => this.onAsk(question)));
      if (this.questions.length <= AT_ONCE) return examples;
      return [...examples, button('quiet others', 'Other questions', '', 'others', () => {
        this.from = this.from + AT_ONCE < this.questions.length ? this.from + AT_ONCE : 0;
        this.#draw();
      })];
    });
  }

  async #fetch(generation, tries) {
    let again = true;
    try {
      const answer = await fetch('/v1/suggestions');
      // 202: they are being looked for.
      again = answer.status !== 200;
      const found = answer.ok ? await answer.json() : [];
      if (generation !== this.generation) return;
      this.questions = found.map((one) => one.question);
      this.from = 0;
      this.#draw();
    } catch { /* asked again below */ }
    if (again && generation === this.generation && tries < MOST_TRIES) {
      this.timer = setTimeout(() => this.#fetch(generation, tries + 1), AGAIN_MS * (tries < 20 ? 1 : 4));
    }
  }
}
