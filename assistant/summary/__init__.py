"""A few sentences by a language model, kept only where the quotes say the same (optional)."""
