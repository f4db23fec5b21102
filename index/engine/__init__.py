"""Passages, vectors and BM25 in a distributed engine, when SCO_INDEX names one."""
