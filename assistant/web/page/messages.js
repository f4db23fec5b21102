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

/** The position of the question that this node of the chat belongs to. */
export function positionOf(node) {
  const asked = [...document.querySelectorAll('#chat .user-row')];
  const after = asked.findIndex((row) => !row.contains(node) && node.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
  return (after < 0 ? asked.length : after) - 1;
}
