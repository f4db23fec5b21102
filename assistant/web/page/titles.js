// The titles of documents. Where several have the same, their paths tell them apart.

import { citationOf } from './viewer.js';

/** The titles that more than one document has. */
function shared(documents) {
  const seen = new Set();
  return new Set(documents.map(({ title }) => title).filter((title) => seen.size === seen.add(title).size));
}

/** A choice for each document, by its path; by its path too where another has the same title. */
export function choices(documents) {
  const alike = shared(documents);
  return documents.map(({ title, document: path }) => new Option(alike.has(title) ? `${title} (${path})` : title, path));
}

/** Have each quote in the chat name its document's path where the title is not enough; drawn by the style. */
export function tellApart(chat, documents) {
  const alike = shared(documents);
  for (const quote of chat.querySelectorAll('.reply blockquote')) {
    const title = quote.querySelector('.where > cite');
    const path = citationOf(quote.querySelector('a.cite'))?.document;
    if (path && alike.has(title.textContent)) title.dataset.path = path;
    else delete title.dataset.path;
  }
}
