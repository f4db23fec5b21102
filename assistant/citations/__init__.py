"""Who wrote a document and how it is cited; conversations exported."""
