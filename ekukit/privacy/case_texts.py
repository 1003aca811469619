"""A case retold: every text of it that a customer may have written, rewritten by what it is."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any

import pandas as pd

from ekukit.archive import empty_archive
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind, Observed


class Said(StrEnum):
    """What a text of a case is, and so how it is rewritten."""

    OWN = "the kit's own word or number"
    SENTENCE = "a sentence of the kit with names in it"
    QUOTED = "words from outside"
    PLACE = "a host by name or address, with or without port"
    FILE = "a file's path"
    SERIAL = "a serial number in hexadecimal"
    NAME = "a distinguished name or a name in a certificate"
    DAY = "a moment of which only the day is told"


# What fields and columns of these names hold. A text of any other is a sentence with names in it.
SAID: Mapping[str, Said] = {
    **dict.fromkeys(
        ("code", "connection", "title", "facts", "engine", "basis", "severity", "confidence",
         "kind", "store", "public", "role", "release", "mode", "protocol", "days_left", "line",
         "packet", "key", "id", "number", "system", "place", "effects", "doubtful", "restores",
         "behind", "codes"), Said.OWN),
    **dict.fromkeys(
        ("text", "detail", "value", "version", "hidden", "reply", "banner"), Said.QUOTED),
    **dict.fromkeys(
        ("host", "node", "source", "destination", "client", "server", "initiator", "responder",
         "sni", "src_ip", "dst_ip", "address", "peers"), Said.PLACE),
    **dict.fromkeys(("file",), Said.FILE),
    **dict.fromkeys(("serial", "serials", "server_serials", "client_serials"), Said.SERIAL),
    **dict.fromkeys(
        ("subject", "issuer", "names", "chain", "client_subject", "client_issuer",
         "server_subject", "server_issuer"), Said.NAME),
    **dict.fromkeys(("not_before", "not_after", "counted_from"), Said.DAY),
}  # fmt: skip
_ALWAYS_DROPPED = frozenset(("pem", "parsed", "server_chain", "client_chain"))
_PLAIN = (bool, int, float, Enum, datetime)
Write = Callable[[str, Said], str]


def rewritten_case(case: Case, write: Write) -> Case:
    """Return the case with `write` applied to its texts, in the order in which they are read.

    `write` is given each text with what it is; the kit's own words are left out. Of the archive
    only certificates, without the parsed ones, and the list of files are left: a log has more in
    it than anybody looks through. The deployment is the caller's to change. Of bytes and objects
    that nobody rewrites nothing is left.
    """
    changed: dict[str, Any] = {
        field.name: _told(getattr(case, field.name), Said.SENTENCE, write)
        for field in fields(case)
        if field.name not in {"archive", "deployment", "at"}
    }
    archive = replace(
        empty_archive(),
        certificates=_told(case.archive.certificates, Said.SENTENCE, write),
        members=_told(case.archive.members, Said.SENTENCE, write),
    )
    return replace(case, archive=archive, **changed)


def _told(value: Any, said: Said, write: Write) -> Any:  # noqa: ANN401, PLR0911 - one for each kind
    if type(value) is str:
        return value if said is Said.OWN or not value else write(value, said)
    if isinstance(value, (tuple, list)):
        return tuple(_told(item, said, write) for item in value)
    if isinstance(value, Mapping):
        return {_told(name, said, write): _told(item, said, write) for name, item in value.items()}
    if isinstance(value, pd.DataFrame):
        return _written(value, write)
    if is_dataclass(value) and not isinstance(value, type):
        return _retold(value, write)
    if isinstance(value, datetime) and said is Said.DAY and value is not pd.NaT:
        return value.replace(hour=0, minute=0, second=0, microsecond=0)
    return value if isinstance(value, _PLAIN) or value is pd.NA or value is None else None


def _retold(value: Any, write: Write) -> Any:  # noqa: ANN401 - any of the case's dataclasses
    source = value.kind if isinstance(value, Evidence) else None
    source = value.by.kind if isinstance(value, Observed) else source
    made = {
        field.name: _told(getattr(value, field.name), _said(field.name, source), write)
        for field in fields(value)
        if field.init
    }
    return replace(value, **made)


def _said(name: str, source: EvidenceKind | None) -> Said:
    """Return what a field holds; of captures, certificates and rules the kit tells in sentences."""
    told = source in {EvidenceKind.PACKET, EvidenceKind.CERTIFICATE, EvidenceKind.RULE}
    return Said.SENTENCE if told and name in {"text", "detail"} else SAID.get(name, Said.SENTENCE)


def _written(frame: pd.DataFrame, write: Write) -> pd.DataFrame:
    """Return a table rewritten column by column; columns of numbers stay as they are."""
    names = [name for name in frame.columns if name not in _ALWAYS_DROPPED]
    made = {name: _column(frame, str(name), write) for name in names}
    return pd.DataFrame(made, index=frame.index, columns=names, dtype=object)


def _column(frame: pd.DataFrame, name: str, write: Write) -> pd.Series:
    column = frame[name].astype(object)
    said = _said(name, None)
    if pd.api.types.is_numeric_dtype(frame[name]) or said is Said.OWN:
        return column
    captured = _said(name, EvidenceKind.PACKET)
    if captured is said or "packet" not in frame:
        told = [_told(cell, said, write) for cell in column]
    else:
        told = [
            _told(cell, captured if packet else said, write)
            for cell, packet in zip(column, frame["packet"].notna(), strict=True)
        ]
    return pd.Series(told, index=frame.index, dtype=object)
