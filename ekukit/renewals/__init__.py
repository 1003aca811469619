"""Renewals: when certificates lose clientAuth, and what goes down on that day."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL
