"""A small model that reads a sentence and tells how likely it answers a question, where similarity cannot."""
