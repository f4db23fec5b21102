// The conversation: what was asked and what the replies were, kept in this browser so that it survives a reload.
// Gradio draws it, later than the rest of the page; its events call the functions of `window.verbatim`.

import { lastWords } from './gradio.js';
import { cutOff, fitting, held, hold, keep, kept, wasCutOff } from './keeping.js';
import { asMessage, asNote, before, isAsked, textOf } from './messages.js';
import { Undoing } from './undoing.js';

const at = (id) => document.getElementById(id);
const SLOW_MS = 1500;
const CUT_OFF = 'The connection to the server was lost before an answer came. Your question is back in the box';
export class Conversation {
  /** `onChange()` is called when turns were added, changed or dropped. */
  constructor(onChange) {
    this.onChange = onChange;
    this.turns = []; // one per question: {question, reply, right}, or null where no reply came
    this.editing = null; // position of the question that the next one replaces
    this.draft = ''; // what stood in the box before that question did
    this.next = null; // what the hidden buttons are to do: {position, question}
    this.waiting = null; // the question under way
    this.ready = false; // whether Gradio is there to be told of a question, and what was kept is back
    this.broken = false; // whether it never will be
    this.trouble = ''; // a line of what went wrong, until the next question is asked
    this.failure = null; // a line of why the question under way has no answer
    this.ending = false; // whether the question under way was stopped, and Gradio has not yet told so
    this.way = 0; // which of Gradio's two chains of events asks next: not the one whose question was stopped last
    this.unrestored = []; // turns that were kept and are not back; they stay kept
    this.undoing = new Undoing((turns) => this.#undo(turns));
    this.wanted = null; // the turns that are being brought back after all
    window.verbatim = this;
    this.box = document.querySelector('#ask textarea');
    at('ask').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.box.addEventListener('input', () => hold(this.#unanswered));
    document.querySelector('#ask .stop-button').addEventListener('click', (event) => {
      // The second of a double click on the other button, whose place it has taken, is not meant for it.
      if (event.detail < 2) this.#stop();
    });
    at('stop-editing').addEventListener('click', () => {
      this.#edit(null);
      this.#leave('#editing');
    });
    at('clear').addEventListener('click', () => this.clear());
    document.body.classList.toggle('restoring', kept() !== '[]');
    this.box.value ||= held();
    if (wasCutOff()) this.trouble = `${CUT_OFF}; ask it again.`;
    this.#tell();
  }

  /** Gradio is there: bring back what was kept, then ask what was asked meanwhile. */
  start() {
    if (kept() !== '[]') at('do-restore').click();
    else this.#begin();
  }

  /** Gradio cannot be had. What was asked meanwhile goes back into the box, where a reload keeps it. */
  fail(line = 'The conversation could not be loaded; reload the page.') {
    const unanswered = this.#unanswered;
    this.broken = true;
    this.trouble = line;
    document.body.classList.remove('restoring');
    this.#busy(null);
    this.#put(unanswered);
  }

  /** The server cannot be reached. Gradio does nothing more, and loads the page anew when the server answers. */
  lost() {
    const after = 'the page loads again once the server answers.';
    if (this.waiting === null) return this.fail(`The connection to the server was lost; ${after}`);
    this.fail(`${CUT_OFF}; ${after}`);
    cutOff();
  }

  /** Put words into the question box for the reader to finish or mend. */
  write(words) {
    this.#put(words);
    this.box.focus();
    this.box.setSelectionRange(words.length, words.length);
  }

  edit(position) {
    this.#edit(position);
    this.write(this.turns[position]?.question ?? document.querySelectorAll('#chat .asked')[position].textContent);
  }

  /** Ask the question at this position again; what follows it is dropped. */
  retry(position) {
    this.ask(document.querySelectorAll('#chat .asked')[position].textContent, position);
  }

  /** Ask a question: in place of the one at this position and what follows it, or after all of them. */
  ask(question, position = null) {
    if (this.waiting !== null || this.broken) return;
    this.next = { position, question };
    this.trouble = '';
    this.undoing.forget();
    const [former, ...later] = position === null ? [] : this.turns.slice(position);
    if (later.length) this.undoing.hold(this.turns, 'What followed was replaced.');
    else if (former && former.question !== question) this.undoing.hold(this.turns, 'The question was replaced.');
    this.#edit(null);
    this.#busy(question);
    this.#leave('#welcome, #chat');
    if (this.ready) at(`do-ask-${this.way}`).click();
  }

  clear() {
    // Else its answer would bring back all that is cleared.
    if (this.waiting !== null) this.way = 1 - this.way;
    this.undoing.hold(this.turns, 'The conversation was cleared.');
    this.#busy(null);
    this.next = { position: 0 };
    this.unrestored = [];
    this.#edit(null);
    at('do-shorten').click();
    this.#drop(0);
    this.box.focus();
  }

  mark(position, right) {
    if (this.turns[position]) this.turns[position].right = right;
    this.#store();
  }

  // Called by Gradio, with the values of its components.

  asked(chat) {
    const { position, question } = this.next;
    const earlier = position === null ? chat || [] : before(chat || [], position);
    this.#drop(earlier.filter(isAsked).length);
    return [question, [...earlier, asMessage(question)], at('among').value];
  }

  answered(question, chat, said) {
    // The end of a question that was stopped is told too, perhaps after the next one has begun.
    const last = chat[chat.length - 1];
    if (question !== this.waiting || !last || isAsked(last) || textOf(last).includes('class="note loading"')) return;
    this.#busy(null);
    const position = chat.filter(isAsked).length - 1;
    while (this.turns.length < position) this.turns.push(null);
    this.turns[position] = said ? { question, reply: JSON.parse(said) } : null;
    this.#store();
    this.onChange();
  }

  stopped(chat, said) {
    this.ending = false;
    if (this.waiting === null) return [chat];
    // The quotes are there already where a model was still summing them up.
    if (textOf(chat[chat.length - 1]).startsWith('<div class="reply answer">')) {
      this.answered(this.waiting, chat, said);
      return [chat];
    }
    this.#busy(null);
    // Behind the question stands at most the note that the model is being loaded.
    const asked = isAsked(chat[chat.length - 1]) ? chat : chat.slice(0, -1);
    return [[...asked, asNote(this.failure ?? 'Stopped before an answer came.', this.failure !== null)]];
  }

  failed(way) {
    // Of a question that was stopped Gradio tells the same, once or twice, perhaps when the next is under way.
    if (way !== this.way) return;
    const why = lastWords();
    // Its own way may have been that of the question before the last, which was cleared.
    if (this.waiting === null || this.ending) return;
    this.#end(`No answer came. ${why || 'The server did not say why; ask again.'}`);
  }

  shortened(chat) {
    return [before(chat || [], this.next.position)];
  }

  kept() {
    const stored = this.wanted ? fitting(this.wanted) : kept();
    try { this.unrestored = [JSON.parse(stored)].flat(); } catch { /* then there is no conversation in it */ }
    return stored;
  }

  restored(kept) {
    const found = JSON.parse(kept || '[]');
    const judged = this.unrestored;
    this.turns = found.map((turn, i) => (judged.length === found.length ? { ...turn, right: judged[i].right } : turn));
    this.unrestored = [];
    this.#store(this.wanted !== null);
    if (this.wanted) this.undoing.forget();
    this.onChange();
    this.#begin();
  }

  notRestored() {
    if (this.wanted) this.unrestored = [];
    this.trouble = this.wanted ? 'The conversation could not be brought back; try again.'
      : 'The earlier conversation could not be brought back. It stays kept; reload the page to try again.';
    this.#begin();
  }

  #begin() {
    document.body.classList.remove('restoring');
    this.ready = true;
    this.wanted = null;
    this.#tell();
    // Asked meanwhile.
    if (this.waiting !== null) at(`do-ask-${this.way}`).click();
  }

  #submit() {
    const question = this.box.value.trim();
    if (!question || this.waiting !== null || this.broken) return;
    const position = this.editing;
    this.write('');
    this.ask(question, position);
  }

  #undo(turns) {
    if (this.waiting !== null || this.broken) return;
    this.wanted = turns;
    this.ready = false;
    this.#edit(null);
    this.#leave('#undone');
    at('do-restore').click();
  }

  #stop() {
    if (this.ready) return this.#end(null);
    const unanswered = this.#unanswered;
    this.#busy(null);
    this.write(unanswered);
  }

  /** What is still told of the question under way is not taken for the next one's: that goes the other way. */
  #end(failure) {
    this.failure = failure;
    this.ending = true;
    this.way = 1 - this.way;
    at('do-stop').click();
  }

  #edit(position) {
    if (this.editing === null) this.draft = this.box.value;
    else if (position === null) this.#put(this.draft);
    this.editing = position;
    at('editing').hidden = position === null;
  }

  #busy(question) {
    this.waiting = question;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.waiting !== null && this.#tell(true), SLOW_MS);
    document.body.classList.toggle('asking', question !== null);
    if (question === null) this.#leave('#ask .stop-button');
    hold(this.#unanswered);
    this.#tell();
  }

  /** The question under way, and what is being written behind it. */
  get #unanswered() {
    return [this.waiting, this.box.value].filter(Boolean).join('\n');
  }

  #put(words) {
    this.box.value = words;
    this.box.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Where the keyboard stands on what disappears, the box has it next. After a tap it would cover a phone's page. */
  #leave(gone) {
    const had = document.activeElement;
    if (had?.closest(gone) && had.matches(':focus-visible')) this.box.focus({ preventScroll: true });
  }

  /** Say what went wrong, or what a question waits for while the conversation is not there, or that it takes long. */
  #tell(slow = false) {
    let line = this.trouble;
    if (!this.ready && this.waiting !== null) line = 'Starting. Your question is asked as soon as it can be.';
    else if (slow) line = 'Still working on your question.';
    else if (document.body.classList.contains('restoring')) line = 'Starting. The conversation is being brought back.';
    this.undoing.draw(this.waiting !== null);
    at('starting').classList.toggle('trouble', line !== '' && line === this.trouble);
    if (at('starting').textContent !== line) at('starting').textContent = line;
  }

  #drop(position) {
    this.turns.length = Math.min(this.turns.length, position);
    this.#store();
    this.onChange();
  }

  #store(isNew = true) {
    keep([...this.unrestored, ...this.turns.filter(Boolean)], { isNew });
  }
}
