// The conversation as this browser keeps it. Each tab has its own, which a reload brings back and no other tab changes;
// a new tab begins with the one that was added to last. So is kept what has no answer yet: Gradio loads the page anew once
// a server that was lost answers.

const NAME = 'verbatim-conversation';
const HELD = 'verbatim-unanswered';
const CUT_OFF = 'verbatim-cut-off';
const NONE = '[]';
const MOST_BYTES = 1900000; // the server takes no more than 2 MiB

/** How many bytes a text is when it is sent: as a string of JSON, in UTF-8. */
const sent = (text) => new Blob([JSON.stringify(text)]).size;

/** What this tab keeps, as JSON. What it begins with is settled the first time, before another tab goes on. */
export function kept() {
  try {
    if (sessionStorage.getItem(NAME) === null) sessionStorage.setItem(NAME, localStorage.getItem(NAME) || NONE);
    return sessionStorage.getItem(NAME) || NONE;
  } catch { return NONE; }
}

/** The latest of these turns as JSON, as many as the server takes. */
export function fitting(turns) {
  const latest = [...turns];
  let text = JSON.stringify(latest);
  while (latest.length && sent(text) > MOST_BYTES) {
    latest.shift();
    text = JSON.stringify(latest);
  }
  return text;
}

/** Keep these turns in this tab, and for the tabs to come: where they are new, or what those had was this tab's. */
export function keep(turns, { isNew }) {
  const text = fitting(turns);
  try {
    const own = localStorage.getItem(NAME) === sessionStorage.getItem(NAME);
    // Before all else: what is cleared must not stay where another tab would find it.
    if (own) localStorage.removeItem(NAME);
    // None is kept as none: without it a reload would begin with what another tab has.
    sessionStorage.setItem(NAME, text);
    if (text !== NONE && (own || isNew)) localStorage.setItem(NAME, text);
  } catch { /* storage may be switched off or full; then the conversation lasts as long as the page */ }
}

/** Hold words that have no answer yet, in this tab. */
export function hold(words) {
  try {
    if (words) sessionStorage.setItem(HELD, words);
    else sessionStorage.removeItem(HELD);
  } catch { /* as for what is kept */ }
}

export function held() {
  try { return sessionStorage.getItem(HELD) || ''; } catch { return ''; }
}

/** Note, for the page when it is loaded again, that what it holds was asked and cut off. */
export function cutOff() {
  try { sessionStorage.setItem(CUT_OFF, 'yes'); } catch { /* then it is not told again */ }
}

/** Whether that was noted; it is told once. */
export function wasCutOff() {
  try {
    const noted = sessionStorage.getItem(CUT_OFF) !== null;
    sessionStorage.removeItem(CUT_OFF);
    return noted;
  } catch { return false; }
}
