"""The structure of plain text, which has no marks of its own: paragraphs, headings, lists, letters, pages."""
