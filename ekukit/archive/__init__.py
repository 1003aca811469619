"""A diagnostic archive: what it holds, as typed tables."""
