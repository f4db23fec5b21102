// The menu that copies a quote and cites it. What is copied is shown before it is.

const at = (id) => document.getElementById(id);
const STYLES = ['apa', 'mla', 'chicago'];

/** Put text on the clipboard; false where the browser does not allow it. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { /* on plain HTTP from another machine there is no clipboard of that kind */ }
  const holder = document.createElement('textarea');
  holder.value = text;
  holder.setAttribute('style', 'position:fixed;opacity:0');
  (document.querySelector(':popover-open') || document.body).append(holder);
  holder.select();
  const copied = document.execCommand('copy');
  holder.remove();
  return copied;
}

export class CopyMenu {
  constructor() {
    this.menu = at('cite-menu');
    this.buttons = [...this.menu.querySelectorAll('[data-copy]')];
    for (const button of this.buttons) {
      for (const type of ['focus', 'pointerenter']) button.addEventListener(type, () => this.#preview(button));
      button.addEventListener('click', () => this.#copy(button));
    }
    this.menu.addEventListener('keydown', (event) => this.#move(event));
    this.menu.addEventListener('toggle', (event) => {
      if (event.newState === 'closed' && this.opener?.isConnected) this.opener.focus({ preventScroll: true });
    });
  }

  /** Open beside `opener` for the words `exact` at these offsets of a document. */
  async open(opener, { sha256, document: path, start, end, exact }) {
    this.opener = opener;
    this.texts = { words: exact };
    at('cite-line').textContent = '';
    at('cite-preview').textContent = '';
    this.#enable();
    this.menu.showPopover();
    this.#place(opener.getBoundingClientRect());
    this.buttons[0].focus();
    const asked = (this.asked = `${sha256} ${start} ${end} ${path}`);
    let line = '';
    try {
      const answer = await fetch('/v1/cite', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ document_sha256: sha256, document: path, start, end }),
      });
      const cited = await answer.json();
      if (this.asked !== asked) return;
      if (answer.ok) this.#take(cited);
      else line = cited.error;
    } catch {
      line = 'The server cannot be reached.';
    }
    if (this.asked !== asked) return;
    // What was copied meanwhile stays said.
    if (line) at('cite-line').textContent = line;
    this.#enable();
    this.#place(opener.getBoundingClientRect());
  }

  #take({ styles, bibtex, ris, csl_json: items, link, text_fragment: page }) {
    for (const style of STYLES) this.texts[style] = `${styles[style].quoted}\n\n${styles[style].reference}`;
    Object.assign(this.texts, { bibtex, ris, csl_json: JSON.stringify(items, null, 2), link: new URL(link, location.origin).href });
    if (page) this.texts.page = page;
  }

  #enable() {
    for (const button of this.buttons) {
      button.disabled = !(button.dataset.copy in this.texts);
      if (button.dataset.copy === 'page') button.hidden = button.disabled;
    }
  }

  #preview(button) {
    at('cite-preview').textContent = this.texts[button.dataset.copy] || '';
    at('cite-line').textContent = '';
    this.#place(this.opener.getBoundingClientRect());
  }

  async #copy(button) {
    const copied = await copyText(this.texts[button.dataset.copy]);
    at('cite-line').textContent = copied ? `${button.textContent}: copied.` : 'The browser does not let the page copy; select the text above.';
  }

  #move(event) {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!by || event.target.id === 'cite-preview') return;
    event.preventDefault();
    const open = this.buttons.filter((button) => !button.disabled);
    open[(open.indexOf(document.activeElement) + by + open.length) % open.length].focus();
  }

  #place(beside) {
    const { offsetWidth: width, offsetHeight: height } = this.menu;
    const below = beside.bottom + 6 + height <= innerHeight - 8;
    const top = below ? beside.bottom + 6 : Math.max(8, beside.top - 6 - height);
    this.menu.style.top = `${Math.min(top, Math.max(8, innerHeight - height - 8))}px`;
    this.menu.style.left = `${Math.max(12, Math.min(beside.right - width, innerWidth - width - 12))}px`;
  }
}
