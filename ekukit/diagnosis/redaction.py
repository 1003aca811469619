"""Redaction: a customer's names, addresses and secrets replaced by stable pseudonyms."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ekukit.diagnosis.personal import (
    ALGORITHM_OWNERS,
    FOUND,
    HOST,
    KEYS,
    PLAIN_WORDS,
    PRODUCT_WORDS,
    SECRET_KINDS,
    WRITTEN,
    address_of,
    is_own,
)
from ekukit.errors import InputError

_PART = re.compile(FOUND[1][1])
_NAMED = re.compile(rf"(?<![\w-]){HOST}")
_WRITTEN = tuple((kind, re.compile(pattern)) for kind, pattern in WRITTEN)
_SERIAL = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+")
# Evidence may have been cut after so many characters, in the middle of a word.
_MAYBE_CUT = 150
_LAST = re.compile(r"(?<![\w.:%-])[\w.:%-]{2,}$")
_HALF_ADDRESS = re.compile(r"\d{1,3}\.[\d.]*|[0-9a-f]{1,4}:[0-9a-f]{0,4}:[0-9a-f:]*")
# Shorter words than this are replaced only where their place says what they are.
_SHORTEST = 3


@dataclass(slots=True, eq=False)
class Redaction:
    """Gives each value one pseudonym such as [host1], numbered in the order of appearance.

    The same texts in the same order give the same pseudonyms, so that two reports of a case can be
    compared; a number tells nothing of the value behind it. Replaced: host and domain names, IP
    and hardware addresses, users and URIs, what is between the commas of a distinguished name
    (country apart), zone names, cookies, digests, passwords and `{cipher}` values. Kept: serial
    numbers, EKUs, times, ports, loopback addresses, and the values in `keep` (issuers known to
    everybody). Not found: a name in free text that no table of the case has and that is not
    written like a host name, an address or a user.
    """

    keep: frozenset[str] = frozenset()
    _given: dict[tuple[str, str], str] = field(default_factory=dict)
    _originals: dict[str, str] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)
    _parts: dict[str, str] = field(default_factory=dict)
    _pattern: re.Pattern[str] | None = None
    _words: re.Pattern[str] | None = None

    def learn(self, kind: str, values: Iterable[object]) -> None:
        """Take values of a kind from the case's tables; they are found as words anywhere then."""
        for value in values:
            text = str(value).strip().strip(".")
            if text and text not in self.keep:
                self._remember(kind, text)

    def learn_names(self, kind: str, names: Iterable[str]) -> None:
        """Take the parts of distinguished names (RFC 4514); `kind` is what a CN is called."""
        for name in names:
            for found in _PART.finditer(name):
                said = found["said"].strip()
                plain = re.sub(r"\\(.)", r"\1", said)
                if said in self.keep or plain in self.keep:
                    continue
                called = kind if found["key"] == "CN" else "name"
                for spelling in (said, plain):
                    self._parts.setdefault(spelling, called)
                if found["key"] in {"CN", "O"} and not _NAMED.fullmatch(plain):
                    self._remember(called, plain)
                elif _NAMED.fullmatch(plain):
                    self._remember("host", plain)

    def learn_from(self, texts: Iterable[str]) -> None:
        """Take the host names in texts, so that their first labels are found alone, too."""
        for text in texts:
            for found in _NAMED.finditer(text):
                if not is_own(found[0]):
                    self._remember("host", found[0])

    def _remember(self, kind: str, text: str) -> None:
        if kind == "host" and address_of(text):
            kind = "address"
        label, _, domain = text.partition(".")
        if kind == "host" and "." in domain:
            self._remember("host", domain)
            if label.casefold() not in PLAIN_WORDS:
                self._remember("host", label)
        if len(text) >= _SHORTEST and text.casefold() not in PLAIN_WORDS:
            self._known.setdefault(text.casefold(), kind)
            self._pattern = None

    def __call__(self, text: str) -> str:
        """Return the text with pseudonyms. Not to be applied to its own result."""
        pieces = [(self._without_half(text), True)]
        for kind, pattern in _WRITTEN:
            pieces = [
                new
                for old, raw in pieces
                for new in (self._written(old, kind, pattern) if raw else [(old, raw)])
            ]
        return "".join(self._patterns().sub(self._found, old) if raw else old
                       for old, raw in pieces)  # fmt: skip

    def _without_half(self, text: str) -> str:
        """Return the text without half a name or address at its end, where it was cut short."""
        last = _LAST.search(text) if len(text) >= _MAYBE_CUT else None
        if last is None:
            return text
        half = last[0].casefold()
        known = half in self._known or half in PLAIN_WORDS
        if not known and (
            _HALF_ADDRESS.fullmatch(half) or any(name.startswith(half) for name in self._known)
        ):
            return f"{text[: last.start()]}[cut]"
        return text

    def _written(self, text: str, kind: str, pattern: re.Pattern[str]) -> list[tuple[str, bool]]:
        """Return the text cut into raw pieces and pseudonyms of what the pattern found."""
        pieces, place = [], 0
        for found in pattern.finditer(text):
            said = found["v"]
            pieces += [(text[place : found.start("v")], True), (self.pseudonym(kind, said), False)]
            place = found.end("v")
        return [*pieces, (text[place:], True)]

    def _patterns(self) -> re.Pattern[str]:
        if self._pattern is None:
            choices = [f"(?P<{name}>{pattern})" for name, pattern in FOUND]
            listed = {*self._parts, *self.keep}
            if listed:
                # First: only a part that is known ends where prose goes on after it.
                parts = rf"(?P<listed_part>{_either(listed)})(?![^\W_])"
                choices.insert(0, rf"(?P<listed>\b(?P<listed_key>{KEYS})={parts})")
            if self._known:
                words = rf"(?<![^\W_])(?i:{_either(self._known)})(?![^\W_])"
                choices.append(f"(?P<known>{words})")
                self._words = re.compile(words)
            self._pattern = re.compile("|".join(choices))
        return self._pattern

    def _found(self, found: re.Match[str]) -> str:
        text = found[0]
        match found.lastgroup:
            case "uri":
                return self._uri(found)
            case "listed":
                return f"{found['listed_key']}={self._valued(found['listed_part'])}"
            case "part":
                return f"{found['key']}={self._valued(found['said'])}"
            case "v4" | "v6":
                return self._addressed(text)
            case "host":
                return self._inside(text) if is_own(text) else self._place(text)
        return text if text in PRODUCT_WORDS or text in self.keep else self._word(text)

    def _uri(self, found: re.Match[str]) -> str:
        if found["where"] in ALGORITHM_OWNERS:
            return found[0]
        return f"{self.pseudonym('user', found['who'])}@{self._place(found['where'])}"

    def pseudonym(self, kind: str, value: str) -> str:
        """Return the value's pseudonym, a new one when it has none yet."""
        key = (kind, value.casefold())
        if key not in self._given:
            number = Counter(used for used, _value in self._given)[kind] + 1
            self._given[key] = f"[{kind}{number}]"
            self._originals[self._given[key]] = value
        return self._given[key]

    def _place(self, text: str) -> str:
        """Return the pseudonym of a host by name or address: [host1].[domain1], [domain1]."""
        name = text.rstrip(".")
        dots = text[len(name) :]
        label, _, domain = name.partition(".")
        if not name:
            return text
        if address_of(name):
            return self._addressed(name) + dots
        if not domain:
            return self._word(name) + dots
        if "." not in domain:
            return self.pseudonym("domain", name) + dots
        return f"{self.pseudonym('host', label)}.{self.pseudonym('domain', domain)}{dots}"

    def _word(self, text: str) -> str:
        kind = self._known.get(text.casefold(), "host")
        if kind == "address":
            return self._addressed(text)
        return self._place(text) if "." in text and kind == "host" else self.pseudonym(kind, text)

    def _addressed(self, text: str) -> str:
        known = address_of(text)
        if known is None or known.is_loopback or known.is_unspecified:
            return text
        if _SERIAL.fullmatch(text) and text.casefold() not in self._known:
            return text
        return self.pseudonym("address", str(known))

    def _valued(self, word: str) -> str:
        """Return a part of a distinguished name replaced, unless everybody knows it."""
        if word in self.keep:
            return word
        if _NAMED.fullmatch(word):
            return self._place(word)
        if word.startswith("*."):
            return "*." + self._place(word[2:])
        return self.pseudonym(self._parts.get(word, "name"), re.sub(r"\\(.)", r"\1", word))

    def _inside(self, text: str) -> str:
        """Return a file's name with the known words in it replaced."""
        self._patterns()
        return self._words.sub(lambda found: self._word(found[0]), text) if self._words else text

    def mapping(self) -> dict[str, str]:
        """Return the original of each pseudonym; cookies, digests and passwords are left out."""
        return {
            name: value
            for name, value in self._originals.items()
            if name.strip("[]0123456789") not in SECRET_KINDS
        }

    def write_mapping(self, path: Path) -> None:
        """Write the mapping as JSON, readable by its owner alone (mode 0600).

        Raises InputError when the file exists already or cannot be written.
        """
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(self.mapping(), stream, indent=1, ensure_ascii=False)
        except OSError as error:
            msg = f"{path}: the mapping cannot be written ({error.strerror}); name a new file"
            raise InputError(msg) from None


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
