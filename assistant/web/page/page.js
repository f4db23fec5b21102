// What ties the page together: the views, the source beside them, and what leads from one to the other.

import { Checking } from './checking.js';
import { Conversation } from './conversation.js';
import { CopyMenu } from './copying.js';
import { drawConversation, onLost } from './gradio.js';
import { Judging } from './judging.js';
import { followLink } from './linking.js';
import { positionOf } from './messages.js';
import { Panel } from './panel.js';
import { save } from './saving.js';
import { Selection } from './selection.js';
import { sheet } from './sheet.js';
import { Suggesting } from './suggesting.js';
import { applyTheme, switchTheme } from './theme.js';
import { choices, tellApart } from './titles.js';
import { citationOf, Viewer } from './viewer.js';
import { Views } from './views.js';

const at = (id) => document.getElementById(id);
const PATIENCE_MS = 1000;

let talked = () => {};
const conversation = new Conversation(() => talked());

applyTheme();
at('theme').addEventListener('click', switchTheme);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme);

const chat = at('conversation'); // Gradio draws into it, some time later
const replies = () => [...chat.querySelectorAll('.reply')];
let reply = null; // position of the reply whose quotes are marked; Gradio may draw its node anew
let following = null; // words that a link led to, until something else is marked
const links = () => (reply === null ? [] : [...(replies()[reply]?.querySelectorAll('blockquote a.cite') || [])]);
const chipOf = (number) => (views.current === 'check'
  ? checking.chip(number)
  : links().find((link) => citationOf(link)?.number === number));

const viewer = new Viewer({
  onLeave: (number) => {
    viewer.go(number);
    const chip = chipOf(number);
    if (!chip) return;
    sheet(false);
    chip.closest('blockquote').scrollIntoView({ block: 'center' });
    chip.focus({ preventScroll: true });
  },
  onMove: () => light(),
});
const light = () => {
  for (const quote of document.querySelectorAll('.reply blockquote.active')) quote.classList.remove('active');
  if (viewer.current !== null) chipOf(viewer.current)?.closest('blockquote').classList.add('active');
};
const cite = (position, number, options) => {
  reply = position;
  following = null;
  viewer.note();
  return viewer.cite(links().map(citationOf).filter(Boolean), number, options).then(noteGone);
};
let indexed = [];
/** A quote may be of a document that was taken out since. */
const noteGone = () => {
  const { shown } = viewer;
  if (!shown || indexed.length === 0) return;
  const there = indexed.some((one) => one.document === shown.document && one.sha256 === shown.sha256);
  if (!there) viewer.note('This document is no longer in the index.');
};

// What each view last marked in the source, which they share.
const marked = { ask: null, check: null };
let shown = null;
const views = new Views((name) => {
  sheet(false);
  if (shown in marked) marked[shown] = { citations: viewer.citations, number: viewer.current };
  if (name === 'index' && shown !== null) panel.look();
  if (name in marked && name !== shown && shown !== null) {
    viewer.note();
    if (marked[name]) viewer.cite(marked[name].citations, marked[name].number).then(noteGone);
    else viewer.clear();
  }
  shown = name;
});

const menu = new CopyMenu();
const judging = new Judging(conversation);
const suggesting = new Suggesting((question) => conversation.ask(question));
const checking = new Checking({
  onMatches: (citations, number, options = {}) => {
    // Answered when the reader is elsewhere: marked when this view is shown again.
    if (views.current !== 'check') return void (marked.check = { citations, number });
    if (options.open) sheet(true);
    viewer.note();
    if (citations.length) viewer.cite(citations, number, options);
    else viewer.clear();
  },
  onCopy: (button, quote) => menu.open(button, quote),
});
new Selection(viewer, (words) => {
  sheet(false);
  views.show('ask');
  conversation.write(`About “${words}”: `);
}, (opener, place) => menu.open(opener, place));

const inChat = (button) => {
  const position = positionOf(button);
  const does = {
    edit: () => conversation.edit(position),
    again: () => conversation.retry(position),
    correct: () => conversation.write(button.closest('.understood').querySelector('q').textContent),
    right: () => judging.judge(position, true),
    wrong: () => judging.judge(position, false),
    copy: () => menu.open(button, citationOf(button.closest('blockquote').querySelector('a.cite'))),
  };
  does[button.classList[0]]?.();
};

document.addEventListener('click', (event) => {
  const link = event.target.closest('a.cite');
  const citation = link && citationOf(link);
  if (citation) {
    event.preventDefault();
    sheet(true);
    // detail is 0 for a click made by a key: the reader's focus goes where the reader looks.
    cite(replies().indexOf(link.closest('.reply')), citation.number, { focus: event.detail === 0 });
  }
  const button = event.target.closest('#chat .prose button');
  if (button) inChat(button);
  const format = event.target.closest('[data-save]')?.dataset.save;
  if (format) save(format, conversation.turns);
  if (event.target.closest('#open-source')) sheet(true, { focus: event.detail === 0 });
  if (event.target.closest('#close-source, #scrim')) sheet(false);
  if (event.target.closest('#source-note button')) viewer.note();
}, { capture: true });

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select');
  if (event.key === 'Escape') sheet(false);
  if (event.key === ' ' && event.target.matches('a.cite')) {
    event.preventDefault();
    event.target.click();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || views.current === 'index') return;
  if (event.key === '/') {
    event.preventDefault();
    (views.current === 'check' ? at('check-text') : conversation.box).focus();
  }
  const inSource = event.target.closest('#source');
  const by = { j: 1, k: -1, ...(inSource && { ArrowRight: 1, ArrowLeft: -1 }) }[event.key];
  if (by && !event.target.closest('#cite-menu')) {
    sheet(true);
    viewer.step(by, { focus: true });
  }
});

let seen = 0;
let asked = 0;
const chatChanged = () => {
  // Gradio labels each message with its own HTML, which a screen reader would read out.
  for (const message of chat.querySelectorAll('[data-testid][aria-label]')) message.removeAttribute('aria-label');
  // By its headings a screen reader goes from question to question of a long conversation.
  for (const one of chat.querySelectorAll('.asked:not([role])')) {
    one.setAttribute('role', 'heading');
    one.setAttribute('aria-level', 2);
  }
  const questions = chat.querySelectorAll('.user-row');
  const answers = replies();
  const answered = answers.filter((one) => !one.querySelector('.loading')).length;
  // What is not shown is not scrolled: a conversation that is brought back comes into sight first.
  document.body.classList.toggle('talking', questions.length > 0);
  if (questions.length !== asked || answered !== seen) {
    const log = chat.querySelector('.bubble-wrap');
    const newest = questions[questions.length - 1];
    if (newest) log.scrollTop += newest.getBoundingClientRect().top - log.getBoundingClientRect().top - 16;
  }
  if (answered !== seen && answered > 0 && !following) {
    const newest = answers.length - 1;
    const first = answers[newest].querySelector('a.cite');
    if (first) cite(newest, 1);
    panel.look();
  }
  // The next answer is marked; a conversation that is brought back leaves a link's words alone.
  if (answered !== seen && answered > 0) following = null;
  if (answers.length === 0 && reply !== null) {
    reply = null;
    if (views.current === 'check') marked.ask = null;
    else viewer.clear();
  }
  [seen, asked] = [answered, questions.length];
  talked();
};
talked = () => {
  document.body.classList.toggle('savable', conversation.turns.some(Boolean));
  judging.draw();
  tellApart(chat, indexed);
  light();
  suggest();
};

const choice = at('source-choice');
let followed = false;
let readable = () => {};
const reading = new Promise((drawn) => { readable = drawn; });
const among = at('among');
let generation = null;
/** Questions to begin with, where there is a conversation to begin: to look for those of a choice is work. */
const suggest = () => {
  if (generation !== null && asked === 0) suggesting.look(generation, among.value);
};
among.addEventListener('change', suggest);
/** What a question can be asked of: all documents, those of a folder, or one. What was chosen stays, while it is there. */
const drawAmong = (documents) => {
  const chosen = among.value;
  const folders = documents.flatMap(({ document: path }) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)));
  among.replaceChildren(
    new Option('all documents', ''),
    ...[...new Set(folders)].sort().map((folder) => new Option(folder, folder)),
    ...choices(documents),
  );
  among.value = [...among.options].some((one) => one.value === chosen) ? chosen : '';
  at('among-block').hidden = documents.length < 2;
  suggest();
};
const drawDocuments = async (documents) => {
  indexed = documents;
  drawAmong(documents);
  tellApart(chat, documents);
  choice.replaceChildren(...choices(documents));
  // None, until it is known which one is shown: not the first, above the text of another.
  choice.selectedIndex = -1;
  choice.hidden = documents.length < 2;
  at('source-title').hidden = documents.length > 1;
  document.body.classList.toggle('many', documents.length > 1);
  if (documents.length && !followed) {
    followed = true;
    const link = await followLink();
    if (link?.words) {
      following = link.words;
      sheet(true);
      await viewer.cite([link.words], 1);
    }
    if (link) viewer.note(link.line);
  }
  if (documents.length === 0) viewer.say('No document is indexed. The view “Index” says why.');
  const there = documents.find((one) => one.document === viewer.shown?.document && one.sha256 === viewer.shown.sha256);
  if (documents.length && !there && viewer.citations.length === 0) await viewer.open(documents[0]);
  else noteGone();
  if (there) choice.value = there.document;
  readable();
};
const panel = new Panel({
  onDocuments: drawDocuments,
  onGeneration: (answering) => {
    generation = answering;
    suggest();
  },
  onRead: (wanted) => {
    views.show('ask');
    sheet(true);
    viewer.open(wanted);
    at('paper').focus({ preventScroll: true });
  },
});
choice.addEventListener('change', () => {
  viewer.note();
  viewer.open(indexed.find((one) => one.document === choice.value));
});

let due = false;
// Once a frame: Gradio draws a long conversation in many steps.
new MutationObserver(() => {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    chatChanged();
  });
}).observe(chat, { childList: true, subtree: true });
chatChanged();
// The article first: Gradio keeps the browser busy for a good while.
await Promise.race([reading, new Promise((go) => setTimeout(go, PATIENCE_MS))]);
try {
  await drawConversation();
  onLost(() => conversation.lost());
  conversation.start();
} catch (problem) {
  console.error(problem);
  conversation.fail();
}
