"""A case that shows itself: as sections in a notebook, as a report, as JSON, in one line."""

import json
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from ekukit.diagnosis.case import Case
from ekukit.printable import escaped, visible


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InspectedCase(Case):
    """A case with what the shell makes of it: `report(path)` and `json()`.

    Both it and what a notebook shows of it have real names, unless they are asked to hide them; a
    report hides them unless it is asked not to.
    """

    def report(
        self,
        path: str | PathLike[str] | None = None,
        *,
        names: bool = False,
        map: str | PathLike[str] | None = None,  # noqa: A002 - as the shell calls it
    ) -> Path:
        """Write a report, `.html` or `.md` by its ending, redacted unless `names`; return its path.

        Without a path it is case.html in a folder that goes when Python ends. `map` is a new file
        for what the pseudonyms stand for. Raises InputError for another ending and for a file that
        cannot be written.
        """
        from ekukit.passing_folders import passing_folder
        from ekukit.views.pages.report import write_report

        given = path or passing_folder() / "case.html"
        return write_report(self, given, redact=not names, mapping=map)

    def json(self, *, redact: bool = False, all: bool = False) -> str:  # noqa: A002 - as the shell
        """Return what `ekukit inspect --json` prints; `redact` hides names, `all` folds nothing."""
        return case_json(_hidden(self) if redact else self, redact=redact, everything=all)

    def __repr__(self) -> str:
        """Return the headline and how many findings there are, in one line."""
        return f"<Case: {visible(self.headline)} Findings: {len(self.findings)}>"

    def _repr_html_(self) -> str:
        from ekukit.views.html import page
        from ekukit.views.pages.case_sections import headline_html, sections
        from ekukit.views.pages.document import section_html

        return page(headline_html(self), *map(section_html, sections(self)))


def case_json(case: Case, *, redact: bool, everything: bool) -> str:
    """Return a case, which is redacted already if `redact` says so, as the shell prints it."""
    from ekukit.verbs.case_json import MOST, case_data

    # Escaped, so that nothing in it steers a terminal, whatever its encoding.
    data = {"redacted": redact, **case_data(case, None if everything else MOST)}
    return escaped(json.dumps(data, indent=2))


def _hidden(case: Case) -> Case:
    from ekukit.privacy.passed_on import redacted

    return redacted(case).case
