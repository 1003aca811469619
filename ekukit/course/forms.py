"""The ways to ask: predict, choose, tick, name a cause, mend a deployment, type a command."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import chain, combinations

from ekukit.connections import Outcome, State
from ekukit.course.question import Answer, Change, Form, Mark, Question, Reply
from ekukit.expressway import Answer as NodeAnswer
from ekukit.expressway import Choices, Deployment, Expressway, build, condition, execute
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


def predict(  # noqa: PLR0913 - a question has these parts
    name: str, text: str, given: Given, *, hint: str, why: str, facts: Sequence[str],
    mistakes: Mapping[str, str],
) -> Question:  # fmt: skip
    """Return a question for the states of zone and tunnels, answered by the lab."""
    return Question(
        name, text, Form.ONE, lambda: zone_and_tunnels(given), hint, why, tuple(facts),
        options=STATES, mistakes=mistakes,
    )  # fmt: skip


def choose(  # noqa: PLR0913 - a question has these parts
    name: str, text: str, options: Sequence[str], right: Callable[[], str], *, hint: str, why: str,
    facts: Sequence[str], mistakes: Mapping[str, str],
    given: Callable[[], Deployment] | None = None,
) -> Question:  # fmt: skip
    """Return a question with one right option, which `right` computes.

    With `given`, a deployment is shown and the question is a task of diagnosis.
    """
    return Question(
        name, text, Form.ONE, right, hint, why, tuple(facts), options=tuple(options),
        mistakes=mistakes, given=given, diagnosis=given is not None,
    )  # fmt: skip


def tick(  # noqa: PLR0913 - a question has these parts
    name: str, text: str, options: Sequence[str], right: Callable[[], frozenset[str]], *, hint: str,
    why: str, facts: Sequence[str], mistakes: Mapping[str, str],
    given: Callable[[], Deployment] | None = None,
) -> Question:  # fmt: skip
    """Return a question whose right options `right` computes; each option has its message.

    With `given`, a deployment is shown and the question is a task of diagnosis.
    """
    return Question(
        name, text, Form.SEVERAL, right, hint, why, tuple(facts), options=tuple(options),
        mistakes=mistakes, given=given, diagnosis=given is not None,
    )  # fmt: skip


def cause(  # noqa: PLR0913 - a question has these parts
    name: str, text: str, given: Given, connection: str, causes: Mapping[str, str], *, hint: str,
    why: str, facts: Sequence[str], mistakes: Mapping[str, str],
) -> Question:  # fmt: skip
    """Return a task: states and certificates of `given` are shown, the cause is to be named.

    `causes` has a text for each code that an outcome can have (without the connection, such as
    "client-eku-missing"); the outcome's own code picks the right one.
    """

    def right() -> str:
        return causes[outcome(given, connection).code.partition(".")[2]]

    return Question(
        name, text, Form.ONE, right, hint, why, tuple(facts), options=_mixed(name, causes.values()),
        mistakes=mistakes, given=lambda: deployed(given), needs=(connection,), diagnosis=True,
    )  # fmt: skip


def _mixed(name: str, options: Iterable[str]) -> tuple[str, ...]:
    """Return options in an order that tells nothing, and is the same every time."""
    return tuple(sorted(options, key=lambda text: sha256(f"{name} {text}".encode()).digest()))


def mend(  # noqa: PLR0913 - a question has these parts
    name: str, text: str, given: Given, changes: Mapping[str, Callable[[Deployment], Deployment]],
    *, hint: str, why: str, facts: Sequence[str], needs: Sequence[str] = MRA,
    mistakes: Mapping[str, str] | None = None,
) -> Question:  # fmt: skip
    """Return a task: a broken deployment, changes to tick, and the lab as the grader.

    Right is the smallest set of changes after which everything in `needs` is Active.
    """
    question = Question(
        name, text, Form.MEND, lambda: _smallest(question), hint, why, tuple(facts),
        mistakes=mistakes or {}, given=lambda: deployed(given), needs=tuple(needs),
        changes=tuple(Change(words, apply) for words, apply in changes.items()),
        grade=_grade_mending, diagnosis=True,
    )  # fmt: skip
    return question


def mended(question: Question, ticked: frozenset[str]) -> Deployment:
    """Return the question's deployment after the ticked changes, in the order of the list."""
    found = deployed(question.given) if question.given else deployed("C2")
    for change in question.changes:
        if change.text in ticked:
            found = change.apply(found)
    return found


def failing(question: Question, ticked: frozenset[str]) -> list[Outcome]:
    """Return what is still not Active after the changes, by real handshakes."""
    found = run(mended(question, ticked))
    return [o for o in found if o.connection in question.needs and o.state is not State.ACTIVE]


def _peers(found: Deployment) -> dict[str, str]:
    """Return how a peer of a cluster is told apart, by its address; nothing for single nodes."""
    clusters = [peers for peers in (found.core, found.edge) if len(peers) > 1]
    return {node.address: f" of {node.fqdn}" for peers in clusters for node in peers}


def _grade_mending(question: Question, answer: Answer) -> Reply:
    ticked = frozenset(answer) if not isinstance(answer, str) else frozenset((answer,))
    own = question.mistakes.get("; ".join(c.text for c in question.changes if c.text in ticked))
    wrong = failing(question, ticked)
    if wrong:
        whose = _peers(mended(question, ticked))
        lines = dict.fromkeys(
            f"{o.title}{whose.get(o.initiator, '')} is still {o.state}: {o.reason}" for o in wrong
        )
        said = own or " ".join(lines)
        return Reply(Mark.INCORRECT, said)
    needless = [text for text in sorted(ticked) if not failing(question, ticked - {text})]
    if needless:
        said = own or f"It works, and without “{needless[0]}” as well: one change too many."
        return Reply(Mark.INCORRECT, said)
    return Reply(Mark.CORRECT, question.why, question.facts)


def _smallest(question: Question) -> Answer:
    texts = [change.text for change in question.changes]
    sizes = range(1, len(texts) + 1)
    for chosen in chain.from_iterable(combinations(texts, size) for size in sizes):
        if not failing(question, frozenset(chosen)):
            return frozenset(chosen)
    return frozenset()


def command(  # noqa: PLR0913 - a question has these parts
    name: str, text: str, node: Callable[[], Expressway], line: str,
    reached: Callable[[NodeAnswer], bool], *, hint: str, why: str, facts: Sequence[str],
    mistakes: Mapping[str, str],
) -> Question:  # fmt: skip
    """Return a task to type a command; the node's own answer grades it.

    `line` is one command that does it; `reached` tells from the node's answer.
    """

    def grade(question: Question, answer: Answer) -> Reply:
        typed = str(answer)
        found = execute(node(), typed)
        if found.accepted and reached(found):
            return Reply(Mark.CORRECT, question.why, question.facts)
        own = next((said for part, said in mistakes.items() if part == typed.strip()), "")
        said = own or f"{found.reason}." + (" That is not what was asked." * found.accepted)
        return Reply(Mark.INCORRECT, said)

    return Question(
        name, text, Form.TYPED, lambda: line, hint, why, tuple(facts), mistakes=mistakes,
        grade=grade,
    )  # fmt: skip
