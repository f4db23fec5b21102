"""English as the assistant knows it: words, verbs, names, phrases, spelling."""
