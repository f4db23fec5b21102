// The messages of the chat, as Gradio takes and gives them.

const ESCAPED = /[&<>"'\n\t\r]/g;

export const textOf = ({ content }) => (typeof content === 'string' ? content : content.map((part) => part.text || '').join(''));
export const isAsked = (message) => message.role === 'user';

const escape = (text) => text.replace(ESCAPED, (character) => `&#${character.codePointAt(0)};`);

/** A question as a chat message; made as `asked` in render.py makes it. */
export function asMessage(question) {
  const text = `<div class="turn"><button class="edit">Edit</button><div class="asked">${escape(question)}</div></div>`;
  return { role: 'user', content: [{ type: 'text', text }], metadata: null, options: null };
}

/** A line in place of a reply; where it tells of a failure, with a button that asks again. */
export function asNote(line, failed) {
  const again = failed ? '<p class="tools"><button class="again">Ask again</button></p>' : '';
  const text = `<div class="reply"><p class="note${failed ? ' failed' : ''}">${escape(line)}</p>${again}</div>`;
  return { role: 'assistant', content: [{ type: 'text', text }], metadata: null, options: null };
}

/** The chat up to, and without, the question at this position. */
export function before(chat, position) {
  let seen = -1;
  const stop = chat.findIndex((message) => isAsked(message) && ++seen === position);
  return stop < 0 ? chat : chat.slice(0, stop);
}
