// Permanent links: /?cite=… opens the source at the words it carries, or says plainly that it has expired.

/** Follow the link that opened the page. `words` is null when it has expired; the line says what became of it. */
export async function followLink() {
  const cite = new URLSearchParams(location.search).get('cite');
  if (cite === null) return null;
  try {
    const answer = await fetch('/v1/resolve', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ cite }),
    });
    const { fate, line, quote, error } = await answer.json();
    if (!answer.ok) return { line: error || 'The link could not be followed.', words: null };
    const words = quote && { ...quote, kind: 'cite', number: 1, sha256: quote.document_sha256 };
    return { line: fate === 'same' ? '' : line, words };
  } catch {
    return { line: 'The server cannot be reached, so the link was not followed.', words: null };
  }
}
