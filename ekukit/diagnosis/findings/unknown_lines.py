"""Lines that look like trouble and are not understood, as one finding."""

from collections.abc import Iterable

from ekukit.connections import State
from ekukit.diagnosis.evidence.logged import Unknown
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.evidence.tunnels import PastedRow
from ekukit.diagnosis.findings.finding import Confidence, Draft
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.log.meanings import nearest

_MOST_SHOWN = 5


def add_unknown(gathered: Gathered, seen: Seen) -> None:
    """Add one finding for the lines that look like trouble and are not understood.

    Lines of the same words count once in what is shown.
    """
    unknown = unknown_lines(seen)
    if not unknown:
        return
    shown = list(_each_once(unknown))
    number = len(unknown)
    told = []
    for one in shown[:_MOST_SHOWN]:
        like = nearest(one.words)
        near = f'; nearest known words: "{like}"' if like else "; no known words are near"
        told.append(f'{one.evidence.where}: "{one.words[:160]}"{near}')
    more = len(shown) - len(told)
    told += [f"and {more} more kinds"] if more > 0 else []
    text = f"Not understood: {number} line{'s' * (number > 1)} that look like trouble"
    text = text.replace("line that look ", "line that looks ")
    gathered.add(
        Draft(
            "log.not-understood",
            f"{text}. {'. '.join(told)}.",
            [one.evidence for one in shown],
            confidence=Confidence.POSSIBLE,
        )
    )


def unknown_lines(seen: Seen) -> list[Unknown]:
    """Return every line that looks like trouble and is not understood."""
    return [*seen.unknown, *_unknown_reasons(seen.rows)]


def _unknown_reasons(rows: Iterable[PastedRow]) -> list[Unknown]:
    """Return the rows of a pasted page whose reason is not understood."""
    failed = [row for row in rows if row.state is State.FAILED and row.reason.strip()]
    return [Unknown(row.evidence, row.reason) for row in failed if row.meaning() is None]


def _each_once(unknown: Iterable[Unknown]) -> Iterable[Unknown]:
    """Return the first of each kind of words; numbers, addresses and quoted values do not count."""
    kinds: dict[str, Unknown] = {}
    for one in unknown:
        kind = " ".join(word for word in one.words.lower().split() if word.isalpha())
        kinds.setdefault(kind or one.words, one)
    return kinds.values()
