// Light or dark: the system's preference, until the reader chooses.

const STORE = 'verbatim-theme';

function chosen() {
  try { return localStorage.getItem(STORE); } catch { return null; /* storage may be switched off */ }
}

export function applyTheme() {
  const dark = chosen() ? chosen() === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  draw(dark);
}

export function switchTheme() {
  const dark = document.documentElement.dataset.theme !== 'dark';
  try { localStorage.setItem(STORE, dark ? 'dark' : 'light'); } catch { /* then it lasts as long as the page */ }
  draw(dark);
}

function draw(dark) {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  // Gradio's own parts listen to this class, and Gradio sets it by the system's preference alone.
  document.body.classList.toggle('dark', dark);
}
