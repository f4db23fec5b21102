// Questions to begin with, which the server has found to be answered. Drawn as text.

const AT_ONCE = 4;
const AGAIN_MS = 1500;
const MOST_TRIES = 120;

export class Suggesting {
  constructor() {
    this.questions = [];
    this.from = 0;
    this.generation = null;
  }

  /** Look for the questions of this generation, unless that was done. */
  look(generation) {
    if (generation === this.generation) return;
    this.generation = generation;
    clearTimeout(this.timer);
    this.#fetch(generation, 0);
  }

  /** Gradio may have drawn the welcome anew. */
  draw() {
    const welcome = document.querySelector('#welcome');
    if (!welcome) return;
    const key = JSON.stringify([this.questions, this.from]);
    const there = welcome.querySelector('.suggested');
    if ((there?.dataset.key ?? '') === (this.questions.length ? key : '')) return;
    there?.remove();
    if (this.questions.length === 0) return;
    const list = document.createElement('div');
    list.className = 'suggested';
    list.dataset.key = key;
    list.setAttribute('role', 'group');
    list.setAttribute('aria-label', 'Questions that the documents answer');
    const shown = this.questions.slice(this.from, this.from + AT_ONCE);
    list.append(...shown.map((question) => this.#button('example', question)));
    if (this.questions.length > AT_ONCE) {
      const others = this.#button('quiet others', 'Other questions');
      others.addEventListener('click', () => {
        this.from = this.from + AT_ONCE < this.questions.length ? this.from + AT_ONCE : 0;
        this.draw();
        document.querySelector('#welcome .others')?.focus();
      });
      list.append(others);
    }
    welcome.append(list);
  }

  #button(className, text) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = className;
    button.textContent = text;
    return button;
  }

  async #fetch(generation, tries) {
    let again = true;
    try {
      const answer = await fetch('/v1/suggestions');
      // 202: they are being looked for.
      again = answer.status !== 200;
      const found = answer.ok ? await answer.json() : [];
      if (generation !== this.generation) return;
      this.questions = found.map((one) => one.question);
      this.from = 0;
      this.draw();
    } catch { /* asked again below */ }
    if (again && generation === this.generation && tries < MOST_TRIES) {
      this.timer = setTimeout(() => this.#fetch(generation, tries + 1), AGAIN_MS * (tries < 20 ? 1 : 4));
    }
  }
}
