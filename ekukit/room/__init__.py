"""What a trainer needs around the views: the page for a room, its check, bundles, hand-outs."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL
