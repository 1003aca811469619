"""Orders: what a slot's certificate must have, how it is asked for, and what came back."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL
