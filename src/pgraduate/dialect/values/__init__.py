"""Single values: numbers, texts, moments, booleans, JSON, blobs; how they compare, and how a column takes them."""
