"""Diagnosis: from a customer's certificates and archives to a deployment, and what follows."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL
