// The generations that are kept, and going back to one of them. The server checks all of it before it answers from it.

import { at, button, counted, dated, dotted, node, redraw, sized } from './drawing.js';

export class Generations {
  /** `onChange()` is called when another generation answers. */
  constructor(onChange) {
    this.onChange = onChange;
    this.going = null;
  }

  draw(kept, allowed) {
    this.kept = kept;
    this.allowed = allowed;
    at('generations-block').hidden = kept.length === 0;
    redraw(at('generations'), [kept, allowed, this.going], () => kept.map((one) => this.#row(one)));
  }

  #row({ generation, live, verifies, problem, created_at: created, documents, passages, bytes }) {
    const row = node('li', { className: live ? 'live' : '' });
    const facts = created
      ? [node('b', {}, dated(created)), node('small', {}, dotted([counted(documents, 'document'), counted(passages, 'passage'), sized(bytes)]))]
      : [node('b', {}, generation)];
    const checked = { true: 'Checked, whole', false: problem, null: 'Being checked' }[String(verifies)];
    const state = node('small', { className: verifies === false ? 'bad' : '' }, live ? `Answers now · ${checked}` : checked);
    row.append(node('div', {}, ...facts, state));
    if (this.allowed && !live && verifies) {
      const back = button('plain', 'Answer from this', `Answer from the generation of ${dated(created)}`, generation, () => this.#go(generation, created));
      back.disabled = this.going !== null;
      row.append(back);
    }
    return row;
  }

  async #go(generation, created) {
    this.going = generation;
    this.draw(this.kept, this.allowed);
    let line = '';
    try {
      const answer = await fetch('/v1/rollback', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ generation }),
      });
      line = answer.ok ? `The generation of ${dated(created)} was checked and answers now.` : (await answer.json()).error;
    } catch {
      line = 'The server cannot be reached.';
    }
    this.going = null;
    this.draw(this.kept, this.allowed);
    at('generations-line').textContent = line;
    this.onChange();
  }
}
