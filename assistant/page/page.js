// What ties the page together: replies in the chat, the source beside it, the views, light and dark.

import { Conversation } from './conversation.js';
import { Judging } from './judging.js';
import { Panel } from './panel.js';
import { citationOf, Viewer } from './viewer.js';
import { Views } from './views.js';

const at = (id) => document.getElementById(id);
const THEME = 'verbatim-theme';

const conversation = new Conversation(() => conversationChanged());
let conversationChanged = () => {};

/** Gradio draws the page after this script has run. */
function drawn(ready) {
  const parts = ['paper', 'index-view', 'talk-foot', 'do-again', 'do-shorten', 'do-restore'];
  const there = () => parts.every(at) && document.querySelector('#ask .submit-button');
  if (there()) return ready();
  const waiting = new MutationObserver(() => {
    if (!there()) return;
    waiting.disconnect();
    ready();
  });
  waiting.observe(document.documentElement, { childList: true, subtree: true });
}

function applyTheme() {
  let chosen = null;
  try { chosen = localStorage.getItem(THEME); } catch { /* storage may be switched off */ }
  const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  // Gradio's own parts listen to this class, and Gradio sets it by the system's preference alone.
  document.body.classList.toggle('dark', dark);
  return dark;
}

function start() {
  applyTheme();
  at('theme').addEventListener('click', () => {
    const dark = document.documentElement.dataset.theme === 'dark';
    try { localStorage.setItem(THEME, dark ? 'light' : 'dark'); } catch { /* then it lasts as long as the page */ }
    document.documentElement.dataset.theme = dark ? 'light' : 'dark';
    document.body.classList.toggle('dark', !dark);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme);

  const chat = at('chat');
  let reply = null; // position of the reply whose quotes are marked; Gradio may draw its node anew
  const replies = () => [...chat.querySelectorAll('.reply')];
  const links = () => (reply === null ? [] : [...(replies()[reply]?.querySelectorAll('a.cite') || [])]);
  const linkOf = (number) => links().find((link) => citationOf(link)?.number === number);

  const viewer = new Viewer((number) => {
    viewer.go(number);
    document.body.classList.remove('sheet');
    const link = linkOf(number);
    link?.closest('blockquote').scrollIntoView({ block: 'center' });
    link?.focus({ preventScroll: true });
  });

  const light = () => {
    for (const quote of chat.querySelectorAll('.reply blockquote.active')) quote.classList.remove('active');
    linkOf(viewer.current)?.closest('blockquote').classList.add('active');
  };
  for (const way of ['go', 'open']) {
    const move = viewer[way].bind(viewer);
    viewer[way] = (...parts) => {
      const moved = move(...parts);
      light();
      return moved;
    };
  }

  const cite = (position, number, options) => {
    reply = position;
    return viewer.cite(links().map(citationOf).filter(Boolean), number, options);
  };

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.cite');
    const citation = link && citationOf(link);
    if (citation) {
      event.preventDefault();
      document.body.classList.add('sheet');
      // detail is 0 for a click made by a key: the reader's focus goes where the reader looks.
      cite(replies().indexOf(link.closest('.reply')), citation.number, { focus: event.detail === 0 });
    }
    const button = event.target.closest('#chat button');
    if (button) inChat(button);
    if (event.target.closest('#open-source')) document.body.classList.add('sheet');
    if (event.target.closest('#close-source, #scrim')) document.body.classList.remove('sheet');
  }, { capture: true });

  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, select');
    if (event.key === 'Escape') document.body.classList.remove('sheet');
    if (event.key === ' ' && event.target.matches('a.cite')) {
      event.preventDefault();
      event.target.click();
    }
    if (event.key === '/' && !typing) {
      event.preventDefault();
      chat.parentElement.querySelector('#ask textarea').focus();
    }
  });

  const judging = new Judging(conversation);
  const inChat = (button) => {
    const position = conversation.positionOf(button);
    const does = {
      edit: () => conversation.edit(position),
      again: () => conversation.retry(position),
      correct: () => conversation.write(button.closest('.understood').querySelector('q').textContent),
      right: () => judging.judge(position, true),
      wrong: () => judging.judge(position, false),
      copy: () => copy(button),
    };
    does[button.classList[0]]?.();
  };

  conversationChanged = () => {
    document.body.classList.toggle('talking', conversation.turns.length > 0);
    judging.draw();
  };

  let seen = 0;
  let asked = 0;
  const chatChanged = () => {
    // Gradio labels each message with its own HTML, which a screen reader would read out.
    for (const message of chat.querySelectorAll('[data-testid][aria-label]')) message.removeAttribute('aria-label');
    const questions = chat.querySelectorAll('.user-row');
    const answers = replies();
    const answered = answers.filter((one) => !one.querySelector('.loading')).length;
    if (questions.length !== asked || answered !== seen) {
      const log = chat.querySelector('.bubble-wrap');
      const newest = questions[questions.length - 1];
      if (newest) log.scrollTop += newest.getBoundingClientRect().top - log.getBoundingClientRect().top - 16;
    }
    if (answered !== seen && answered > 0) {
      const newest = answers.length - 1;
      const first = answers[newest].querySelector('a.cite');
      if (first) cite(newest, 1);
      panel.look();
    }
    if (answers.length === 0) reply = null;
    [seen, asked] = [answered, questions.length];
    light();
    judging.draw();
  };

  const choice = at('source-choice');
  const panel = new Panel((documents) => {
    choice.replaceChildren(...documents.map((one) => new Option(one.title, one.sha256)));
    choice.hidden = documents.length < 2;
    at('source-title').hidden = documents.length > 1;
    document.body.classList.toggle('many', documents.length > 1);
    const shown = documents.some((one) => one.sha256 === viewer.shown);
    if (documents.length && !shown && viewer.citations.length === 0) viewer.open(documents[0].sha256);
    if (shown) choice.value = viewer.shown;
  });
  choice.addEventListener('change', () => viewer.open(choice.value));

  new Views((name) => name === 'index' && panel.look());

  new MutationObserver(chatChanged).observe(chat, { childList: true, subtree: true });
  chatChanged();
  conversation.start();
}

async function copy(button) {
  const quote = button.closest('blockquote');
  const place = [...quote.querySelectorAll('.where > *')].map((part) => part.textContent).join(', ');
  try {
    await navigator.clipboard.writeText(`${quote.querySelector('.said').textContent}\n${place}`);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 1600);
}

applyTheme();
drawn(start);
