"""The ways to ask: predict, choose, tick, name a cause, mend a deployment, type a command."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, combinations

from ekukit.connections import Outcome, State
from ekukit.course.question import Answer, Change, Form, Mark, Question, Reply, Task
from ekukit.expressway import Choices, Deployment, Expressway, build, condition
from ekukit.expressway.administration import Answer as NodeAnswer
from ekukit.expressway.commandline import execute
from ekukit.lab import run

Given = Choices | Deployment | str | Callable[[], Deployment]
MRA = ("mra-login", "webrtc-proxy")


def deployed(given: Given) -> Deployment:
    """Return the deployment that a condition's name, choices or a function stand for."""
    if isinstance(given, Deployment):
        return given
    if isinstance(given, (Choices, str)):
        return build(condition(given) if isinstance(given, str) else given)
    return given()


def state(given: Given, connection: str) -> State:
    """Return a connection's or service's state by a real handshake; of several the first."""
    return outcome(given, connection).state


def outcome(given: Given, connection: str) -> Outcome:
    """Return a connection's or service's outcome by a real handshake; of several the first."""
    return next(found for found in run(deployed(given)) if found.connection == connection)


STATES = (
    "zone Active, tunnels Active",
    "zone Active, tunnels Failed",
    "zone Failed, tunnels Active",
    "zone Failed, tunnels Failed",
)


def zone_and_tunnels(given: Given) -> str:
    """Return one of STATES, by real handshakes."""
    return f"zone {state(given, 'uc-zone')}, tunnels {state(given, 'ssh-tunnel')}"


def predict(given: Given) -> Task:
    """Return the task to say the states of zone and tunnels; the lab answers it."""
    return Task(Form.ONE, lambda: zone_and_tunnels(given), STATES)


def choose(
    options: Sequence[str],
    right: Callable[[], str],
    *,
    given: Callable[[], Deployment] | None = None,
) -> Task:
    """Return the task to choose the one right option, which `right` computes.

    With `given`, a deployment is shown and the question is one of diagnosis.
    """
    return Task(Form.ONE, right, tuple(options), given, diagnosis=given is not None)


def tick(
    options: Sequence[str],
    right: Callable[[], frozenset[str]],
    *,
    given: Callable[[], Deployment] | None = None,
) -> Task:
    """Return the task to tick the options that hold, which `right` computes.

    Each option has its message among the mistakes. With `given`, a deployment is shown and the
    question is one of diagnosis.
    """
    return Task(Form.SEVERAL, right, tuple(options), given, diagnosis=given is not None)


def cause(given: Given, connection: str, causes: Mapping[str, str]) -> Task:
    """Return the task to name a cause: states and certificates of `given` are shown.

    `causes` has a text for each code that an outcome can have (without the connection, such as
    "client-eku-missing"); the outcome's own code picks the right one.
    """

    def right() -> str:
        return causes[outcome(given, connection).code.partition(".")[2]]

    return Task(
        Form.ONE, right, tuple(causes.values()), lambda: deployed(given), needs=(connection,),
        mixed=True, diagnosis=True,
    )  # fmt: skip


def mend(
    given: Given,
    changes: Mapping[str, Callable[[Deployment], Deployment]],
    *,
    needs: Sequence[str] = MRA,
) -> Task:
    """Return the task to tick changes that mend a broken deployment, with the lab as the grader.

    Right is the smallest set of changes after which everything in `needs` is Active.
    """
    task = Task(
        Form.MEND, lambda: _smallest(task), given=lambda: deployed(given), needs=tuple(needs),
        changes=tuple(Change(words, apply) for words, apply in changes.items()),
        grade=_grade_mending, diagnosis=True,
    )  # fmt: skip
    return task


def mended(task: Task, ticked: frozenset[str]) -> Deployment:
    """Return the task's deployment after the ticked changes, in the order of the list."""
    found = deployed(task.given) if task.given else deployed("C2")
    for change in task.changes:
        if change.text in ticked:
            found = change.apply(found)
    return found


def failing(task: Task, ticked: frozenset[str]) -> list[Outcome]:
    """Return what is still not Active after the changes, by real handshakes."""
    found = run(mended(task, ticked))
    return [o for o in found if o.connection in task.needs and o.state is not State.ACTIVE]


def _peers(found: Deployment) -> dict[str, str]:
    """Return how a peer of a cluster is told apart, by its address; nothing for single nodes."""
    clusters = [peers for peers in (found.core, found.edge) if len(peers) > 1]
    return {node.address: f" of {node.fqdn}" for peers in clusters for node in peers}


def _grade_mending(question: Question, answer: Answer) -> Reply:
    task = question.task
    ticked = frozenset(answer) if not isinstance(answer, str) else frozenset((answer,))
    own = question.mistakes.get("; ".join(c.text for c in task.changes if c.text in ticked))
    wrong = failing(task, ticked)
    if wrong:
        return Reply(Mark.INCORRECT, own or f"{_astray(question, ticked)}{_still(task, ticked)}")
    needless = [text for text in sorted(ticked) if not failing(task, ticked - {text})]
    if needless:
        said = f"It works, and without “{needless[0]}” as well: one change too many."
        why = question.mistakes.get(needless[0], "")
        return Reply(Mark.INCORRECT, own or f"{said} {why}".rstrip())
    return Reply(Mark.CORRECT, question.why, question.facts)


def _still(task: Task, ticked: frozenset[str]) -> str:
    """Return what is not Active after the changes, a sentence each."""
    whose = _peers(mended(task, ticked))
    lines = dict.fromkeys(
        f"{o.title}{whose.get(o.initiator, '')} is still {o.state}: {o.reason}"
        for o in failing(task, ticked)
    )
    return " ".join(lines)


def _astray(question: Question, ticked: frozenset[str]) -> str:
    """Return what is said to each ticked change that is no part of the mending."""
    right = question.task.right()
    said = (
        f"“{change.text}”: {question.mistakes[change.text]} "
        for change in question.task.changes
        if change.text in ticked and change.text not in right and change.text in question.mistakes
    )
    return "".join(said)


def _smallest(task: Task) -> Answer:
    texts = [change.text for change in task.changes]
    sizes = range(1, len(texts) + 1)
    for chosen in chain.from_iterable(combinations(texts, size) for size in sizes):
        if not failing(task, frozenset(chosen)):
            return frozenset(chosen)
    return frozenset()


def command(
    node: Callable[[], Expressway], line: str, reached: Callable[[NodeAnswer], bool]
) -> Task:
    """Return the task to type a command; the node's own answer grades it.

    `line` is one command that does it; `reached` tells from the node's answer.
    """

    def grade(question: Question, answer: Answer) -> Reply:
        typed = str(answer)
        found = execute(node(), typed)
        if found.accepted and reached(found):
            return Reply(Mark.CORRECT, question.why, question.facts)
        own = question.mistakes.get(typed.strip(), "")
        # What else a node knows would be the answer.
        told = found.reason.partition(" Known: ")[0].removesuffix(".")
        said = own or f"{told}." + (" That is not what was asked." * found.accepted)
        return Reply(Mark.INCORRECT, said)

    return Task(Form.TYPED, lambda: line, grade=grade)
