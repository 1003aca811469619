"""The last door: what is passed on is searched for the names and values that the archive holds."""

import binascii
import re
import unicodedata
from base64 import b64decode
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

from ekukit.diagnosis.case import Case
from ekukit.errors import InputError
from ekukit.privacy.identities import names_in
from ekukit.privacy.names import values_of
from ekukit.privacy.text_forms import PLAIN_WORDS
from ekukit.privacy.vocabulary import own_words, whole_words

_WORD = re.compile(r"[^\W_]+")
_PSEUDONYM = re.compile(r"\[[a-z]+\d+\]")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2}[\s:-]?){5,}")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\0\\"))
# Shorter words stand in too many others; numbers are told apart from counts and ports.
_SHORTEST, _SHORTEST_NUMBER = 5, 7
_INLINE = frozenset(("wbr", "span", "strong", "em", "code", "tspan"))
_SPOKEN = frozenset(("aria-label", "title", "alt", "href", "download", "content", "value", "id"))


@dataclass(frozen=True, slots=True, eq=False)
class Secrets:
    """Words that may not leave, each with where the archive has it."""

    words: Mapping[str, str]
    harmless: Collection[str]

    def refuse(self, shown: str, name: str) -> None:
        """Do nothing, or raise InputError when a text, as it is or encoded, holds such a word.

        Looked for: the word in any case, as part of another one, percent-encoded, as HTML
        entities, in hexadecimal, Base64 at every offset, UTF-16, full-width, reversed, with soft
        hyphens. The text itself is not repeated.
        """
        for line, where in self.found(shown):
            msg = (
                f"{name}: line {line} would show a value of the archive ({where}), so it was not "
                "made; this is a fault of ekukit: report it, and pass nothing of the case on"
            )
            raise InputError(msg)

    def found(self, shown: str) -> Iterator[tuple[int, str]]:
        """Yield the line and the origin of each word in a text that may not leave."""
        if not self.words:
            return
        index: dict[str, list[str]] = {}
        for word in self.words:
            index.setdefault(word[:_SHORTEST], []).append(word)
        numbers: dict[str, int] = {}
        for number, line in enumerate(shown.splitlines(), 1):
            numbers.setdefault(_PSEUDONYM.sub("[]", line), number)
        for line, number in numbers.items():
            for view in self._views(line):
                for place in range(len(view) - _SHORTEST + 1):
                    for word in index.get(view[place : place + _SHORTEST], ()):
                        if view.startswith(word, place):
                            yield number, self.words[word]

    def _views(self, line: str) -> Iterator[str]:
        plain = unicodedata.normalize("NFKC", unquote(unescape(line)).translate(_INVISIBLE))
        rest = [word for word in _WORD.findall(plain.casefold()) if word not in self.harmless]
        if not rest:
            return
        text = " ".join(rest)
        yield text
        yield text[::-1]
        for found in _HEXADECIMAL.findall(plain):
            digits = re.sub(r"[\s:-]", "", found)
            yield _as_text(binascii.unhexlify(digits[: len(digits) & ~1]))
        for found in _BASE64.findall(plain):
            if found.casefold() not in self.harmless:
                yield from map(_as_text, _decoded(found))


def _decoded(text: str) -> Iterator[bytes]:
    """Yield what Base64 stands for, read from each of the places where it may begin."""
    plain = text.replace("-", "+").replace("_", "/")
    for begin in range(4):
        piece = plain[begin:]
        yield b64decode(piece + "A" * (-len(piece) % 4))


def _as_text(data: bytes) -> str:
    return data.replace(b"\0", b"").decode("latin-1").casefold()


def spoken(page: str) -> str:
    """Return what a page says: its text, and its attributes that are read or followed."""
    reader = _Reader(convert_charrefs=True)
    reader.feed(page)
    return "\n".join(reader.texts)


class _Reader(HTMLParser):
    def reset(self) -> None:
        super().reset()
        self.texts: list[str] = []
        self._styled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._styled = tag == "style"
        said = [value or "" for name, value in attrs if name in _SPOKEN and tag != "meta"]
        if said or tag not in _INLINE:
            self.texts += [*said, ""]

    def handle_endtag(self, tag: str) -> None:
        self._styled = False
        if tag not in _INLINE:
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self._styled:
            return
        if self.texts:
            self.texts[-1] += data
        else:
            self.texts.append(data)


def secrets_of(case: Case, keep: Collection[str]) -> Secrets:
    """Return the words of the names and values that the archive holds as such.

    Hosts and addresses of members, log and captures, names and serials of certificates, values of
    dumps. Words of the kit and the product are none, nor are those in `keep`.
    """
    return secrets_of_values(_values(case), keep)


def secrets_of_values(told: Iterable[tuple[str, Iterable[str]]], keep: Collection[str]) -> Secrets:
    """Return the words of values, each with where they stand, but for those of kit and `keep`."""
    harmless = {*own_words(), *PLAIN_WORDS, *_words(whole_words()), *_words(keep)}
    found: dict[str, str] = {}
    for where, texts in told:
        for word in _words(texts):
            least = _SHORTEST_NUMBER if word.isdigit() else _SHORTEST
            if len(word) >= least and word not in harmless:
                found.setdefault(word, where)
    return Secrets(found, frozenset(harmless))


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _values(case: Case) -> Iterator[tuple[str, Iterable[str]]]:
    archive, rows = case.archive, case.archive.rows
    yield "a node's name", [node.host for node in case.nodes]
    yield "a file's name", rows["members"].each("host")
    yield "the log", archive.logs.ends()
    yield "a capture", rows["handshakes"].each("client", "server", "sni")
    yield "the configuration", rows["configuration"].each("value")
    yield "the status", rows["status"].each("value")
    for table in (rows["certificates"], case.rows["certificates"]):
        yield "a certificate", table.each("serial")
        named = table.each("subject", "issuer")
        yield "a certificate", [value for name in named for value in values_of(name)]
        yield "a certificate", names_in(table)
