"""The XML form of the dumps, read into the same paths as the text form, element by element."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from ekukit.account import Piece

_DEEPEST = 64
# Beyond this the parser itself takes a gigabyte for what is open.
_MOST_BELOW = 100_000
_LONGEST_NAME = 200
_LONGEST_TEXT = 64 << 10
_PIECE = 64 << 10
# Parts of a deployment that the text form numbers even where there is one of them (inferred).
_NUMBERED = frozenset(("account", "address", "domain", "peer", "rule", "server", "zone"))
# Characters that XML 1.0 does not have (2.2), and a declaration of an encoding that is gone.
_NONE = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f]")
_DECLARED = re.compile(rb"<\?xml[^<>]{0,200}\?>")


def is_xml(data: bytes) -> bool:
    """Return whether plain text looks like XML rather than a text dump."""
    return data[:4096].lstrip().startswith(b"<")


def xml_values(
    data: bytes, root: str, problems: list[Piece], most: int
) -> Iterator[tuple[str, str, int | None]]:
    """Yield path and value of every element without children; entities are refused.

    Elements carry item numbers, most of them 1. They are part of the path where the text form
    has them: for one of several, for any but 1, and for things that come in numbers (inferred).
    Reading ends after `most` values, and where the text is no XML; what came before is kept.
    """
    data = _NONE.sub(b"", data)
    head = _DECLARED.match(data)
    place = head.end() if head else 0
    target = _Target(root, most)
    try:
        parser = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=True)
        while place < len(data) and not target.full:
            parser.feed(data[place : place + _PIECE])
            place += _PIECE
        if not target.full:
            parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        told = " ".join(str(error).split()) or type(error).__name__
        place = min(_place(data, error, place), len(data))
        problems.append(Piece(f"XML that cannot be read: {told}", place, len(data) - place))
    if target.full:
        told = f"more than {most} values; the rest was not read"
        problems.append(Piece(told, place, max(len(data) - place, 0)))
    if target.too_deep:
        told = f"{target.too_deep} elements nested more than {_DEEPEST} deep were not read"
        problems.append(Piece(told))
    for steps, value in target.values:
        yield " ".join(word for step in steps for word in step.words()), value, None


def _place(data: bytes, error: Exception, before: int) -> int:
    """Return the byte at which the parser gave up: by its line and column where it tells them."""
    line, column = getattr(error, "position", (0, 0))
    if not line:
        return before
    place = 0
    for _ in range(line - 1):
        place = data.find(b"\n", place) + 1
    return int(place + column)


@dataclass(slots=True)
class _Step:
    """An element on the way: its name, number, and the names of its children so far."""

    name: str
    item: str
    above: "_Step | None"
    names: Counter[str] = field(default_factory=Counter)

    def words(self) -> tuple[str, ...]:
        """Return the words of the path: the name, with the number where the text form has it."""
        if self.above is None:
            return (self.name,) if self.name else ()
        holder = self.above.name.lower()
        several = self.above.names[self.name] > 1
        name = self.name.lower()
        if not self.item or not (
            several or self.item != "1"
            or (self.names and (name in _NUMBERED or holder == name + "s"))
        ):  # fmt: skip
            return (self.name,)
        return (self.name, self.item)


class _Target:
    """Takes what the parser reports; keeps values and the steps that lead to them, nothing else."""

    def __init__(self, root: str, most: int) -> None:
        self.values: list[tuple[tuple[_Step, ...], str]] = []
        self.too_deep = 0
        self._root, self._most = root, most
        self._above: list[_Step] = []
        self._text: list[str] = []
        self._size = self._below = 0

    @property
    def full(self) -> bool:
        """Return whether there are as many values as are wanted."""
        return len(self.values) >= self._most

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        self._text, self._size = [], 0
        if len(self._above) > _DEEPEST:
            self.too_deep += self._below == 0
            self._below += 1
            if self._below > _MOST_BELOW:
                msg = f"elements nested more than {_MOST_BELOW} deep"
                raise ValueError(msg)
            return
        name = tag.rpartition("}")[2][:_LONGEST_NAME]
        above = self._above[-1] if self._above else None
        if above is not None:
            above.names[name] += 1
        elif name == self._root:
            name = ""
        self._above.append(_Step(name, attributes.get("item", "")[:10], above))

    def data(self, text: str) -> None:
        """Take text of an element, as much as a value has at most."""
        if self._size < _LONGEST_TEXT:
            self._text.append(text[: _LONGEST_TEXT - self._size])
            self._size += len(text)

    def end(self, _tag: str) -> None:
        """End an element; one without children is a value."""
        if self._below:
            self._below -= 1
            return
        last = self._above.pop()
        if not last.names and (last.name or self._above) and not self.full:
            self.values.append(((*self._above, last), "".join(self._text).strip()))
        self._text, self._size = [], 0

    def close(self) -> None:
        """End the document."""
