"""Capture files, read as a table of handshakes: who presented what; knows nothing of Expressway."""
