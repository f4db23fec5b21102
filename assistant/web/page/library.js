// The documents: those indexed, those that wait for the rebuild, and how they are added and taken out.

import { at, button, counted, dotted, node, redraw, sized } from './drawing.js';

const MIB = 1048576;
const UNREACHED = 'The server cannot be reached.';

async function send(address, options) {
  try {
    const answer = await fetch(address, options);
    return { ok: answer.ok, ...(await answer.json()) };
  } catch {
    return { ok: false, error: UNREACHED };
  }
}

export class Library {
  /** `onRead(document)`: the reader wants to see one of those indexed; `onChange()`: the folder of documents is another. */
  constructor({ onRead, onChange }) {
    this.onRead = onRead;
    this.onChange = onChange;
    this.doubted = null; // the document whose removal is to be confirmed
    this.sending = false;
    at('add').addEventListener('click', () => at('add-files').click());
    at('add-files').addEventListener('change', (event) => {
      this.#add([...event.target.files]);
      event.target.value = '';
    });
    addEventListener('dragover', (event) => this.#drag(event, true));
    addEventListener('dragleave', (event) => event.relatedTarget === null && this.#drag(event, false));
    addEventListener('drop', (event) => this.#drop(event));
  }

  draw(facts) {
    this.facts = facts;
    const { documents, changes, upload, allowed, generation } = facts;
    if (generation !== this.generation) {
      this.generation = generation;
      this.#searched();
    }
    if (allowed) {
      at('add-files').accept = upload.suffixes.join(',');
      const limits = `At most ${upload.max_files} files at a time, ${upload.max_file_bytes / MIB} MiB each, ${upload.max_bytes / MIB} MiB together`;
      at('add-hint').replaceChildren(upload.suffixes.join(' '), node('br'), limits);
    }
    redraw(at('index-documents'), [documents, changes, allowed, this.doubted], () => this.#rows());
  }

  /** Another generation answers: what was to be searched after the rebuild is. */
  #searched() {
    const rebuild = at('library-line').querySelector('[data-key="rebuild"]');
    if (!rebuild) return;
    if (rebuild === document.activeElement) at('add').focus();
    at('library-line').replaceChildren();
  }

  #rows() {
    const { documents, changes } = this.facts;
    const rows = documents.map((one) => {
      const gone = changes.removed.includes(one.document);
      const state = gone ? 'Removed; answers until the rebuild' : changes.changed.includes(one.document) ? 'Changed; the rebuild reads it again' : '';
      const title = button('title', one.title, '', `read ${one.document}`, () => this.onRead(one));
      return this.#row(one.document, title, [counted(one.passages, 'passage'), counted(one.sentences, 'sentence')], state, !gone);
    });
    rows.push(...changes.added.map((name) => this.#row(name, node('b', {}, name), [], 'New; searched after the rebuild', true)));
    return rows.length ? rows : [node('li', { className: 'none' }, this.facts.allowed ? 'No document is indexed. Add some, then rebuild the index.' : 'No document is indexed.')];
  }

  #row(name, title, counts, state, removable) {
    const words = dotted([...(title.textContent === name ? [] : [name]), ...counts]);
    const told = node('div', {}, title, ...(words ? [node('small', {}, words)] : []));
    if (state) told.append(node('small', { className: 'state' }, state));
    const row = node('li', {}, told);
    if (!this.facts.allowed || !removable) return row;
    if (this.doubted !== name) {
      row.append(button('quiet', 'Remove', `Remove ${name}`, `remove ${name}`, () => this.#doubt(name, `yes ${name}`)));
      return row;
    }
    const keep = () => this.#doubt(null, `remove ${name}`);
    const sure = node(
      'div', { className: 'sure' }, node('span', {}, 'Remove it?'),
      button('plain', 'Remove', `Yes, remove ${name}`, `yes ${name}`, () => this.#remove(name)),
      button('quiet', 'Keep', `Keep ${name}`, `keep ${name}`, keep),
    );
    sure.addEventListener('keydown', (event) => event.key === 'Escape' && keep());
    row.append(sure);
    return row;
  }

  /** Ask whether to remove a document, or leave the question; `key` names the button that has the keyboard then. */
  #doubt(name, key) {
    this.doubted = name;
    this.draw(this.facts);
    at('index-documents').querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }

  async #remove(name) {
    const told = await send(`/v1/documents/${name.split('/').map(encodeURIComponent).join('/')}`, { method: 'DELETE' });
    this.doubted = null;
    if (!told.ok) this.#say(told.error);
    else this.#say(`${name} was removed.`, button('plain', 'Undo', `Bring ${name} back`, '', () => this.#restore(told)));
    // Beside a long list the reader stays where the document was.
    at('library-line').querySelector('button')?.focus({ preventScroll: true });
    this.onChange();
  }

  async #restore({ kept }) {
    const told = await send('/v1/documents/restore', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ kept }),
    });
    this.#say(told.ok ? `${told.document} is back.` : told.error);
    await this.onChange();
    const row = told.ok && at('index-documents').querySelector(`[data-key="${CSS.escape(`remove ${told.document}`)}"]`);
    (row || at('add')).focus();
  }

  #say(line, ...also) {
    at('library-line').replaceChildren(node('span', {}, line), ...also);
  }

  #drag(event, over) {
    if (!at('drop') || !event.dataTransfer?.types.includes('Files')) return;
    // Else the browser leaves the page and opens the file.
    event.preventDefault();
    at('drop').classList.toggle('over', over);
  }

  #drop(event) {
    this.#drag(event, false);
    if (!event.defaultPrevented || document.body.dataset.view !== 'index') return;
    const folders = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry?.isDirectory);
    const named = new Set(folders.map((entry) => entry.name));
    this.#add([...event.dataTransfer.files].filter((file) => !named.has(file.name)), folders);
  }

  /** Send files one after another, so that each is told as soon as it is judged. */
  async #add(files, folders = []) {
    if (this.sending || files.length + folders.length === 0) return;
    const { upload } = this.facts;
    this.sending = true;
    at('add').disabled = true;
    at('add-lines').replaceChildren(...folders.map(({ name }) => this.#refused(`${name}: a folder; drop its files`)));
    const together = files.reduce((sum, file) => sum + file.size, 0);
    if (files.length > upload.max_files) {
      this.#line(this.#refused(`${files.length} files are too many; add at most ${upload.max_files} at a time`));
    } else if (together > upload.max_bytes) {
      this.#line(this.#refused(`${sized(together)} are too much; add at most ${upload.max_bytes / MIB} MiB at a time`));
    } else {
      for (const file of files) await this.#send(file, this.#line(node('li', {}, `${file.name}: being sent`)));
    }
    const kept = at('add-lines').querySelectorAll('.kept').length;
    if (kept) {
      const rebuild = button('plain', 'Rebuild now', '', 'rebuild', () => at('rebuild').click());
      this.#say(`${counted(kept, 'document')} added, searched after the rebuild.`, rebuild);
    }
    this.sending = false;
    at('add').disabled = false;
    this.onChange();
  }

  #line(item) {
    at('add-lines').append(item);
    return item;
  }

  #refused(line) {
    return node('li', { className: 'refused' }, line);
  }

  async #send(file, item, replace = false) {
    const { upload } = this.facts;
    const suffix = /\.[^.]*$/.exec(file.name.toLowerCase())?.[0] ?? '';
    // What the server would refuse need not travel; it judges the rest.
    if (!upload.suffixes.includes(suffix)) {
      return item.replaceWith(this.#refused(`${file.name}: not a document that can be read`));
    }
    if (file.size > upload.max_file_bytes) {
      return item.replaceWith(this.#refused(`${file.name}: larger than ${upload.max_file_bytes / MIB} MiB; split it`));
    }
    const body = new FormData();
    body.append('files', file, file.name);
    if (replace) body.append('replace', 'true');
    const told = await send('/v1/documents', { method: 'POST', body });
    const [added, refused] = [told.added?.[0], told.refused?.[0]];
    if (added) {
      const renamed = added.document === file.name ? '' : ` as ${added.document}`;
      return item.replaceWith(node('li', { className: 'kept' }, `${file.name}: ${added.kept ? 'replaced' : 'added'}${renamed}, ${sized(added.bytes)}`));
    }
    const line = this.#refused(refused?.reason ?? `${file.name}: ${told.error}`);
    if (refused?.code === 'exists' && !replace) {
      line.append(button('plain', 'Replace it', `Replace ${file.name}`, '', async () => {
        const again = node('li', {}, `${file.name}: being sent`);
        line.replaceWith(again);
        at('add').focus();
        await this.#send(file, again, true);
        this.onChange();
      }));
    }
    item.replaceWith(line);
  }
}
