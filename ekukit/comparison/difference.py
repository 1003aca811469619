"""A difference between two deployments, and all of them with what stayed the same counted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Area(StrEnum):
    """What is compared, in the order in which it is told."""

    STATE = "states"
    SEEN = "states that were seen"
    CAUSE = "causes"
    NODE = "nodes"
    CERTIFICATE = "certificates"
    TRUST = "CAs of trusted lists"
    SETTING = "settings"


class Effect(StrEnum):
    """What became of it; files that do not show a thing do not say that it is gone."""

    MENDED = "mended"
    BROKEN = "broken"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    ONLY_BEFORE = "shown only before"
    ONLY_AFTER = "shown only after"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: where, how it was and how it is, in words, "" for not there."""

    area: Area
    where: str
    before: str
    after: str
    effect: Effect = Effect.CHANGED


@dataclass(slots=True)
class Tallied:
    """Differences while they are gathered, and how many things of each area are the same."""

    differences: list[Difference] = field(default_factory=list)
    same: dict[Area, int] = field(default_factory=dict)

    def take(self, area: Area, found: Iterable[Difference], count: int) -> None:
        """Add the differences of an area in which so many things were compared."""
        told = list(found)
        wheres = len({one.where for one in told})
        self.differences += told
        self.same[area] = self.same.get(area, 0) + max(count - wheres, 0)


def differing(
    before: Mapping[_Key, _Value], after: Mapping[_Key, _Value]
) -> Iterator[tuple[_Key, _Value | None, _Value | None]]:
    """Yield keys whose values differ, with both values, None where it is not there."""
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old != new:
            yield key, old, new


def effect_of(old: object, new: object) -> Effect:
    """Return what became of something by whether it was there, None for not, and is."""
    if old is None:
        return Effect.ADDED
    return Effect.REMOVED if new is None else Effect.CHANGED
