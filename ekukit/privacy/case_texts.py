"""A case retold: every text of it that a customer may have written, rewritten by what it is."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any

from ekukit.archive import empty_archive
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind, Observed
from ekukit.frames import Row, Rows


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
         "behind", "codes", "form"), Said.OWN),
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
    changed: dict[str, Any] = {}
    for field in fields(case):
        value = getattr(case, field.name)
        if field.name == "rows":
            changed["rows"] = {name: _written(found, write) for name, found in value.items()}
        elif field.name not in {"archive", "deployment", "at"}:
            changed[field.name] = _told(value, Said.SENTENCE, write)
    empty = empty_archive()
    kept = {name: _written(case.archive.rows[name], write) for name in ("certificates", "members")}
    return replace(case, archive=replace(empty, rows={**empty.rows, **kept}), **changed)


def _told(value: Any, said: Said, write: Write) -> Any:  # noqa: ANN401 - one for each kind
    if type(value) is str:
        return value if said is Said.OWN or not value else write(value, said)
    if isinstance(value, (tuple, list)):
        return tuple(_told(item, said, write) for item in value)
    if isinstance(value, Mapping):
        return {_told(name, said, write): _told(item, said, write) for name, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _retold(value, write)
    if isinstance(value, datetime) and said is Said.DAY:
        return value.replace(hour=0, minute=0, second=0, microsecond=0)
    return value if isinstance(value, _PLAIN) else None


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


def _written(found: Rows, write: Write) -> Rows:
    """Return a table rewritten column by column; numbers stay as they are."""
    kinds = {name: kind if kind.startswith("datetime") else "object"
             for name, kind in found.kinds.items() if name not in _ALWAYS_DROPPED}  # fmt: skip
    told = [_column(found, name, write) for name in kinds]
    return Rows(kinds, [dict(zip(kinds, row, strict=True)) for row in zip(*told, strict=True)])


def _column(found: Rows, name: str, write: Write) -> list[object]:
    said, captured = _said(name, None), _said(name, EvidenceKind.PACKET)

    def told(row: Row) -> object:
        kind = captured if row.get("packet") is not None else said
        return row.get(name) if said is Said.OWN else _told(row.get(name), kind, write)

    return [told(row) for row in found.rows]
