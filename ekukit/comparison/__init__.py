"""Comparison: what differs between two deployments, and what of it mended or broke something."""
