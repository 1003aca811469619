"""Other TLS stacks: what each did with a certificate without clientAuth, by handshakes."""

from ekukit.stacks.known import KNOWN, KnownStack
from ekukit.stacks.published_rows import PublishedStack, StackRow, published

__all__ = ["KNOWN", "KnownStack", "PublishedStack", "StackRow", "published"]
