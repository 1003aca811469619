"""How long it takes until a remedy can be done: no source tells it, so it is assumed or given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from ekukit.errors import InputError
from ekukit.nearest import nearest

_MOST_DAYS = 3650


class LeadKind(StrEnum):
    """Why a remedy cannot be done at once."""

    NONE = "none"
    ORDER = "order"
    NETWORK = "network"
    WINDOW = "window"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A kind of lead time: what it is for, what is known of it, and the days that are assumed."""

    kind: LeadKind
    title: str
    words: str
    days: int


LEAD_ROWS: Mapping[LeadKind, LeadRow] = MappingProxyType({row.kind: row for row in (
    LeadRow(LeadKind.NONE, "nothing to wait for", "none", 0),
    LeadRow(
        LeadKind.ORDER, "ordering a certificate",
        "a certificate is to be ordered: as long as the CA takes (general practice: days)", 14,
    ),
    LeadRow(
        LeadKind.NETWORK, "a change in the network",
        "somebody else must act (general practice: days)", 14,
    ),
    LeadRow(
        LeadKind.WINDOW, "a maintenance window",
        "a maintenance window, and a backup before it (general practice)", 14,
    ),
    LeadRow(
        LeadKind.PARTNER, "asking a partner",
        "somebody else must act, and whether they can and will is not known: ask early (general "
        "practice: days to weeks)", 30,
    ),
)})  # fmt: skip
WAITING = tuple(kind for kind in LeadKind if kind is not LeadKind.NONE)


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """The days that remedies take: those that somebody gave, for the others those of LEAD_ROWS."""

    given: Mapping[LeadKind, int] = field(default_factory=dict)

    def days(self, kind: LeadKind) -> int:
        """Return the days of a kind."""
        return self.given.get(kind, LEAD_ROWS[kind].days)

    def longest(self, kinds: Iterable[LeadKind]) -> LeadKind:
        """Return the kind that takes longest: what several steps wait for begins on one day."""
        return max(kinds, key=self.days, default=LeadKind.NONE)

    def words(self, kind: LeadKind) -> str:
        """Return the days of a kind, and whether they are assumed."""
        days = self.days(kind)
        told = f"{days} day{'' if days == 1 else 's'} for {LEAD_ROWS[kind].title}"
        assumed = kind not in self.given and kind is not LeadKind.NONE
        return f"assumed: {told}" if assumed else told


def lead_times(told: Iterable[Mapping[LeadKind, int]]) -> LeadTimes:
    """Return lead times of what was given, once or more; days for one kind count before a number.

    Each of `told` is what `lead_days` makes of a text.
    """
    # A number for all is given first, so that those for one kind count.
    given = sorted(told, key=len, reverse=True)
    return LeadTimes({kind: days for one in given for kind, days in one.items()})


def lead_days(given: object) -> dict[LeadKind, int]:
    """Return the days by kind, of 30, "30", "order=14" or a mapping; a number alone is for all.

    Raises InputError for a kind that does not exist and for what is no number of days.
    """
    if isinstance(given, Mapping):
        return {kind: days for one in given.items() for kind, days in _pair(*one).items()}
    name, sign, days = str(given).rpartition("=")
    return _pair(name, days) if sign else dict.fromkeys(WAITING, _whole(days, given))


def _pair(name: object, days: object) -> dict[LeadKind, int]:
    word = str(name).strip().lower()
    if word not in WAITING:
        msg = f"lead={word}={days} is unknown; use one of: {', '.join(WAITING)}"
        raise InputError(msg + nearest(word, WAITING))
    return {LeadKind(word): _whole(days, f"{word}={days}")}


def _whole(days: object, given: object) -> int:
    text = str(days).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_DAYS))):
        msg = f"lead={given} cannot be used; give a number of days, 0 or more, such as order=14"
        raise InputError(msg)
    return min(int(text), _MOST_DAYS)
