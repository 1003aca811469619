"""Synthetic archives, written from lab runs, and the sample cases; no case needs them."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL
