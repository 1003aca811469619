"""A question that is being asked: the answer so far, its tries, hint and solution."""

from ekukit.course.progress import Progress
from ekukit.course.question import Answer, Mark, Question, Reply, mark

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
