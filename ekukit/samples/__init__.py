"""Synthetic archives, written from lab runs, and the sample cases; no case needs them."""
