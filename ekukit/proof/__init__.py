"""The proof: engines and judges against each other over a space that is enumerated."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL

# isort: split
from ekukit.proof.proving import Proof, prove

__all__ = ["Proof", "prove"]
