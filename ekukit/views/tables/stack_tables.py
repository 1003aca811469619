"""What other stacks did with a certificate: as rows with their words, and as a matrix."""

import pandas as pd

from ekukit.certificates import eku_words
from ekukit.frames import frame_of
from ekukit.stacks import KNOWN, KnownStack, StackRow, published
from ekukit.stacks.kinds import LEAF_KINDS, EkuKind

TAKEN_COLUMNS = ("Stack", "As server, of such a client", "Alert, and its own words", "Facts")
SENT_COLUMNS = ("Stack", "As client, of its own", "Facts")
_TAKEN = {True: "✓ accepts it", False: "✗ refuses it"}
_SENT = {True: "✓ sends it", False: "✗ sends none"}
_MOST_WORDS = 170


def taken_table(leaf: EkuKind, issuing: EkuKind) -> pd.DataFrame:
    """Return what each stack did as server with such a client certificate; TAKEN_COLUMNS."""
    rows = [
        (stack.title, _TAKEN[row.good], _short(row.text), ", ".join(stack.facts))
        for stack, row in _rows("clients", leaf, issuing)
    ]
    return frame_of(rows, TAKEN_COLUMNS)


def sent_table(leaf: EkuKind) -> pd.DataFrame:
    """Return whether each stack sends such a certificate of its own; columns SENT_COLUMNS."""
    rows = [
        (stack.title, _SENT[row.good], ", ".join(stack.facts))
        for stack, row in _rows("own", leaf, EkuKind.NONE)
    ]
    return frame_of(rows, SENT_COLUMNS)


def taken_matrix(issuing: EkuKind) -> pd.DataFrame:
    """Return whom each stack takes under such an issuing CA: a row for each leaf, by stack."""
    columns = ("The leaf's EKUs", *(stack.title for stack in KNOWN.values()))
    rows = [
        (
            kind_words(leaf),
            *("✓" if row.good else "✗" for _, row in _rows("clients", leaf, issuing)),
        )
        for leaf in LEAF_KINDS
    ]
    return frame_of(rows, columns)


def kind_words(kind: EkuKind) -> str:
    """Return a kind of EKU set in the field's words."""
    return eku_words(kind.ekus)


def _rows(which: str, leaf: EkuKind, issuing: EkuKind) -> list[tuple[KnownStack, StackRow]]:
    return [
        (stack, getattr(published(name), which)[leaf, issuing]) for name, stack in KNOWN.items()
    ]


def _short(text: str) -> str:
    # Java says it twice, with each class that passed it on.
    said = text.partition(" <- ")[0]
    return f"{said[:_MOST_WORDS]} …" if len(said) > _MOST_WORDS else said
