"""A case retold in other words: every text of it that a customer may have written, rewritten."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from ekukit.archive import empty_archive
from ekukit.connections import Outcome, Presented
from ekukit.diagnosis.case import Case, CaseNode, Observed
from ekukit.diagnosis.finding import Evidence, Finding

# The fields that can name somebody. Titles, codes, fact ids and serials are not among them.
_FIELDS: dict[type, tuple[str, ...]] = {
    CaseNode: ("host", "how_known"),
    Finding: ("found", "required", "todo", "decide", "evidence"),
    Evidence: ("file", "text"),
    Observed: ("by", "detail"),
    Outcome: ("reason", "check", "todo", "initiator", "responder", "presented_by_client",
              "presented_by_server", "text", "hidden", "notes"),
    Presented: ("node", "issuer"),
}  # fmt: skip
# Columns of the kit's own words and numbers.
_OWN = frozenset(
    ["store", "public", "serial", "eku", "key", "kind", "server_serials", "client_serials"]
)
_TOLD = ("headline", "nodes", "findings", "unknown", "predicted", "observed", "unread", "keys")
_TABLES = ("certificates", "timeline", "configuration", "handshakes")


def rewritten_case(case: Case, write: Callable[[str], str]) -> Case:
    """Return the case with `write` applied to its texts, in the order in which they are read.

    Of the archive only the certificates, without the parsed ones, and the list of files are left:
    a log has more in it than anybody looks through. The deployment is the caller's to change.
    """
    changed: dict[str, Any] = {name: _told(getattr(case, name), write) for name in _TOLD}
    changed |= {name: _written(getattr(case, name), write) for name in _TABLES}
    archive = replace(
        empty_archive(),
        certificates=_written(
            case.archive.certificates.drop(columns="pem", errors="ignore"), write
        ),
        members=_written(case.archive.members, write),
    )
    return replace(case, archive=archive, **changed)


def texts_of(case: Case) -> tuple[str, ...]:
    """Return the texts of a case that `rewritten_case` would rewrite, each once."""
    found: dict[str, None] = {}

    def note(text: str) -> str:
        found[text] = None
        return text

    rewritten_case(case, note)
    return tuple(found)


def _told(value: Any, write: Callable[[str], str]) -> Any:  # noqa: ANN401 - a text or what holds texts
    if isinstance(value, tuple):
        return tuple(_told(item, write) for item in value)
    if type(value) is str:  # a state or a severity is a text, too, and stays
        return write(value) if value else value
    names = _FIELDS.get(type(value), ())
    return replace(value, **{n: _told(getattr(value, n), write) for n in names}) if names else value


def _written(frame: pd.DataFrame, write: Callable[[str], str]) -> pd.DataFrame:
    columns = [name for name in frame.columns if name not in _OWN]
    made = {name: frame[name].astype(object).map(lambda cell: _told(cell, write))
            for name in columns}  # fmt: skip
    return frame.assign(**made)
