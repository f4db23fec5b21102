"""Words of a document: cut, placed, linked, and looked up again."""
