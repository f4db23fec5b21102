// Gradio's part of the page, the conversation: its settings are fetched, its scripts started, its drawing awaited.

const at = (id) => document.getElementById(id);
const PARTS = ['chat', 'do-ask-0', 'do-ask-1', 'do-stop', 'do-shorten', 'do-restore'];
const AGAIN_MS = 1000;
const LOST = 'Connection to the server was lost';

/** The settings of Gradio's page. The server answers once Gradio is there, some seconds after its start. */
async function settings() {
  for (;;) {
    try {
      const answer = await fetch('/config?page=');
      if (answer.ok) return await answer.json();
    } catch { /* the server may have been started again */ }
    await new Promise((go) => setTimeout(go, AGAIN_MS));
  }
}

// Asked for at once, used when it is there and the browser has time.
const asked = settings();

/** Have the conversation drawn; resolves once it can be used, rejects where its script cannot be had. */
export async function drawConversation() {
  const place = at('conversation');
  window.__gradio_mode__ = 'app';
  window.gradio_config = { ...(await asked), deep_link_state: 'none' };
  // What its page of endpoints would show, which is not shown here.
  window.gradio_api_info = { named_endpoints: {}, unnamed_endpoints: {} };
  await import(place.dataset.script);
  await new Promise((there) => {
    const drawn = () => PARTS.every(at);
    if (drawn()) return there();
    const waiting = new MutationObserver(() => {
      if (!drawn()) return;
      waiting.disconnect();
      there();
    });
    waiting.observe(place, { childList: true, subtree: true });
  });
  // A page has one main part, and that is the page's own.
  const main = place.querySelector('main');
  if (!main) return;
  const block = Object.assign(document.createElement('div'), { className: main.className });
  block.append(...main.childNodes);
  main.replaceWith(block);
}

const lines = () => [...document.querySelectorAll('#conversation .toast-message-text')].map((one) => one.textContent.trim());

/** What Gradio last said of a failure, as a sentence. Its lines are not shown and are told once, on the page's own. */
export function lastWords() {
  const said = lines().pop() ?? '';
  for (const close of document.querySelectorAll('#conversation .toast-close')) close.click();
  return said && `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? '' : '.'}`;
}

/** Call this once when Gradio finds that the server cannot be reached, of which it tells in such a line alone. */
export function onLost(call) {
  new MutationObserver((_, watch) => {
    if (!lines().some((line) => line.startsWith(LOST))) return;
    watch.disconnect();
    call();
  }).observe(at('conversation'), { childList: true, subtree: true });
}
