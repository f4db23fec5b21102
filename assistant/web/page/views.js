// The views of the page, as tabs. The address says which one is shown, so that a reload and the back button keep it.

const at = (id) => document.getElementById(id);
const FIRST = 'ask';

export class Views {
  /** `onShow(name)` is called when a view has come into sight. */
  constructor(onShow) {
    this.onShow = onShow;
    this.tabs = [...at('views').querySelectorAll('[role="tab"]')];
    this.title = document.title;
    this.names = this.tabs.map((tab) => tab.id.replace('tab-', ''));
    for (const tab of this.tabs) {
      const panel = at(tab.getAttribute('aria-controls'));
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', tab.id);
      tab.addEventListener('click', () => this.show(tab.id.replace('tab-', '')));
    }
    at('views').addEventListener('keydown', (event) => this.#move(event));
    addEventListener('hashchange', () => this.#draw());
    this.#draw();
  }

  get current() {
    const named = location.hash.slice(1);
    return this.names.includes(named) ? named : FIRST;
  }

  show(name) {
    const hash = name === FIRST ? '' : `#${name}`;
    if (location.hash !== hash) history.pushState(null, '', `${location.pathname}${location.search}${hash}`);
    this.#draw();
  }

  #move(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -this.tabs.length, End: this.tabs.length }[event.key];
    if (!by) return;
    event.preventDefault();
    const from = this.names.indexOf(this.current);
    const last = this.tabs.length - 1;
    const arrow = event.key.startsWith('Arrow');
    const to = arrow ? (from + by + this.tabs.length) % this.tabs.length : Math.max(0, Math.min(last, from + by));
    this.show(this.names[to]);
    this.tabs[to].focus();
  }

  #draw() {
    const now = this.current;
    document.body.dataset.view = now;
    this.tabs.forEach((tab, position) => {
      const shown = this.names[position] === now;
      tab.setAttribute('aria-selected', shown);
      tab.tabIndex = shown ? 0 : -1;
      // The browser's history tells the views apart by it.
      if (shown) document.title = now === FIRST ? this.title : `${tab.textContent} · Verbatim`;
    });
    this.onShow(now);
  }
}
