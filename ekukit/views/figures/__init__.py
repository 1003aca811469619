"""Figures as SVG: deployment, handshake, timeline, calendar, call chain."""
