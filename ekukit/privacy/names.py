"""Who is who in a case: hosts, addresses, users, names of certificates, each by a pseudonym."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ekukit.privacy.pseudonyms import Pseudonyms
from ekukit.privacy.text_forms import DN_KEYS, HOST, PLAIN_WORDS, PRODUCT_WORDS, address_of

_ATOM = re.compile(r"[^\W_]+")
# Shorter words are hidden anyway unless they are words of the kit.
_SHORTEST, _LONGEST = 3, 300
# Shorter numbers are years and counts.
_SHORTEST_NUMBER = 5


@dataclass(slots=True, eq=False)
class KnownPhrases:
    """Phrases by how they begin, each with its kind and with the value that it is a spelling of."""

    _phrases: dict[str, tuple[str, str]] = field(default_factory=dict)
    _lengths: dict[str, set[int]] = field(default_factory=dict)

    def add(self, kind: str, phrase: str, value: str = "") -> None:
        """Take a phrase; of one that is known already the first kind stands."""
        folded = phrase.casefold()
        count = phrase.isdigit() and len(phrase) < _SHORTEST_NUMBER
        fits = _SHORTEST <= len(phrase) <= _LONGEST and len(folded) == len(phrase)
        if count or not fits or folded in self._phrases:
            return
        self._phrases[folded] = kind, value or phrase
        self._lengths.setdefault(_beginning(folded, 0), set()).add(len(folded))

    def at(self, text: str, place: int) -> tuple[int, str, str] | None:
        """Return end, kind and value of the longest phrase that begins there, None for none."""
        lengths = self._lengths.get(_beginning(text, place).casefold())
        for length in sorted(lengths or (), reverse=True):
            end = place + length
            found = self._phrases.get(text[place:end].casefold())
            if found is not None and not (_ATOM.match(text, end) and _ATOM.match(text, end - 1)):
                return end, *found
        return None

    def kind(self, text: str) -> str | None:
        """Return the kind of a whole text, None when it is not known."""
        found = self._phrases.get(text.casefold())
        return found[0] if found else None

    @property
    def values(self) -> Iterable[str]:
        """Return every phrase, in lower case."""
        return self._phrases.keys()


def _beginning(text: str, place: int) -> str:
    found = _ATOM.match(text, place)
    return found[0] if found else text[place : place + 1]


_HOST = re.compile(HOST)
_PART = re.compile(rf"(?:^|(?<!\\)[,+]) ?(?P<key>{DN_KEYS}) ?= ?(?P<said>(?:\\.|[^,+\\])+)")
_ESCAPED = re.compile(r"\\(.)")
_FILE = re.compile(
    r"(?P<kind>loggingsnapshot|xconf_dump|xstat_dump|ca|server|client"
    r"|eth\d{1,3}_diagnostic_logging_tcpdump\d{1,3})_(?P<host>.+)_"
    r"(?P<time>\d{4}-\d\d-\d\d_\d\d_\d\d_\d\d)"
    r"(?P<end>(?:\.(?:txt|xml|pem|pcap))?(?: ?\(\d{1,3}\))?)"
)
# Names of what is read that are no file's.
_NO_FILES = frozenset(("", "pasted text"))
_LONGEST_PORT = 5
PUBLIC = "public"


def values_of(name: str) -> list[str]:
    """Return the values in a distinguished name (RFC 4514), the whole text when it is none."""
    return [found["said"] for found in _PART.finditer(name)] or [name]


@dataclass(slots=True, eq=False)
class Names:
    """Names that were learned, and a pseudonym for each name that is asked for.

    In `keep` stand whole parts of distinguished names that everybody knows: they stay.
    """

    keep: frozenset[str] = frozenset()
    pseudonyms: Pseudonyms = field(default_factory=Pseudonyms)
    known: KnownPhrases = field(default_factory=KnownPhrases)

    def __post_init__(self) -> None:
        """Know what everybody knows first, since of a phrase the first kind stands."""
        for part in self.keep:
            self.known.add(PUBLIC, part)

    def with_public(self, parts: frozenset[str]) -> "Names":
        """Return the same names and pseudonyms with more parts that everybody knows."""
        return Names(self.keep | parts, self.pseudonyms, self.known)

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
                plain = _ESCAPED.sub(r"\1", said)
                if plain in self.keep or found["key"] == "C":
                    continue
                called = kind if found["key"] == "CN" else "name"
                called = "host" if _HOST.fullmatch(plain) else called
                self._remember(called, plain)
                if plain.casefold() not in PLAIN_WORDS:
                    self.known.add(called, said, plain)

    def learn_serials(self, serials: Iterable[str]) -> None:
        """Take serial numbers in hexadecimal: found with colons, in capitals and decimal, too."""
        for serial in serials:
            even = serial.rjust(len(serial) + len(serial) % 2, "0")
            spaced = ":".join(even[at : at + 2] for at in range(0, len(even), 2))
            for spelling in (serial, even, spaced):
                self.known.add("serial", spelling, serial)
            if len(serial) > 4 and not serial.strip("0123456789abcdef"):  # noqa: PLR2004 - else a count
                self.known.add("serial", str(int(serial, 16)), serial)

    def _remember(self, kind: str, text: str) -> None:
        if kind == "host" and address_of(text):
            kind = "address"
        label, _, domain = text.partition(".")
        if kind == "host" and "." in domain:
            self._remember("host", domain)
            self._remember("host", label)
        if text.casefold() not in PLAIN_WORDS:
            self.known.add(kind, text)

    def called(self, kind: str, value: str) -> str:
        """Return the pseudonym of what was learned under a kind; what everybody knows stays."""
        match kind:
            case "public":
                return value
            case "file":
                return self.file(value)
            case "host" | "address":
                return self.host(value)
        return self.pseudonyms.of(kind, value)

    def place(self, text: str) -> str:
        """Return the pseudonym of an end of a connection, with its port where it has one."""
        name, colon, port = text.rpartition(":")
        is_port = port.isdigit() and len(port) <= _LONGEST_PORT
        known = self.known.kind(name) == "address"
        if colon and is_port and (known or address_of(text) is None or name.endswith("]")):
            return f"{self.host(name.strip('[]'))}:{port}"
        return self.host(text.strip("[]"))

    def host(self, text: str) -> str:
        """Return the pseudonym of a host: [host1].[domain1], [domain1], [host2], [address1]."""
        star = "*." if text.startswith("*.") else ""
        name = text.removeprefix("*.").strip(".")
        found = address_of(name)
        if found:
            harmless = found.is_loopback or found.is_unspecified
            return name if harmless else self.pseudonyms.of("address", str(found))
        if not name or name in PRODUCT_WORDS:
            return text if not text.strip("*.") or name else ""
        label, _, domain = name.partition(".")
        if not domain:
            kind = self.known.kind(name) or "host"
            return star + self.pseudonyms.of("host" if kind in _PLACED else kind, name)
        if star or "." not in domain:
            return star + self.pseudonyms.of("domain", name)
        return f"{self.pseudonyms.of('host', label)}.{self.pseudonyms.of('domain', domain)}"

    def serial(self, text: str) -> str:
        """Return the pseudonym of a serial number in hexadecimal, "" for none."""
        return self.pseudonyms.of("serial", text) if text else text

    def file(self, text: str) -> str:
        """Return a file's path: names that the product gives with the host's pseudonym, no other.

        Folders and archives stand before it.
        """
        return ": ".join("/".join(map(self._file, outer.split("/"))) for outer in text.split(": "))

    def _file(self, name: str) -> str:
        found = _FILE.fullmatch(name)
        if found:
            return f"{found['kind']}_{self.host(found['host'])}_{found['time']}{found['end']}"
        return name if name in _NO_FILES else self.pseudonyms.of("file", name)

    def distinguished(self, text: str) -> str:
        """Return a distinguished name (RFC 4514) with its parts replaced, country apart.

        Text that is no such name is one part.
        """
        if not _PART.match(text):
            return self.part(text)
        made, place = [], 0
        for found in _PART.finditer(text):
            between = text[place : found.start()]
            made += [between if _COUNTRY.fullmatch(between) else self.part(between)]
            before = text[found.start() : found.start("said")]
            key = self.key(found["key"])
            made += [before.replace(found["key"], key), self.part(found["said"])]
            place = found.end()
        rest = text[place:]
        return "".join((*made, rest if _COUNTRY.fullmatch(rest) else self.part(rest)))

    def key(self, key: str) -> str:
        """Return the kind of a part of a name; an enterprise's own number tells whose it is."""
        known = not key[0].isdigit() or key.startswith(_COMMON_KEYS)
        return key if known else self.pseudonyms.of("oid", key)

    def part(self, text: str) -> str:
        """Return a whole part of a name replaced, unless everybody knows it."""
        plain = _ESCAPED.sub(r"\1", text.strip())
        if not plain or plain in self.keep:
            return text
        bare = plain.removeprefix("*.")
        if address_of(bare) or _HOST.fullmatch(bare):
            return self.host(plain)
        return self.called(self.known.kind(plain) or "name", plain)


# X.520 and the EV guidelines' places of incorporation.
_COMMON_KEYS = ("2.5.4.", "1.3.6.1.4.1.311.60.2.1.")
_COUNTRY = re.compile(r"(?:,?C=[A-Z]{2})?")
_PLACED = frozenset(("host", "address", "public", "file"))
