"""Capture files, as a table of handshakes: who presented what; of Expressway it knows the ports."""
