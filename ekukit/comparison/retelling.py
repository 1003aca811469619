"""Differences retold in other words, as where names are hidden."""

from collections.abc import Callable, Collection
from dataclasses import replace

from ekukit.comparison.compared import Comparison
from ekukit.comparison.difference import Area, Difference

# Of these every word is the kit's own.
_OWN = frozenset((Area.STATE, Area.SEEN))


def retold(
    found: Comparison, write: Callable[[str, bool], str], dumped: Collection[str]
) -> Comparison:
    """Return the comparison with `write` applied to each text that may hold a name.

    `write` is given whether a text is quoted from outside: so are the settings of dumps, whose
    places are `dumped`. Effects, order and counts stay.
    """
    told = (one if one.area in _OWN else _told(one, write, dumped) for one in found.differences)
    return replace(found, differences=tuple(told))


def _told(
    one: Difference, write: Callable[[str, bool], str], dumped: Collection[str]
) -> Difference:
    quoted = one.area is Area.SETTING and one.where in dumped
    where, before, after = (write(text, quoted) for text in (one.where, one.before, one.after))
    return replace(one, where=where, before=before, after=after)
