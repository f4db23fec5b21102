// What the scripts that draw lists share. Every text goes in as text, so that a file's name cannot be anything else.

export const at = (id) => document.getElementById(id);

/** An element; `traits` are its properties, `inside` nodes and texts. */
export function node(name, traits = {}, ...inside) {
  const made = Object.assign(document.createElement(name), traits);
  made.append(...inside);
  return made;
}

/** A button with a name of its own for screen readers; `key` finds it again when its list is drawn anew. */
export function button(className, text, label, key, does) {
  const made = node('button', { type: 'button', className, textContent: text });
  if (label) made.setAttribute('aria-label', label);
  if (key) made.dataset.key = key;
  made.addEventListener('click', does);
  return made;
}

/** Draw a list anew when `facts` are others than those drawn last; the keyboard stays where it is. */
export function redraw(list, facts, rows) {
  const known = JSON.stringify(facts);
  if (list.dataset.known === known) return;
  list.dataset.known = known;
  const key = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  list.replaceChildren(...rows());
  if (key) (list.querySelector(`[data-key="${CSS.escape(key)}"]`) || list.querySelector('button'))?.focus();
}

export function counted(count, one) {
  return `${count.toLocaleString('en')}\u00a0${one}${count === 1 ? '' : 's'}`;
}

/** Short facts in a line, which breaks after a dot and not before it. */
export function dotted(facts) {
  return facts.join('\u00a0· ');
}

export function sized(bytes) {
  const [size, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1000), 'kB'] : [bytes / 1e6, 'MB'];
  return `${size.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`;
}

export function dated(iso) {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** A span of time as one would say it. */
export function lasting(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}
