"""What is made of a text of a known form: an address, a host, a user, a banner, a telling word."""

import re
from collections.abc import Callable, Mapping

from ekukit.privacy.names import Names
from ekukit.privacy.shown_words import is_known_oid, is_shown
from ekukit.privacy.text_forms import address_of, banner_words, is_host
from ekukit.privacy.text_pieces import TextPiece

_TOLD = re.compile(r"(.*?)([\"']?\s?(?:[=:>]|\bis\b)\s?|\s)(\S.*)", re.DOTALL)


def left_out(value: str) -> list[TextPiece]:
    """Return a value left out, without the blanks and quotes around it."""
    inner = value.strip(" \t\"'")
    if not inner:
        return [TextPiece(value)]
    before, _, after = value.partition(inner)
    return [TextPiece(before), TextPiece(inner, shown=False), TextPiece(after)]


def _headed(_names: Names, said: str) -> list[TextPiece]:
    key, sign, value = said.partition(":")
    return [TextPiece(key, is_shown(key, strict=True)), TextPiece(sign), *left_out(value)]


def _told(names: Names, said: str) -> list[TextPiece]:
    found = _TOLD.fullmatch(said)
    if found is None:
        return [TextPiece(said, shown=False)]
    key, sign, value = found.groups()
    inner = value.strip("\"'")
    kind = names.known.kind(inner)
    told = [TextPiece(names.called(kind, inner))] if kind else left_out(value)
    return [TextPiece(key, is_shown(key, strict=False)), TextPiece(sign), *told]


def _oid(names: Names, said: str) -> list[TextPiece]:
    return [TextPiece(said if is_known_oid(said) else names.pseudonyms.of("oid", said))]


def _host(names: Names, said: str) -> list[TextPiece] | None:
    dot = "." if said.endswith(".") else ""
    return [TextPiece(names.host(said) + dot)] if is_host(said.rstrip(".")) else None


def _user(names: Names, said: str) -> list[TextPiece]:
    who, _, where = said.replace("%40", "@").partition("@")
    where, colon, port = where.partition(":")
    user = names.pseudonyms.of("user", who)
    return [TextPiece(f"{user}@{names.host(where) if where else ''}{colon}{port}")]


def _address(names: Names, said: str) -> list[TextPiece] | None:
    name, _, rest = said.partition("/")
    if rest or address_of(name):
        found = address_of(name)
        return [TextPiece(names.host(str(found)))] if found else None
    name, _, port = said.rpartition(":")
    return [TextPiece(f"{names.host(name.strip('[]'))}:{port}")] if address_of(name) else None


def _shown(_names: Names, said: str) -> list[TextPiece]:
    return [TextPiece(said)]


def _out(_names: Names, said: str) -> list[TextPiece]:
    return [TextPiece(said, shown=False)]


# By the names of the forms in `recognized`; None says that it is none after all.
MADE: Mapping[str, Callable[[Names, str], list[TextPiece] | None]] = {
    "time": _shown,
    "count": _shown,
    "error": _shown,
    "attribute": _shown,
    "login": _out,
    "hex": _out,
    "broken": _out,
    "header": _headed,
    "who": _headed,
    "telling": _told,
    "uri": _user,
    "oid": _oid,
    "host": _host,
    "v4": _address,
    "v6": _address,
    "bracketed": _address,
    "banner": lambda _names, said: [TextPiece(banner_words(said))],
    "file": lambda names, said: [TextPiece(names.file(said))],
}
