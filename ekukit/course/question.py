"""A question: what is asked, how engines grade it, what is said, and how far somebody has come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from ekukit.course.progress import Progress
from ekukit.errors import InputError
from ekukit.expressway import Deployment

# One option, a typed line, or the set of what was ticked.
Answer = str | frozenset[str]


class Form(StrEnum):
    """How a question is answered."""

    ONE = "one of the options"
    SEVERAL = "all options that hold"
    MEND = "the changes that mend it"
    TYPED = "a typed line"


class Mark(StrEnum):
    """How an answer was found."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    NOT_ATTEMPTED = "not attempted"


SIGNS = {Mark.CORRECT: "✓", Mark.INCORRECT: "✗", Mark.NOT_ATTEMPTED: "–"}


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What is said to an answer, a request for a hint or for the solution."""

    mark: Mark
    message: str
    facts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return sign, mark and message in one line."""
        return f"{SIGNS[self.mark]} {self.mark.value}: {self.message}"

    __repr__ = __str__


@dataclass(frozen=True, slots=True)
class Change:
    """Something that an administrator can do in a task of mending."""

    text: str
    apply: Callable[[Deployment], Deployment]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done in a question, and how engines grade it; `ekukit.course.forms` has all.

    `right` computes the answer by an engine, so that it never drifts. `given` is the deployment
    that is shown with the question or is to be mended. `mixed` options come in an order that tells
    nothing. `diagnosis` marks tasks in which a cause is to be found.
    """

    form: Form
    right: Callable[[], Answer]
    options: tuple[str, ...] = ()
    given: Callable[[], Deployment] | None = None
    changes: tuple[Change, ...] = ()
    needs: tuple[str, ...] = ()
    grade: Callable[["Question", Answer], Reply] | None = None
    mixed: bool = False
    diagnosis: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its words, and the task that grades an answer; `id` is "lesson.name".

    `mistakes` says something of its own to each wrong option (ONE), to each option wrongly ticked
    or left out (SEVERAL), to sets of changes by their texts joined with "; " (MEND), or to typed
    lines.
    """

    id: str
    text: str
    task: Task
    hint: str
    why: str
    facts: tuple[str, ...]
    mistakes: Mapping[str, str] = field(default_factory=dict)

    @property
    def lesson(self) -> str:
        """Return the number of the lesson, such as "11"."""
        return self.id.partition(".")[0]

    @property
    def given(self) -> Callable[[], Deployment] | None:
        """Return what makes the deployment that is shown or is to be mended, None without one."""
        return self.task.given

    def offered(self) -> tuple[str, ...]:
        """Return what can be chosen or ticked; mixed options in the same order every time."""
        if self.task.mixed:
            return tuple(sorted(self.task.options, key=self._hash))
        return self.task.options or tuple(change.text for change in self.task.changes)

    def _hash(self, option: str) -> bytes:
        return sha256(f"{self.id} {option}".encode()).digest()


def mark(question: Question, answer: Answer | None) -> Reply:
    """Return the reply to an answer; None and nothing ticked or typed are no attempt.

    Raises InputError for an option that the question does not offer.
    """
    if not answer:
        return Reply(Mark.NOT_ATTEMPTED, "Choose an answer first.")
    _refuse_unknown(question, answer)
    if question.task.grade is not None:
        return question.task.grade(question, answer)
    right = question.task.right()
    if answer == right:
        return Reply(Mark.CORRECT, question.why, question.facts)
    if isinstance(answer, frozenset) and isinstance(right, frozenset):
        return Reply(Mark.INCORRECT, _difference(question, answer, right))
    return Reply(Mark.INCORRECT, question.mistakes.get(str(answer), "That is not it. Try again."))


def _difference(question: Question, answer: frozenset[str], right: frozenset[str]) -> str:
    wrong = [option for option in question.offered() if option in answer ^ right]
    first = wrong[0]
    said = question.mistakes.get(first, "look at it again")
    more = f" And {len(wrong) - 1} more to look at." if len(wrong) > 1 else ""
    return f"“{first}”: {said}{more}"


def _refuse_unknown(question: Question, answer: Answer) -> None:
    offered = question.offered()
    if not offered:
        return
    given = {answer} if isinstance(answer, str) else answer
    for option in given:
        if option not in offered:
            msg = f"{option!r} is no option of {question.id}; use one of: {'; '.join(offered)}"
            raise InputError(msg)


TRIES = 3


class Asked:
    """A question with a person before it; `answer` is what they say, None at first.

    `check`, `hint` and `solution` return a `Reply` and raise nothing for a wrong answer; an option
    that is not offered raises InputError. The solution is told after success or three tries.
    """

    def __init__(self, question: Question, progress: Progress) -> None:
        """Ask it; earlier tries are known from the progress."""
        self.question = question
        self.answer: Answer | None = None
        self._progress = progress

    @property
    def tries(self) -> int:
        """Return how many answers were checked."""
        return self._progress.of(self.question.id).tries

    @property
    def is_solved(self) -> bool:
        """Return whether a right answer was given, now or earlier."""
        return self._progress.of(self.question.id).solved

    @property
    def may_see_solution(self) -> bool:
        """Return whether the solution is told by now."""
        return self.is_solved or self.tries >= TRIES

    def check(self) -> Reply:
        """Grade the answer by the engines; no answer is no try."""
        reply = mark(self.question, self.answer)
        if reply.mark is not Mark.NOT_ATTEMPTED:
            self._progress.record(self.question.id, solved=reply.mark is Mark.CORRECT)
        return reply

    def hint(self) -> Reply:
        """Return the hint; it costs nothing."""
        return Reply(self._state(), self.question.hint)

    def solution(self) -> Reply:
        """Return the answer and its reason, or how many tries are left before it is told."""
        if not self.may_see_solution:
            left = TRIES - self.tries
            times = "one try" if left == 1 else f"{left} tries"
            return Reply(self._state(), f"The solution comes after success, or after {times} more.")
        question = self.question
        said = f"{words(question.task.right())}. {question.why}"
        return Reply(self._state(), said, question.facts)

    def _state(self) -> Mark:
        if self.is_solved:
            return Mark.CORRECT
        return Mark.INCORRECT if self.tries else Mark.NOT_ATTEMPTED


def words(answer: Answer) -> str:
    """Return an answer as it is told."""
    if isinstance(answer, str):
        return answer
    return "; ".join(sorted(answer)) or "nothing"
