// On a narrow page the source is a sheet over the rest, of which nothing is reached while it is open, by keyboard or
// screen reader: it lies behind, in part out of sight.

const at = (id) => document.getElementById(id);
const narrow = matchMedia('(max-width: 860px)');
let opener = null; // what had the keyboard when the sheet was opened

function draw() {
  const over = narrow.matches && document.body.classList.contains('sheet');
  for (const behind of [document.querySelector('header.top'), at('talk'), at('check-column')]) behind.inert = over;
}

/** Open or close it; `focus` takes the keyboard to its text. */
export function sheet(open, { focus = false } = {}) {
  const was = document.body.classList.contains('sheet');
  if (open && !was) opener = document.activeElement;
  const inside = was && !open && narrow.matches && at('source').contains(document.activeElement);
  document.body.classList.toggle('sheet', open);
  draw();
  if (open && focus && narrow.matches) at('paper').focus({ preventScroll: true });
  if (!inside) return;
  const seen = opener !== document.body && opener?.getClientRects().length > 0;
  (seen ? opener : at('open-source')).focus({ preventScroll: true });
}

narrow.addEventListener('change', draw);
