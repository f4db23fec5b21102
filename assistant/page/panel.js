// The state of the index in the header, and the view of it: what is indexed, and its rebuild.

const POLL_MS = 300;
const REST_MS = 20000;
const STEPS = { starting: 'Starting', read: 'Reading the documents', embed: 'Embedding', write: 'Writing' };

const at = (id) => document.getElementById(id);

function fill(list, rows) {
  list.replaceChildren(...rows);
}

function node(name, text, ...inside) {
  const made = document.createElement(name);
  made.textContent = text;
  made.append(...inside);
  return made;
}

function counted(count, one) {
  return `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
}

export class Panel {
  /** `onDocuments(documents)` is called when the list of documents is there, and when it changes. */
  constructor(onDocuments) {
    this.onDocuments = onDocuments;
    this.known = '';
    at('rebuild').addEventListener('click', () => this.#rebuild());
    this.look();
  }

  /** Look at the index now, and again soon while something is under way. */
  async look() {
    clearTimeout(this.timer);
    let busy = true;
    try {
      const facts = await (await fetch('/v1/index')).json();
      this.#draw(facts);
      busy = facts.state === 'loading' || facts.rebuild.running;
    } catch {
      this.#state('failed', 'No connection');
    }
    this.timer = setTimeout(() => this.look(), busy ? POLL_MS : REST_MS);
  }

  async #rebuild() {
    at('rebuild').disabled = true;
    try {
      const answer = await fetch('/v1/rebuild', { method: 'POST' });
      if (!answer.ok && answer.status !== 409) at('rebuild-line').textContent = (await answer.json()).error;
    } catch {
      at('rebuild-line').textContent = 'The server cannot be reached.';
    }
    this.look();
  }

  #state(state, line) {
    at('index-state').dataset.state = state;
    // A status is read out when it is written, so it is written only when it changed.
    if (at('index-line').textContent !== line) at('index-line').textContent = line;
  }

  #draw({ state, line, notices, index, documents, rebuild }) {
    const share = rebuild.total ? Math.round((100 * rebuild.done) / rebuild.total) : 0;
    if (rebuild.running) this.#state('rebuilding', index ? 'Rebuilding' : 'Building the index');
    else if (state === 'loading') this.#state('loading', 'Loading the model');
    else if (state === 'failed') this.#state('failed', 'No answers');
    else if (notices.length) this.#state('stale', 'Index needs a look');
    else this.#state('ready', `${counted(index.documents, 'document')} ready`);

    const word = { loading: 'The model is being loaded. Questions wait for it.', ready: 'Ready to answer.' };
    at('index-word').textContent = state === 'failed' ? line : word[state];
    fill(at('index-notices'), notices.map((notice) => Object.assign(node('p', notice), { className: 'notice' })));
    const facts = index ? [
      ['Documents', index.documents.toLocaleString('en')],
      ['Passages', index.passages.toLocaleString('en')],
      ['Sentences', index.sentences.toLocaleString('en')],
      ['Model', index.model],
      ['Built', `${new Date(index.created_at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}, in ${index.took_s.toFixed(1)} s`],
      ['Generation', index.generation],
      ['On disk', `${Math.ceil(index.bytes / 1000).toLocaleString('en')} kB`],
      ...index.left_out.map((left) => ['Left out', left]),
    ] : [];
    at('index-facts').parentElement.hidden = !index;
    fill(at('index-facts'), facts.flatMap(([name, value]) => [node('dt', name), node('dd', value)]));
    const list = JSON.stringify(documents);
    if (list !== this.known) {
      this.known = list;
      const none = node('li', 'No document is indexed.');
      fill(at('index-documents'), documents.length ? documents.map((one) => node('li', one.title, node('small', one.document))) : [none]);
      this.onDocuments(documents);
    }

    at('rebuild-block').hidden = !rebuild.allowed;
    at('rebuild').disabled = rebuild.running;
    at('rebuild-bar').hidden = !rebuild.running;
    at('rebuild-bar').setAttribute('aria-valuenow', share);
    at('rebuild-bar').firstElementChild.style.width = `${share}%`;
    at('rebuild-line').classList.toggle('failed', rebuild.failed);
    const took = `${rebuild.took_s.toFixed(1)} s`;
    if (rebuild.running) {
      const of = rebuild.total ? `, ${rebuild.done} of ${rebuild.total}` : '';
      at('rebuild-line').textContent = `${STEPS[rebuild.step] || rebuild.step}${of} (${took})`;
    } else if (rebuild.line) {
      at('rebuild-line').textContent = rebuild.failed ? rebuild.line : `${rebuild.line} It took ${took}.`;
    }
  }
}
