"""The verb `diff`: what differs between before and after, and what of it mended or broke what."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict, Unpack

from ekukit.causes import cause_cards
from ekukit.causes.system_words import listed, title_of
from ekukit.comparison.compared import (
    DOMAINS,
    LIST,
    MODE,
    RELEASE,
    Assumed,
    Comparison,
    Standing,
    compared,
)
from ekukit.comparison.difference import Area, Effect
from ekukit.comparison.retelling import retold
from ekukit.expressway import Choices, Deployment, Role
from ekukit.frames import Rows, text_rows
from ekukit.printable import escaped, visible
from ekukit.verbs.inspect import RoleOption
from ekukit.verbs.known_case import CaseGiven, KnownCase, RedactOption, a_case, known_case
from ekukit.verbs.moment import moment
from ekukit.verbs.option import Option, signed, taken

if TYPE_CHECKING:
    import pandas as pd

    from ekukit.diagnosis.case import Case

DIFFERENCE_COLUMNS = ("area", "where", "before", "after", "effect")
_FEW = 6
_DOMAINS_PATH = "SIP Domains Domain"
_APART = "Not compared, since files of one side or both do not hold it: "
_Given = CaseGiven | Iterable[CaseGiven]


class DiffOptions(TypedDict, total=False):
    """What `diff` takes beside before and after."""

    role: RoleOption
    at: Annotated[
        str | date,
        Option("judge both at this moment (default: each at its own)", shown="DATE", read=moment),
    ]
    redact: RedactOption


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Differences:
    """What differs between before and after, in words; what is the same is counted.

    A notebook shows it as a table; `frame` is the same as data, `json()` what the shell prints.
    """

    found: Comparison
    notes: tuple[str, ...]

    @property
    def mended(self) -> tuple[str, ...]:
        """Return the connections and services that work now, by title."""
        return self.found.of(Effect.MENDED)

    @property
    def broken(self) -> tuple[str, ...]:
        """Return the connections and services that work no more, by title."""
        return self.found.of(Effect.BROKEN)

    @property
    def headline(self) -> str:
        """Return in a sentence what works now and no more, and how much else differs."""
        if not self.found.differences:
            return "Nothing differs."
        told = [f"Mended: {listed(self.mended, most=_FEW)}."] if self.mended else []
        told += [f"Broken: {listed(self.broken, most=_FEW)}."] if self.broken else []
        unknown = self.found.not_told
        if not told and not unknown:
            told = ["Nothing was mended or broken."]
        if unknown:
            told.append(f"Known on one side alone: {listed(unknown, most=_FEW)}.")
        rest = [one for one in self.found.differences if one.area is not Area.STATE]
        return " ".join((*told, f"{len(rest)} other differences." if rest else ""))

    @property
    def same(self) -> str:
        """Return in words how much is the same."""
        counts = self.found.same.items()
        return ", ".join(f"{area.value} {count}" for area, count in counts if count)

    @property
    def frame(self) -> "pd.DataFrame":
        """Return one row for each difference; columns DIFFERENCE_COLUMNS, dtype string."""
        return self._rows.frame

    @property
    def _rows(self) -> Rows:
        rows = ((one.area.value, one.where, one.before, one.after, one.effect.value)
                for one in self.found.differences)  # fmt: skip
        return text_rows(rows, DIFFERENCE_COLUMNS)

    def json(self) -> str:
        """Return what `ekukit diff --json` prints."""
        data = {
            "headline": self.headline,
            "mended": list(self.mended),
            "broken": list(self.broken),
            "differences": self._rows.rows,
            "unchanged": {area.value: count for area, count in self.found.same.items()},
            "notes": list(self.notes),
        }
        return escaped(json.dumps(data, indent=2, ensure_ascii=False))

    def __repr__(self) -> str:
        """Return the headline in one line."""
        return f"<Differences: {visible(self.headline)}>"

    def _repr_html_(self) -> str:
        from ekukit.views.html import page, paragraphs, table

        return page(
            paragraphs([self.headline], strong=True),
            table(self.frame.rename(columns=str.capitalize), "What differs"),
            paragraphs([f"The same: {self.same}.", *self.notes]),
        )


@signed(DiffOptions)
def diff(before: _Given, after: _Given, **options: Unpack[DiffOptions]) -> Differences:
    """Return what differs between two conditions or cases: `diff("before.tar.gz", "after.tar.gz")`.

    Each is a condition, choices, a path, or a list of paths of one case. Certificates by slot,
    trusted lists, settings, states and causes are compared; each case is judged at its own time
    unless `at` is given. With `redact` names are pseudonyms, the same ones in both cases. Raises
    InputError for what cannot be read, and for a name or value that is not known.
    """
    chosen = taken("diff", DiffOptions, dict(options))
    sides = [known_case(_all(given), chosen["role"], chosen["at"]) for given in (before, after)]
    found = compared(*map(_standing, sides))
    if not chosen["redact"]:
        return Differences(found, _notes(found, sides))
    settings = {f"{host}: {name}" for side in sides if side.case
                for host, name in _configuration(side.case)}  # fmt: skip
    first = sides[0].under_pseudonyms()
    both = (first, sides[1].under_pseudonyms(first))
    redaction = next((side.hidden.redaction for side in both[::-1] if side.hidden), None)
    told = found if redaction is None else retold(
        found, lambda text, quoted: redaction.quoted(text) if quoted else redaction(text), settings
    )  # fmt: skip
    made = Differences(told, _notes(found, both))
    for side in both:
        side.refuse(made.json(), "what differs")
    return made


def _notes(found: Comparison, sides: Iterable[KnownCase]) -> tuple[str, ...]:
    apart = [f"{_APART}{listed(found.apart)}."] if found.apart else []
    return tuple(dict.fromkeys((*apart, *(note for one in sides for note in one.notes))))


def _all(given: _Given) -> list[Choices | Path]:
    if isinstance(given, (str, PathLike, Choices)) or not isinstance(given, Iterable):
        return [a_case(given)]
    return [a_case(one) for one in given]


def _standing(known: KnownCase) -> Standing:
    case = known.case
    if case is None:
        outcomes = known.run(known.deployment)
        return Standing(known.deployment, outcomes, cause_cards(known.deployment, outcomes))
    return Standing(
        known.deployment, case.predicted, case.causes, _seen(case), _configuration(case),
        knows_far_ends=False, assumed=frozenset(_assumed(case, known.deployment)),
    )  # fmt: skip


def _assumed(case: "Case", deployment: Deployment) -> Iterator[Assumed]:
    """Yield what of a side is assumed for one node or more, since no file holds it."""
    held = case.archive.rows["certificates"].rows
    listed = {str(row["host"]) for row in held if row["store"] == "ca"}
    for role, peers in ((Role.CORE, deployment.core), (Role.EDGE, deployment.edge)):
        nodes = [node for node in case.nodes if node.role is role]
        known = {
            LIST: [node.host in listed for node in nodes],
            RELEASE: [node.release is not None for node in nodes],
            MODE: [node.mode is not None for node in nodes],
        }
        yield from ((role, what) for what, told in known.items() if sum(told) < len(peers))
    if not any(_DOMAINS_PATH in str(path) for path in case.rows["configuration"].each("setting")):
        yield None, DOMAINS


def _seen(case: "Case") -> dict[str, str]:
    states: dict[str, set[str]] = {}
    for one in case.observed:
        states.setdefault(title_of(one.connection), set()).add(one.state.value)
    return {title: " and ".join(sorted(found)) for title, found in states.items()}


def _configuration(case: "Case") -> dict[tuple[str, str], str]:
    """Return the settings of the dumps; of a setting that stands there twice the last counts."""
    rows = case.rows["configuration"].rows
    return {(str(row["host"]), str(row["setting"])): str(row["value"]) for row in rows}
