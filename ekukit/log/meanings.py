"""What a failure's words mean: found in the one table of `ekukit.log.words`.

A text is looked through once: at each of its words the few texts of the table that begin with it
are compared. Direction is part of the meaning: an alert was received, a verify text is the node's
own refusal (L4).
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from ekukit.connections import Cause, Side
from ekukit.log.troubles import Trouble
from ekukit.log.words import Fate, Trade, WordRow, rows, vocabulary

_MOST = 4096
_WORD = re.compile(r"[a-z0-9_/]+")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "_": "_"})
# OpenSSL leaves the word out in these, which are alerts all the same.
_ALERT = re.compile(
    r"\balert\b|\b(?:sslv3|tlsv1|tlsv13|ssl/tls) (?=unsupported extension|unrecognized name"
    r"|certificate unobtainable|bad certificate)|\bremote error: tls: "
)
_ALERT_WORD = re.compile(r"\balert\W{1,3}")
_NUMBER = re.compile(r"\balert(?: [a-z]+){0,2}\W{0,3}(\d{1,3})\b")
_WRITTEN = re.compile(
    r"\b(?:write|writes|writing|wrote|sent|send|sends|sending|generated) (?:\w+ ){0,3}alert\b"
    r"|\balert(?:\W+(?:write|written|sent)\b)"
)
_BY_PEER = re.compile(r"\b(?:peer|server|client|remote|far end) (?:\w+ ){0,2}(?:sent|sends|wrote)")
_CODE = re.compile(r"\berror:([0-9a-f]{8})\b")
_OLD_LIBRARY, _NEW_LIBRARY, _FIRST_ALERT = 0x14, 20, 1000
# One of these stands wherever more than the table's texts is looked for.
_SIGNS = ("alert", "error:", "sslv", "tlsv", "ssl/tls", "remote error")
_FIGURES = str.maketrans("123456789", "000000000")
_LIKE = 0.45
_JUDGES = (Trade.VERIFY, Trade.STACK)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What words mean: the fate, the cause where they name it (OTHER where they do not), the row.

    `received` says that the other end told it, by an alert.
    """

    fate: Fate
    cause: Cause = Cause.OTHER
    trouble: Trouble | None = None
    received: bool = False
    row: WordRow | None = None

    @property
    def vague(self) -> bool:
        """Return whether the words give way to any others of the same connection."""
        return self.row is None or self.row.vague


def meaning_of(text: str, *, ssh: bool = False) -> Meaning | None:
    """Return what a line's words mean, None when no word of the table is among them.

    `ssh` says that SSH's programs wrote it, whose words mean other things than TLS's. Only the
    first 4096 characters are looked at.
    """
    return _meaning(text[:_MOST], ssh)


def is_silent(text: str) -> bool:
    """Return whether a text means nothing, and would not with other figures in place of its own."""
    shown = _normal(text).translate(_FIGURES)
    loose = shown.replace("_", " ")
    return not any(said in (shown if "_" in said else loose) for said in _without_figures())


def judged_side(meaning: Meaning, *, inbound: bool) -> Side:
    """Return whose certificate was refused, by who tells it and who opened the connection.

    An alert came from the other end, which refused ours; any other text is our own refusal of
    theirs (L4).
    """
    return Side.SERVER if inbound == meaning.received else Side.CLIENT


def alert_meaning(number: int) -> Meaning:
    """Return what a TLS alert means to the end that receives it (RFC 8446 6.2)."""
    row = _by_alert().get(number)
    return _made(row, received=True) if row else _UNKNOWN_ALERT


def nearest(text: str) -> str:
    """Return the words of the table that are most like a text, "" when none are."""
    shown = _normal(text)[-160:]
    found = get_close_matches(shown, vocabulary(), n=1, cutoff=_LIKE)
    if found:
        return found[0]
    words = {word for word in _WORD.findall(shown) if len(word) > 4}  # noqa: PLR2004 - short ones say little
    scored = [(len(words & set(_WORD.findall(known))), known) for known in vocabulary()]
    best = max(scored, default=(0, ""))
    return best[1] if best[0] else ""


@lru_cache(4096)
def _meaning(text: str, ssh: bool) -> Meaning | None:  # noqa: FBT001 - a cache has no keywords
    shown = _normal(text)
    found = _found(shown, ssh=ssh)
    loose = shown.replace("_", " ")
    if not ssh and _ALERT.search(loose):
        return _alert(loose, found)
    found = [row for row in found if row.trade is not Trade.ALERT]
    if not found or found[0].vague:
        coded = _coded(shown)
        bare = not found or (found[0].cause is Cause.OTHER and found[0].trouble is None)
        if coded is not None and (bare or coded.row is None or not coded.row.vague):
            return coded
    return _made(found[0]) if found else None


def _normal(text: str) -> str:
    return " ".join(text.translate(_QUOTES).lower().split())


def _found(shown: str, *, ssh: bool) -> list[WordRow]:
    """Return the rows whose texts stand in a normal text, the most telling first."""
    hits: dict[int, tuple[bool, bool, bool, int, WordRow]] = {}
    index = _index()
    spaced = shown.replace("_", " ") if "_" in shown else ""
    for looked in (shown, spaced) if spaced else (shown,):
        for word in _WORD.finditer(looked):
            for text, row in index.get(word[0], ()):
                start, end = word.start(), word.start() + len(text)
                if looked.startswith(text, start) and not looked[end : end + 1].isalnum():
                    foreign = (row.trade is Trade.SSH) is not ssh
                    bare = row.cause is Cause.OTHER and row.trouble is None
                    hit = (row.vague, bare, foreign, -len(text), row)
                    if id(row) not in hits or hit[:4] < hits[id(row)][:4]:
                        hits[id(row)] = hit
    kept = [hit for hit in hits.values() if ssh or hit[4].trade is not Trade.SSH]
    return [hit[4] for hit in sorted(kept, key=lambda hit: hit[:4])]


def _alert(shown: str, found: list[WordRow]) -> Meaning:
    named = [row for row in found if row.trade is Trade.ALERT]
    written = _WRITTEN.search(shown) is not None and _BY_PEER.search(shown) is None
    own = next((row for row in found if row.trade in _JUDGES and not row.vague), None)
    if written and own is not None:
        return _made(own)  # who wrote the alert says why
    number = _NUMBER.search(shown)
    row = _by_alert().get(int(number[1])) if number else None
    row = row or _behind(shown, named) or next(iter(named), None)
    if row is None:
        coded = _coded(shown)
        return coded if coded is not None else _UNKNOWN_ALERT
    return _made(row, received=not written)


def _behind(shown: str, named: list[WordRow]) -> WordRow | None:
    """Return the row whose name stands right behind the word alert; others may stand about it."""
    ends = [found.end() for found in _ALERT_WORD.finditer(shown)]
    return next((row for end in ends for row in named
                 if any(shown.startswith(text, end) for text in row.texts)), None)  # fmt: skip


def _coded(shown: str) -> Meaning | None:
    """Return what OpenSSL's error code alone means, of 1.x ("14094416") and 3.x ("0A000416")."""
    for told in _CODE.finditer(shown):
        code = int(told[1], 16)
        if code >> 24 == _OLD_LIBRARY:
            reason = code & 0xFFF
        elif code >> 23 == _NEW_LIBRARY:
            reason = code & 0x7FFFFF
        else:
            continue
        if reason >= _FIRST_ALERT:
            return alert_meaning(reason - _FIRST_ALERT)
        if (row := _by_reason().get(reason)) is not None:
            return _made(row)
    return None


def _made(row: WordRow, *, received: bool = False) -> Meaning:
    return Meaning(row.fate, row.cause, row.trouble, received, row)


_UNKNOWN_ALERT = Meaning(Fate.REFUSED, received=True)


@cache
def _index() -> dict[str, tuple[tuple[str, WordRow], ...]]:
    """Return the texts of the table by their first word, the longest first."""
    found: dict[str, list[tuple[str, WordRow]]] = {}
    for row in rows():
        for text in row.texts:
            first = _WORD.match(text)
            assert first is not None, text  # noqa: S101 - the table is the kit's own
            found.setdefault(first[0], []).append((text, row))
    return {word: tuple(sorted(own, key=lambda pair: -len(pair[0]))) for word, own in found.items()}


@cache
def _without_figures() -> tuple[str, ...]:
    """Return what a text that means something has, with one figure in the place of all."""
    return tuple(text.translate(_FIGURES) for text in (*_SIGNS, *vocabulary()))


@cache
def _by_alert() -> dict[int, WordRow]:
    return {number: row for row in rows() if row.trade is Trade.ALERT for number in row.numbers}


@cache
def _by_reason() -> dict[int, WordRow]:
    return {reason: row for row in rows() for reason in row.reasons}


# TLS alerts that name a cause, by number; others say at most that something was refused.
ALERT_CAUSES: dict[int, Cause] = {
    number: row.cause
    for row in rows()
    if row.trade is Trade.ALERT and row.cause is not Cause.OTHER
    for number in row.numbers
}

__all__ = ["ALERT_CAUSES", "Fate", "Meaning", "alert_meaning", "judged_side", "meaning_of",
           "nearest"]  # fmt: skip
