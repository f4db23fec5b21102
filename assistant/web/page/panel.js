// The state of the index in the header, and the view of it: what is indexed, what changed since, and its rebuild.

import { at, counted, dated, dotted, lasting, node, redraw, sized } from './drawing.js';
import { Generations } from './generations.js';
import { Library } from './library.js';

const POLL_MS = 300;
const REST_MS = 20000;
const STEPS = {
  starting: 'Starting',
  read: 'Reading the documents',
  split: 'Splitting them into passages',
  embed: 'Embedding what changed',
  write: 'Writing and checking',
};
const COUNTED = { read: 'files', split: 'documents', embed: 'passages' };
const KINDS = { added: 'New', changed: 'Changed', removed: 'Removed', left_out: 'Left out' };

/** A line of the program's, as a sentence of the page. */
function sentence(line) {
  return line.charAt(0).toUpperCase() + line.slice(1);
}

export class Panel {
  /**
   * `onDocuments(documents)` is called when the list of documents is there, and when it changes;
   * `onGeneration(name)` when it is known which one answers; `onRead(document)` when one is chosen to be read.
   */
  constructor({ onDocuments, onGeneration, onRead }) {
    this.onDocuments = onDocuments;
    this.onGeneration = onGeneration;
    this.known = '';
    this.library = new Library({ onRead, onChange: () => this.look() });
    this.generations = new Generations(() => this.look());
    at('rebuild').addEventListener('click', () => this.#rebuild());
    this.look();
  }

  /** Look at the index now, and again soon while something is under way. */
  async look() {
    clearTimeout(this.timer);
    const turn = (this.turn = (this.turn ?? 0) + 1);
    let busy = true;
    try {
      const facts = await (await fetch('/v1/index')).json();
      if (turn !== this.turn) return;
      this.#draw(facts);
      busy = facts.state === 'loading' || facts.rebuild.running || facts.generations.some((one) => one.verifies === null);
    } catch {
      if (turn !== this.turn) return;
      this.#state('failed', 'No connection');
      at('index-word').textContent = 'The server cannot be reached.';
    }
    this.timer = setTimeout(() => this.look(), busy ? POLL_MS : REST_MS);
  }

  async #rebuild() {
    at('rebuild').disabled = true;
    let line = '';
    try {
      const answer = await fetch('/v1/rebuild', { method: 'POST' });
      if (!answer.ok && answer.status !== 409) line = (await answer.json()).error;
    } catch {
      line = 'The server cannot be reached.';
    }
    await this.look();
    if (line) this.#say(line, true);
  }

  #state(state, line) {
    at('index-state').dataset.state = state;
    // A status is read out when it is written, so it is written only when it changed.
    if (at('index-line').textContent !== line) at('index-line').textContent = line;
  }

  #say(line, failed = false) {
    at('rebuild-line').classList.toggle('failed', failed);
    if (at('rebuild-line').textContent !== line) at('rebuild-line').textContent = line;
  }

  #draw({ state, line, notices, index, documents, changes, generations, rebuild, upload }) {
    const earlier = index && generations.some((one) => one.generation > index.generation);
    const named = [...changes.added, ...changes.changed, ...changes.removed];
    if (rebuild.running) this.#state('rebuilding', index ? 'Rebuilding' : 'Building the index');
    else if (state === 'loading') this.#state('loading', 'Loading the model');
    else if (state === 'failed') this.#state('failed', 'No answers');
    else if (earlier) this.#state('stale', 'Earlier index answers');
    else if (named.length) this.#state('stale', 'Documents changed');
    else if (notices.length) this.#state('stale', 'Index needs a look');
    else this.#state('ready', `${counted(index.documents, 'document')} ready`);

    const word = { loading: 'The model is being loaded. Questions wait for it.', ready: 'Ready to answer.' };
    at('index-word').textContent = state === 'failed' ? sentence(line) : word[state];
    this.#permit(rebuild.allowed);
    this.#progress(rebuild, named.length > 0);
    this.#changed({ notices, index, documents, changes, generations, earlier, named, allowed: rebuild.allowed });

    const facts = index ? [
      ['Documents', index.documents.toLocaleString('en')],
      ['Passages', index.passages.toLocaleString('en')],
      ['Sentences', index.sentences.toLocaleString('en')],
      ['Model', index.model],
      ['Built', `${dated(index.created_at)}, in ${index.took_s.toFixed(1)} s`],
      ['Generation', index.generation],
      ['On disk', sized(index.bytes)],
      ...index.left_out.map((left) => ['Left out', left]),
      ...index.other_languages.map((one) => ['Not English', one]),
    ] : [];
    at('index-facts').parentElement.hidden = !index;
    redraw(at('index-facts'), facts, () => facts.flatMap(([name, value]) => [node('dt', {}, name), node('dd', {}, value)]));
    this.library.draw({ documents, changes, upload, allowed: rebuild.allowed, generation: index?.generation });
    this.generations.draw(generations, rebuild.allowed);
    const list = JSON.stringify(documents);
    if (list !== this.known) {
      this.known = list;
      this.onDocuments(documents);
    }
    if (index && state === 'ready') this.onGeneration(index.generation);
  }

  /** Where changes are not allowed, what makes them is taken away for good. */
  #permit(allowed) {
    at('index-fixed').hidden = allowed;
    for (const part of document.querySelectorAll('#index-view [data-change]')) {
      if (allowed) part.hidden = false;
      else part.remove();
    }
  }

  #progress(rebuild, outdated) {
    const bar = at('rebuild-bar');
    if (at('rebuild')) at('rebuild').disabled = rebuild.running;
    bar.hidden = !rebuild.running;
    const took = `${rebuild.took_s.toFixed(1)} s`;
    if (!rebuild.running) {
      // How the last one went is old news once the documents have changed again.
      const told = rebuild.line && !outdated ? `${rebuild.line} It took ${took}.` : '';
      this.#say(rebuild.failed ? rebuild.line : told, rebuild.failed);
      at('rebuild-detail').textContent = '';
      return;
    }
    const { step, done, total, left_s: left } = rebuild;
    const known = total > 0 && step !== 'write';
    const share = known ? Math.round((100 * done) / total) : 0;
    bar.classList.toggle('unmeasured', !known);
    if (known) bar.setAttribute('aria-valuenow', share);
    else bar.removeAttribute('aria-valuenow');
    bar.firstElementChild.style.width = known ? `${share}%` : '';
    // Read out once a step; the numbers, which run, are for the eye and for whoever asks the bar.
    this.#say(STEPS[step] || sentence(step));
    const parts = [
      ...(known && COUNTED[step] ? [`${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${COUNTED[step]}`] : []),
      ...(left === null ? [] : [`about ${lasting(left)} left`]),
      `${took} so far`,
    ];
    at('rebuild-detail').textContent = dotted(parts);
    bar.setAttribute('aria-valuetext', `${STEPS[step] || step}, ${parts.join(', ')}`);
  }

  #changed({ notices, index, documents, changes, generations, earlier, named, allowed }) {
    // The server's own line says the same with fewer names, unless it tells of damage or of a folder that is gone.
    const live = generations.find((one) => one.live)?.generation;
    const whole = index && live === index.generation && (changes.added.length || changes.removed.length < documents.length);
    const lines = whole && named.length ? [] : [...notices];
    if (earlier && live === index.generation) {
      const until = allowed ? 'you rebuild or choose another below' : 'the index is rebuilt';
      lines.unshift(`An earlier generation answers, built ${dated(index.created_at)}. It stays so until ${until}.`);
    }
    redraw(at('index-notices'), lines, () => lines.map((line) => node('p', { className: 'notice' }, line)));
    const unread = changes.left_out.filter((left) => !index?.left_out.includes(left));
    const groups = Object.entries({ ...changes, left_out: unread }).filter(([kind, names]) => KINDS[kind] && names.length);
    at('changes').hidden = groups.length === 0;
    redraw(at('changes-list'), groups, () => groups.flatMap(([kind, names]) => [
      node('dt', {}, KINDS[kind]), node('dd', {}, ...names.map((name) => node('span', {}, name))),
    ]));
    at('changes-next').textContent = allowed ? 'Answers come from the index as it was built, until you rebuild it.'
      : 'Answers come from the index as it was built.';
  }
}
