"""Redaction: a text rebuilt from words that say nothing of a customer, and from pseudonyms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ekukit.privacy.form_texts import MADE, left_out
from ekukit.privacy.names import Names
from ekukit.privacy.shown_words import is_number, is_shown
from ekukit.privacy.text_forms import (
    FORMS,
    HOST,
    OWN_FORMS,
    PRODUCT_WORDS,
    QUOTE,
    STRICT_FORMS,
    address_of,
    kind_of_key,
)
from ekukit.privacy.text_pieces import TextPiece, joined
from ekukit.privacy.vocabulary import whole_words

_FORM = re.compile("|".join(f"(?P<{name}>{form})" for name, form in (*OWN_FORMS, *FORMS)))
_STRICT = re.compile("|".join(f"(?P<{name}>{form})" for name, form in (*STRICT_FORMS, *FORMS)))
_HOST = re.compile(HOST)
_QUOTE = re.compile(QUOTE)
# Brackets and two colons may begin an address, so they stand alone.
_SIGNS = re.compile(r"(?:[\s\"'=,;(){}<>|?!/\]►…·•✓✗△→–—§]|:(?!:))+|::|\[")
_CHUNK = re.compile(r"[^\s\"'=,;:()\[\]{}<>|?!/►…]+")
_KEYED = re.compile(r"([^=]*?)(\s*=\s*)(.*)", re.DOTALL)
_NUMBER = re.compile(r"\s*-?\d{1,5}\s*")
_KEYED_FORMS = frozenset(("pair", "plain", "part"))
_LEVEL = re.compile(r"\d")
_PORT = re.compile(r":\d{1,5}(?![\w:.-])")
_MOST_READ = 20_000


@dataclass(slots=True, eq=False)
class Redaction:
    """Rebuilds texts: known words stay, names get pseudonyms, anything else is [… 5-8].

    Shown: words of the kit, the product and its libraries (`vocabulary`), times, and numbers by
    which the kit judges. Pseudonyms: what `names` has learned, and by its form a host, an address,
    a user. A name that is nothing but a word of the kit, such as "zone", is shown unless it was
    learned; behind a word such as "password" nothing is shown. Takes time linear in the text, of
    which 20,000 characters are read.
    """

    names: Names = field(default_factory=Names)

    def __call__(self, text: str) -> str:
        """Return a sentence of the kit redacted. What it quotes is treated as from outside."""
        pieces: list[TextPiece] = []
        place, read = 0, text[:_MOST_READ]
        for found in _QUOTE.finditer(read):
            pieces += self._scanned(read[place : found.start()], strict=False)
            pieces += self._scanned(found[0], strict=True)
            place = found.end()
        pieces += self._scanned(read[place:], strict=False)
        return joined([*pieces, TextPiece(text[_MOST_READ:], shown=False)])

    def quoted(self, text: str) -> str:
        """Return a text from outside redacted: a line of a log, of a dump, of a banner."""
        rest = TextPiece(text[_MOST_READ:], shown=False)
        return joined([*self._scanned(text[:_MOST_READ], strict=True), rest])

    def _scanned(self, text: str, *, strict: bool) -> Iterator[TextPiece]:
        forms, place = _STRICT if strict else _FORM, 0
        while place < len(text):
            begins = text[place] == "[" or text.startswith("::", place)
            bracketed = forms.match(text, place) if begins else None
            made = self._formed(bracketed, text, strict=strict) if bracketed else None
            sign = None if made else _SIGNS.match(text, place)
            if sign:
                yield TextPiece(sign[0])
                place = sign.end()
                continue
            chunk = _CHUNK.match(text, place)
            word = chunk[0] if chunk else text[place]
            if word.rstrip(".").lower() in whole_words():
                yield TextPiece(word)
                place += len(word)
                continue
            known = None if word.rstrip(".") in PRODUCT_WORDS else self.names.known.at(text, place)
            if known:
                place, kind, value = known
                yield TextPiece(self.names.called(kind, value))
                port = _PORT.match(text, place) if kind in {"host", "address"} else None
                if port:
                    yield TextPiece(port[0])
                    place = port.end()
                continue
            found = None if made else forms.match(text, place)
            made = self._formed(found, text, strict=strict) if found else made
            if made:
                pieces, place = made
                yield from pieces
                continue
            end = place + len(word)
            shown = is_shown(word, strict=strict) or is_number(text, place, end, strict=strict)
            yield TextPiece(word, shown)
            place = end

    def _formed(
        self, found: re.Match[str], text: str, *, strict: bool
    ) -> tuple[list[TextPiece], int] | None:
        """Return the pieces of what a form found and where it ends, None where it is none."""
        name = found.lastgroup or ""
        if name in _KEYED_FORMS:
            return self._keyed(found, text, strict=strict)
        pieces = MADE[name](self.names, found[0])
        return None if pieces is None else (pieces, found.end())

    def _keyed(
        self, found: re.Match[str], text: str, *, strict: bool
    ) -> tuple[list[TextPiece], int] | None:
        """Return the pieces of a key with its value, by what the key says of the value."""
        matched = _KEYED.fullmatch(found[0])
        assert matched is not None  # noqa: S101 - each of these forms has the sign
        key, sign, value = matched.groups()
        begin = found.start() + matched.start(3)
        head = [TextPiece(key, is_shown(key, strict=strict)), TextPiece(sign)]
        if found.lastgroup == "part":
            head = [TextPiece(self.names.key(key)), TextPiece(sign)]
            if self.names.known.at(text, begin):
                return head, begin
            return [*head, *self._valued(value, "place")], found.end()
        kind = kind_of_key(key)
        if kind == "text" and found.lastgroup == "plain":
            return head, begin
        return [*head, *self._valued(value, kind)], found.end()

    def _valued(self, value: str, kind: str) -> list[TextPiece]:
        quote = value[:1] if value[:1] in "\"'" else ""
        inner = value[len(quote) :].removesuffix(quote) if quote else value
        closing = TextPiece(quote if quote and value.endswith(quote) and len(value) > 1 else "")
        if kind == "text" and _LEVEL.fullmatch(inner):
            made = [TextPiece(inner)]
        elif kind == "text":
            made = list(self._scanned(inner, strict=True))
        elif kind == "number" and _NUMBER.fullmatch(inner):
            made = [TextPiece(inner)]
        elif kind == "place" and (_HOST.fullmatch(inner.strip(" .")) or address_of(inner.strip())):
            made = [TextPiece(self.names.host(inner.strip()))]
        elif kind == "place" and self.names.known.kind(inner.strip()):
            made = [TextPiece(self.names.part(inner))]
        else:
            made = left_out(inner)
        return [TextPiece(quote), *made, closing]
