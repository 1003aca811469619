"""Verbs: what the kit does, under one name and with one definition of each option everywhere."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL
