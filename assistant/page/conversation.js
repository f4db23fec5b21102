// The conversation: what was asked and what the replies were, kept in this browser so that it survives a reload.
// Gradio draws the chat; its events call the functions of `window.verbatim`, which must be there before it is drawn.

const at = (id) => document.getElementById(id);
const STORE = 'verbatim-conversation';
const MOST_CHARS = 1500000; // the server takes no more than 2 MiB
const ESCAPED = /[&<>"'\n\t\r]/g;

const textOf = ({ content }) => (typeof content === 'string' ? content : content.map((part) => part.text || '').join(''));
const isAsked = (message) => message.role === 'user';

/** A question as a chat message; made as `asked` in render.py makes it. */
function asMessage(question) {
  const escaped = question.replace(ESCAPED, (character) => `&#${character.codePointAt(0)};`);
  const text = `<div class="turn"><button class="edit">Edit</button><div class="asked">${escaped}</div></div>`;
  return { role: 'user', content: [{ type: 'text', text }], metadata: null, options: null };
}

function asNote(line) {
  const text = `<div class="reply"><p class="note">${line}</p></div>`;
  return { role: 'assistant', content: [{ type: 'text', text }], metadata: null, options: null };
}

/** The chat up to, and without, the question at this position. */
function before(chat, position) {
  let seen = -1;
  const stop = chat.findIndex((message) => isAsked(message) && ++seen === position);
  return stop < 0 ? chat : chat.slice(0, stop);
}

export class Conversation {
  /** `onChange()` is called when turns were added, changed or dropped. */
  constructor(onChange) {
    this.onChange = onChange;
    this.turns = []; // one per question: {question, reply, right}, or null where no reply came
    this.editing = null; // position of the question that the next one replaces
    this.next = null; // what the hidden buttons are to do: {position, question}
    this.waiting = null; // the question under way
    window.verbatim = this;
  }

  /** Wire what Gradio has drawn, and bring back what was kept. */
  start() {
    this.box = document.querySelector('#ask textarea');
    at('stop-editing').addEventListener('click', () => this.#edit(null));
    at('clear').addEventListener('click', () => this.clear());
    document.querySelector('#ask .submit-button').setAttribute('aria-label', 'Ask');
    document.querySelector('#ask .stop-button').setAttribute('aria-label', 'Stop');
    if (this.#stored() !== '[]') at('do-restore').click();
  }

  /** The position of the question that this node of the chat belongs to. */
  positionOf(node) {
    const asked = [...document.querySelectorAll('#chat .user-row')];
    const after = asked.findIndex((row) => !row.contains(node) && node.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
    return (after < 0 ? asked.length : after) - 1;
  }

  /** Put words into the question box for the reader to finish or mend. */
  write(words) {
    this.box.value = words;
    this.box.dispatchEvent(new Event('input', { bubbles: true }));
    this.box.focus();
    this.box.setSelectionRange(words.length, words.length);
  }

  edit(position) {
    this.#edit(position);
    this.write(this.turns[position]?.question ?? document.querySelectorAll('#chat .asked')[position].textContent);
  }

  /** Ask the question at this position again; what follows it is dropped. */
  retry(position) {
    this.next = { position, question: document.querySelectorAll('#chat .asked')[position].textContent };
    at('do-again').click();
  }

  /** Ask a question that was not typed. */
  ask(question) {
    this.next = { position: document.querySelectorAll('#chat .user-row').length, question };
    at('do-again').click();
  }

  clear() {
    this.next = { position: 0 };
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

  asked(message, chat) {
    const question = (message || '').trim();
    if (!question || this.waiting !== null) return [message, '', chat || []];
    const kept = this.editing === null ? chat || [] : before(chat, this.editing);
    if (this.editing !== null) this.#drop(this.editing);
    this.#edit(null);
    this.#busy(question);
    return ['', question, [...kept, asMessage(question)]];
  }

  again(chat) {
    const { position, question } = this.next;
    this.#drop(position);
    this.#edit(null);
    this.#busy(question);
    return [question, [...before(chat, position), asMessage(question)]];
  }

  answered(question, chat, said) {
    // The end of a question that was stopped is told too, perhaps after the next one has begun.
    if (question !== this.waiting) return;
    this.#busy(null);
    const position = chat.filter(isAsked).length - 1;
    while (this.turns.length < position) this.turns.push(null);
    this.turns[position] = said ? { question, reply: JSON.parse(said) } : null;
    this.#store();
    this.onChange();
  }

  stopped(chat, said) {
    if (this.waiting === null) return [chat];
    // The quotes are there already where a model was still summing them up.
    if (textOf(chat[chat.length - 1]).startsWith('<div class="reply answer">')) {
      this.answered(this.waiting, chat, said);
      return [chat];
    }
    this.#busy(null);
    // Behind the question stands at most the note that the model is being loaded.
    const asked = isAsked(chat[chat.length - 1]) ? chat : chat.slice(0, -1);
    return [[...asked, asNote('Stopped before an answer came.')]];
  }

  shortened(chat) {
    return [before(chat || [], this.next.position)];
  }

  kept() {
    return this.#stored();
  }

  restored(kept) {
    const found = JSON.parse(kept || '[]');
    const judged = JSON.parse(this.#stored());
    this.turns = found.map((turn, i) => (judged.length === found.length ? { ...turn, right: judged[i].right } : turn));
    this.#store();
    this.onChange();
  }

  #edit(position) {
    this.editing = position;
    at('editing').hidden = position === null;
  }

  #busy(question) {
    this.waiting = question;
    document.body.classList.toggle('asking', question !== null);
  }

  #drop(position) {
    this.turns.length = Math.min(this.turns.length, position);
    this.#store();
    this.onChange();
  }

  #stored() {
    try { return localStorage.getItem(STORE) || '[]'; } catch { return '[]'; }
  }

  #store() {
    const turns = this.turns.filter(Boolean);
    while (JSON.stringify(turns).length > MOST_CHARS) turns.shift();
    try {
      if (turns.length) localStorage.setItem(STORE, JSON.stringify(turns));
      else localStorage.removeItem(STORE);
    } catch { /* storage may be switched off or full; then the conversation lasts as long as the page */ }
  }
}
