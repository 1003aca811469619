"""A plan that shows itself: as pages in a notebook, as a change request, as JSON, in one line."""

import json
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ekukit.planning.plan_answer import ChangePlan, PlanAnswer
from ekukit.planning.plan_check import PlanCheck
from ekukit.printable import escaped

if TYPE_CHECKING:
    from ekukit.diagnosis.planned_case import PlanStart


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Planned:
    """The plans for what was wished, best first, and where they begin.

    `name` is that of the condition, "" for anything else. `answer` has everything; `json()` is what
    the shell prints, `report(path)` the change request. `check` is None unless archives that were
    taken afterwards were given.
    """

    answer: PlanAnswer
    start: "PlanStart"
    name: str = ""
    check: PlanCheck | None = None

    @property
    def plans(self) -> tuple[ChangePlan, ...]:
        """Return the plans, best first; none where what is wished is impossible."""
        return self.answer.plans

    def json(self) -> str:
        """Return what `ekukit plan --json` prints."""
        from ekukit.verbs.plan_json import check_data, plan_data

        told: dict[str, object] = {"notes": [*self.start.cautions, *self.start.notes]}
        if self.check is not None:
            told["verified"] = check_data(self.check)
        return escaped(json.dumps(plan_data(self.answer) | told, indent=2, ensure_ascii=False))

    def report(self, path: str | PathLike[str]) -> Path:
        """Write the change request, `.html` or `.md` by its ending (mode 0600); return its path.

        Raises InputError for another ending and for a file that cannot be written.
        """
        from ekukit.views.pages.change_request import request_of
        from ekukit.views.pages.paper import write_paper

        return write_paper(request_of(self.answer, self.start, self.name), path)

    def __repr__(self) -> str:
        """Return in one line how many plans there are, and the steps of the first."""
        if not self.plans:
            return f"<Planned: impossible; {len(self.answer.unmet)} wishes unmet>"
        steps = ", ".join(shown.step.id for shown in self.plans[0].steps) or "no step"
        return f"<Planned: {len(self.plans)} plans; {steps}>"

    def _repr_html_(self) -> str:
        from ekukit.views.html import page
        from ekukit.views.pages.change_request import request_html, request_of

        return page(request_html(request_of(self.answer, self.start, self.name)))
