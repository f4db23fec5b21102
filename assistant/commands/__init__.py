"""The commands of ``python -m assistant``."""
