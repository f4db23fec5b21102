// Words selected in the source: ask about them, or cite them.

const at = (id) => document.getElementById(id);
const MOST_ASKED = 300;

export class Selection {
  /** `onAsk(words)` and `onCite(opener, place)` are called for what the reader chose. */
  constructor(viewer, onAsk, onCite) {
    this.viewer = viewer;
    this.bar = at('selection');
    // The bar must not take the selection away before it is used.
    this.bar.addEventListener('pointerdown', (event) => event.preventDefault());
    at('ask-selection').addEventListener('click', () => {
      const { exact } = this.chosen;
      this.#hide();
      onAsk(Array.from(exact).slice(0, MOST_ASKED).join('').replace(/\s+/g, ' '));
    });
    at('cite-selection').addEventListener('click', () => onCite(at('cite-selection'), this.chosen));
    document.addEventListener('selectionchange', () => {
      clearTimeout(this.timer);
      // Once the selection rests: a bar that follows every step would flicker.
      this.timer = setTimeout(() => this.#look(), 180);
    });
    viewer.paper.addEventListener('scroll', () => this.#look(), { passive: true });
    document.addEventListener('keydown', (event) => event.key === 'Escape' && this.#hide());
  }

  #look() {
    const selected = getSelection();
    const inside = selected.rangeCount > 0 && !selected.isCollapsed && this.viewer.paper.contains(selected.anchorNode);
    const range = inside ? selected.getRangeAt(0) : null;
    const chosen = range && this.viewer.placeOf(range);
    if (!chosen) {
      if (!this.bar.contains(document.activeElement)) this.#hide();
      return;
    }
    this.chosen = chosen;
    this.bar.hidden = false;
    const box = range.getBoundingClientRect();
    const paper = this.viewer.paper.getBoundingClientRect();
    const top = Math.max(box.top, paper.top) - this.bar.offsetHeight - 8;
    const left = box.left + box.width / 2 - this.bar.offsetWidth / 2;
    this.bar.style.top = `${Math.max(paper.top + 4, Math.min(top, paper.bottom - 48))}px`;
    this.bar.style.left = `${Math.max(8, Math.min(left, innerWidth - this.bar.offsetWidth - 8))}px`;
  }

  #hide() {
    this.bar.hidden = true;
  }
}
