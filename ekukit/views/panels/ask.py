"""Questions as widgets: choose or tick, then Check, Hint, Solution; the engines grade."""

from collections.abc import Iterable
from functools import cache
from itertools import takewhile

import ipywidgets as w

from ekukit.connections.services import essential
from ekukit.course import Asked, Form, Mark, Progress, Question, Reply, question, questions
from ekukit.course.forms import mended
from ekukit.course.question import SIGNS, Answer
from ekukit.errors import InputError
from ekukit.lab import run
from ekukit.views.html import page, paragraphs, safe
from ekukit.views.pages.deployment_states import summary_html
from ekukit.views.pages.starting_point import case_html
from ekukit.views.panels.door import Behind, PredictionDoor
from ekukit.views.static_copy import OnPaper

_CLASSES = {
    Mark.CORRECT: "eku-active",
    Mark.INCORRECT: "eku-failed",
    Mark.NOT_ATTEMPTED: "eku-unknown",
}
_AGAIN = "The deployment of an earlier question, once more"
_WORDY = w.Layout(width="auto", max_width="100%")


@cache
def progress() -> Progress:
    """Return the progress of this notebook's kernel."""
    return Progress()


def ask(name: str, *behind: Behind) -> "QuestionBox":
    """Return the question of that id as a widget, and hide what it asks about until an answer.

    `behind` are pictures of `show` and panels; they appear once an answer was checked, right or
    wrong, now or in kept progress, or "Show me" is pressed; on paper they are folded. Raises
    InputError for an unknown id and for anything else to hide.
    """
    return QuestionBox(question(name), *behind)


class QuestionBox(OnPaper, w.VBox):  # type: ignore[misc]
    """A question to be answered by mouse or keyboard, or from code by `answer` and `check()`.

    `answer` is the chosen option, a set of ticked ones, or the typed line; None is no answer.
    `door` hides what the question asks about until an answer was checked.
    """

    def __init__(self, asked: Question, *behind: Behind) -> None:
        """Show the question, nothing chosen, and its door, open if it was answered before."""
        self.asked = Asked(asked, progress())
        self.control: _One | _Ticks | _Line = _CONTROLS[asked.task.form](asked)
        self.check_button = _button("Check", "Grade the answer")
        self.hint_button = _button("Hint", "A hint; it costs nothing")
        self.solution_button = _button("Solution", "After success or three tries")
        self.check_button.on_click(lambda _button: self.check())
        self.hint_button.on_click(lambda _button: self.hint())
        self.solution_button.on_click(lambda _button: self.solution())
        self.given = w.HTML(_given_html(asked))
        self.reply = w.HTML()
        self.reply.add_class("eku-reply")
        self.states = w.HTML()
        buttons = w.HBox([self.check_button, self.hint_button, self.solution_button])
        self.door = PredictionDoor(behind)
        super().__init__([self.given, self.control, buttons, self.reply, self.states, self.door])
        self.add_class("eku-question")
        if self.asked.tries:
            self.door.reveal()
        self._say(None)

    @property
    def answer(self) -> Answer | None:
        """Return what is chosen, ticked or typed."""
        return self.control.answer

    @answer.setter
    def answer(self, answer: Answer | Iterable[str] | None) -> None:
        self.control.answer = answer

    def check(self) -> Reply:
        """Grade the answer, show and return the reply."""
        self.asked.answer = self.answer
        reply = self.asked.check()
        if reply.mark is not Mark.NOT_ATTEMPTED:
            self.door.reveal()
        if self.asked.question.task.form is Form.MEND and reply.mark is not Mark.NOT_ATTEMPTED:
            self.states.value = self._mended_html()
        return self._say(reply)

    def hint(self) -> Reply:
        """Show and return the hint."""
        return self._say(self.asked.hint(), "Hint")

    def solution(self) -> Reply:
        """Show and return the solution, or how many tries are left before it."""
        return self._say(self.asked.solution(), "Solution")

    def paper(self) -> str:
        """Return the question with boxes to tick or a line to write on, and its outcome folded."""
        asked = self.asked.question
        offered = asked.offered() if asked.task.form is not Form.TYPED else ()
        lines = [f"☐ {text}" for text in offered] or ["Your line: " + "_" * 48]
        return str(self.given.value) + page(paragraphs(lines)) + self.door.paper()

    def _say(self, reply: Reply | None, what: str = "") -> Reply:
        if reply is None:
            state = f"{SIGNS[Mark.CORRECT]} Solved before." if self.asked.is_solved else ""
            self.reply.value = page(f'<p role="status">{safe(state)}</p>')
            return Reply(Mark.NOT_ATTEMPTED, state)
        self.reply.value = reply_html(reply, what)
        return reply

    def _mended_html(self) -> str:
        ticked = self.answer
        chosen = ticked if isinstance(ticked, frozenset) else frozenset()
        found = run(mended(self.asked.question.task, chosen))
        return page(paragraphs(["After your changes:"], strong=True)) + summary_html(
            essential(found)
        )


def reply_html(reply: Reply, what: str = "") -> str:
    """Return a reply with sign and word, announced when it changes."""
    label = what or f"{SIGNS[reply.mark]} {reply.mark.value}"
    source = f" ({', '.join(reply.facts)})" if reply.facts else ""
    css = "eku-unknown" if what else _CLASSES[reply.mark]
    return page(
        f'<p role="status" aria-live="polite"><span class="eku-state {css}">{safe(label)}</span> '
        f"{safe(reply.message)}{safe(source)}</p>"
    )


def _given_html(asked: Question) -> str:
    parts = [f'<p class="eku-asked">{safe(asked.text)}</p>']
    if asked.task.given is not None:
        case = case_html(asked.task.given(), asked.task.needs)
        parts.append(f"<details><summary>{_AGAIN}</summary>{case}</details>"
                     if _is_asked_again(asked) else case)  # fmt: skip
    return page(*parts)


def _is_asked_again(asked: Question) -> bool:
    """Return whether an earlier question of the lesson shows this deployment."""
    given = asked.given
    earlier = takewhile(lambda found: found.id != asked.id, questions().values())
    return given is not None and any(
        found.given is not None and found.given() == given()
        for found in earlier
        if found.lesson == asked.lesson
    )


class _One(w.RadioButtons):  # type: ignore[misc]
    """One of the options."""

    def __init__(self, asked: Question) -> None:
        super().__init__(
            description="Your answer", options=asked.offered(), value=None, layout=_WORDY,
            style={"description_width": "initial"},
        )  # fmt: skip

    @property
    def answer(self) -> Answer | None:
        return self.value

    @answer.setter
    def answer(self, answer: str | None) -> None:
        if answer is not None and answer not in self.options:
            msg = f"{answer!r} is no option; use one of: {'; '.join(self.options)}"
            raise InputError(msg)
        self.value = answer


class _Ticks(w.VBox):  # type: ignore[misc]
    """Any number of the options."""

    def __init__(self, asked: Question) -> None:
        self.boxes = [
            w.Checkbox(description=text, indent=False, layout=_WORDY, style={"description_width":
                       "initial"}) for text in asked.offered()
        ]  # fmt: skip
        super().__init__(self.boxes)

    @property
    def answer(self) -> Answer | None:
        return frozenset(box.description for box in self.boxes if box.value) or None

    @answer.setter
    def answer(self, answer: Iterable[str] | None) -> None:
        wanted = frozenset(answer or ())
        unknown = wanted - {box.description for box in self.boxes}
        if unknown:
            offered = "; ".join(box.description for box in self.boxes)
            msg = f"{min(unknown)!r} is no option; use some of: {offered}"
            raise InputError(msg)
        for box in self.boxes:
            box.value = box.description in wanted


class _Line(w.Text):  # type: ignore[misc]
    """A typed line."""

    def __init__(self, _asked: Question) -> None:
        super().__init__(
            description="Your line", layout=w.Layout(width="100%", max_width="760px"),
            style={"description_width": "initial"}, continuous_update=True,
        )  # fmt: skip

    @property
    def answer(self) -> Answer | None:
        return self.value or None

    @answer.setter
    def answer(self, answer: str | None) -> None:
        self.value = answer or ""


_CONTROLS: dict[Form, type[_One | _Ticks | _Line]] = {
    Form.ONE: _One,
    Form.SEVERAL: _Ticks,
    Form.MEND: _Ticks,
    Form.TYPED: _Line,
}


def _button(text: str, tooltip: str) -> w.Button:
    return w.Button(description=text, tooltip=tooltip, layout=w.Layout(width="auto"))
