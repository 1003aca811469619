"""What to do, for a panel: the plans of a deployment or of a case, made when they are asked for."""

from collections.abc import Callable, Iterable

import ipywidgets as w

from ekukit.diagnosis.case import Case
from ekukit.diagnosis.planned_case import PlanStart, confirmed, start_of_case
from ekukit.errors import InputError
from ekukit.planning import PlanQuestion, make_plan
from ekukit.planning.plan_answer import Confirm, by_handshakes
from ekukit.views.html import page, paragraphs
from ekukit.views.pages.change_request import request_html, request_of

WHAT_TO_DO = "What to do, step by step"


def plan_html(
    start: PlanStart, wishes: Iterable[str] = (), confirm: Confirm = by_handshakes
) -> str:
    """Return the plans for what is wished, for everything without a wish, as a fragment.

    Every state was confirmed by handshakes; where there is no plan it is said why.
    """
    question = PlanQuestion(want=tuple(wishes), rows=start.rows)
    try:
        answer = make_plan(start.deployment, question, confirm)
    except InputError as error:
        return paragraphs([str(error)], strong=True)
    return request_html(request_of(answer, start))


class CasePlan(w.VBox):  # type: ignore[misc]
    """A button that plans for the case that `case` returns, and the plans under it."""

    def __init__(self, case: Callable[[], Case | None]) -> None:
        """Show the button alone."""
        self._case = case
        self.button = w.Button(
            description=WHAT_TO_DO, layout=w.Layout(width="auto", align_self="flex-start")
        )
        self.told = w.HTML()
        self.told.add_class("eku-plan")
        self.button.on_click(lambda _button: self._plan())
        super().__init__([self.button, self.told])

    def clear(self) -> None:
        """Show the button alone."""
        self.told.value = ""

    def _plan(self) -> None:
        case = self._case()
        if case is None:
            return
        try:
            self.told.value = page(plan_html(start_of_case(case), confirm=confirmed))
        except InputError as error:
            self.told.value = page(paragraphs([str(error)], strong=True))
