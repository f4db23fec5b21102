// The last conversation that was cleared or cut short, for as long as it can be had back. It is kept nowhere else: what
// was cleared is in no storage of the browser, and gone when the page is.

import { at, button, node } from './drawing.js';

export class Undoing {
  /** `onUndo(turns)`: these are wanted back. */
  constructor(onUndo) {
    this.onUndo = onUndo;
    this.forget();
  }

  /** What can be had back from now on, with a line that says what became of it. */
  hold(turns, line) {
    [this.turns, this.line] = [turns.filter(Boolean), line];
  }

  forget() {
    [this.turns, this.line] = [[], ''];
  }

  /** Offer it; not while a question is under way, whose answer would come into what was brought back. */
  draw(busy) {
    const line = this.turns.length && !busy ? this.line : '';
    if (at('undone').textContent === (line && `${line}Undo`)) return;
    const back = button('quiet', 'Undo', 'Undo: bring the conversation back', '', () => this.onUndo(this.turns));
    at('undone').replaceChildren(...(line ? [node('span', {}, line), back] : []));
  }
}
