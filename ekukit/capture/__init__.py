"""Capture files, as a table of handshakes: who presented what; of Expressway it knows the ports."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL
