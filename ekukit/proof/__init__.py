"""The proof: engines and judges against each other over a space that is enumerated."""

from ekukit.proof.proving import Proof, prove

__all__ = ["Proof", "prove"]
