"""Questions to begin with: mined from the documents, then asked."""
