"""One service for many who ask: turns, limits, caches, documents and rebuilds."""
