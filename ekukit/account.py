"""The reading account: what was given, and what became of it, member by member and byte by byte.

It has two sides that are written at different places: what came in is counted where an archive is
unpacked, what became of it where files are read. So it shows when something was lost on the way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

# Of a flood of parts not read, so many are kept with their place; all are counted.
MOST_PARTS, MOST_SHOWN = 1000, 40


class PartFate(StrEnum):
    """What became of a member or of a part of one."""

    READ = "read"
    SKIPPED = "skipped"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class UnreadPart:
    """Something that was not read: in which file, from which byte on, how many, and why.

    `offset` counts the bytes of the file as it was unpacked. `members` is 1 for a whole file and 0
    for a piece of one that was read otherwise. `size` is 0 where nothing is there to be counted,
    as with a file that was cut off. `matters` says whether a verdict could hang on it.
    """

    file: str
    fate: PartFate
    reason: str
    offset: int = 0
    size: int = 0
    members: int = 0
    matters: bool = True

    @property
    def words(self) -> str:
        """Return the part as one sentence."""
        return f"{self.file}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Piece:
    """What a reader could not make anything of in a file: why, from which byte on, how many.

    Readers give them as `attrs["parts"]` of their tables.
    """

    reason: str
    offset: int = 0
    size: int = 0
    fate: PartFate = PartFate.UNREADABLE
    matters: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """What was given, and what of it was read, skipped, or could not be read.

    `members` are files, those inside archives and not the archives; `bytes` are theirs, as
    unpacked, and of what could not be unpacked as it lies there. `parts` has a place and a reason
    for what was not read, MOST_PARTS of those that matter and of the others at most, of
    `all_parts`. `log` and `captures` count what the
    readers made of it; None where a reader does not tell.
    """

    given_members: int = 0
    given_bytes: int = 0
    members: Mapping[PartFate, int] = field(default_factory=dict)
    bytes: Mapping[PartFate, int] = field(default_factory=dict)
    parts: tuple[UnreadPart, ...] = ()
    all_parts: int = 0
    log: Mapping[str, int | None] = field(default_factory=dict)
    captures: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Return whether every member and byte that was given has a fate."""
        return self.given_members == sum(self.members.values()) and self.given_bytes == sum(
            self.bytes.values()
        )

    @property
    def doubts(self) -> tuple[UnreadPart, ...]:
        """Return the parts that were not read and on which a verdict could hang."""
        return tuple(part for part in self.parts if part.matters)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the account in words for people, without names from outside."""
        return tuple(_sentences(self))


def _sentences(account: Account) -> Iterable[str]:
    for what, given, fates in (
        ("files", account.given_members, account.members),
        ("bytes", account.given_bytes, account.bytes),
    ):
        told = ", ".join(f"{fates.get(fate, 0):,} {fate.value}" for fate in PartFate)
        yield f"{given:,} {what if given != 1 else what[:-1]} given: {told}."
    for title, counts in (("Log", account.log), ("Captures", account.captures)):
        told = ", ".join(
            f"{count:,} {name.replace('_', ' ')}"
            for name, count in counts.items()
            if count is not None
        )
        if told:
            yield f"{title}: {told}."


def folded(lines: Sequence[str], most: int = MOST_SHOWN) -> tuple[str, ...]:
    """Return the first lines, and how many more there are."""
    more = len(lines) - most
    return (*lines[:most], f"and {more:,} more") if more > 0 else tuple(lines)


class Ledger:
    """The account while it is written."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.given_members = self.given_bytes = self.all_parts = 0
        self._parts: dict[bool, list[UnreadPart]] = {True: [], False: []}
        self._members: Counter[PartFate] = Counter()
        self._bytes: Counter[PartFate] = Counter()

    @property
    def parts(self) -> list[UnreadPart]:
        """Return what was not read, what matters first, MOST_PARTS of either at most."""
        return [*self._parts[True], *self._parts[False]]

    @property
    def something_read(self) -> bool:
        """Return whether any member was read."""
        return self._members[PartFate.READ] > 0

    def given(self, members: int, size: int) -> None:
        """Count what came in."""
        self.given_members += members
        self.given_bytes += size

    def read(self, members: int, size: int) -> None:
        """Count what was read."""
        self._members[PartFate.READ] += members
        self._bytes[PartFate.READ] += size

    def pass_over(self, size: int) -> None:
        """Count a file that is skipped by a limit, which is told once for all of them."""
        self._members[PartFate.SKIPPED] += 1
        self._bytes[PartFate.SKIPPED] += size

    def add(self, part: UnreadPart) -> None:
        """Count what was not read, and keep its place and reason."""
        self._members[part.fate] += part.members
        self._bytes[part.fate] += part.size
        self.all_parts += 1
        kept = self._parts[part.matters]
        if len(kept) < MOST_PARTS:
            kept.append(part)

    def closed(self, log: Mapping[str, int | None], captures: Mapping[str, int | None]) -> Account:
        """Return the account; `log` and `captures` are what the readers counted."""
        return Account(
            self.given_members,
            self.given_bytes,
            MappingProxyType({fate: self._members[fate] for fate in PartFate}),
            MappingProxyType({fate: self._bytes[fate] for fate in PartFate}),
            tuple(self.parts),
            self.all_parts,
            MappingProxyType(dict(log)),
            MappingProxyType(dict(captures)),
        )
