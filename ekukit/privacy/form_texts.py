"""What is made of a text of a known form: an address, a host, a user, a banner, a telling word."""

import re
from collections.abc import Callable, Mapping

from ekukit.privacy.names import Names
from ekukit.privacy.shown_words import is_known_oid, is_shown
from ekukit.privacy.text_forms import address_of, banner_words, is_host
from ekukit.privacy.text_pieces import Piece

_TOLD = re.compile(r"(.*?)([\"']?\s?(?:[=:>]|\bis\b)\s?|\s)(\S.*)", re.DOTALL)


def left_out(value: str) -> list[Piece]:
    """Return a value left out, without the blanks and quotes around it."""
    inner = value.strip(" \t\"'")
    if not inner:
        return [Piece(value)]
    before, _, after = value.partition(inner)
    return [Piece(before), Piece(inner, shown=False), Piece(after)]


def _headed(_names: Names, said: str) -> list[Piece]:
    key, sign, value = said.partition(":")
    return [Piece(key, is_shown(key, strict=True)), Piece(sign), *left_out(value)]


def _told(names: Names, said: str) -> list[Piece]:
    found = _TOLD.fullmatch(said)
    if found is None:
        return [Piece(said, shown=False)]
    key, sign, value = found.groups()
    inner = value.strip("\"'")
    kind = names.known.kind(inner)
    told = [Piece(names.called(kind, inner))] if kind else left_out(value)
    return [Piece(key, is_shown(key, strict=False)), Piece(sign), *told]


def _oid(names: Names, said: str) -> list[Piece]:
    return [Piece(said if is_known_oid(said) else names.pseudonyms.of("oid", said))]


def _host(names: Names, said: str) -> list[Piece] | None:
    dot = "." if said.endswith(".") else ""
    return [Piece(names.host(said) + dot)] if is_host(said.rstrip(".")) else None


def _user(names: Names, said: str) -> list[Piece]:
    who, _, where = said.replace("%40", "@").partition("@")
    where, colon, port = where.partition(":")
    user = names.pseudonyms.of("user", who)
    return [Piece(f"{user}@{names.host(where) if where else ''}{colon}{port}")]


def _address(names: Names, said: str) -> list[Piece] | None:
    name, _, rest = said.partition("/")
    if rest or address_of(name):
        found = address_of(name)
        return [Piece(names.host(str(found)))] if found else None
    name, _, port = said.rpartition(":")
    return [Piece(f"{names.host(name.strip('[]'))}:{port}")] if address_of(name) else None


def _shown(_names: Names, said: str) -> list[Piece]:
    return [Piece(said)]


def _out(_names: Names, said: str) -> list[Piece]:
    return [Piece(said, shown=False)]


# By the names of the forms in `recognized`; None says that it is none after all.
MADE: Mapping[str, Callable[[Names, str], list[Piece] | None]] = {
    "time": _shown,
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
    "banner": lambda _names, said: [Piece(banner_words(said))],
    "file": lambda names, said: [Piece(names.file(said))],
}
