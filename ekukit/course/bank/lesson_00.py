"""The question of the first five minutes."""

from ekukit.connections import State
from ekukit.course.forms import choose, state
from ekukit.course.question import Question
from ekukit.expressway import Mode, condition

_OFF = condition("C2", edge_checking=Mode.OFF)
_ALL = "zone and tunnels, so people can log in again"
_ZONE = "the zone alone, and nobody can log in"
_NONE = "nothing"


def _comes_back() -> str:
    if state(_OFF, "mra-login") is State.ACTIVE:
        return _ALL
    return _ZONE if state(_OFF, "uc-zone") is State.ACTIVE else _NONE


QUESTIONS = (
    Question(
        "00.surprise",
        "You set Edge's EKU checking mode to Off. What comes back?",
        choose((_ALL, _ZONE, _NONE), _comes_back),
        hint="There are two connections between Core and Edge: one is SIP over TLS, one is SSH.",
        why="The mode governs SIP over TLS, which the zone is (E2). The tunnels are SSH and always "
        "demand clientAuth (E7), and logging in needs both (V1).",
        facts=("E2", "E7", "V1"),
        mistakes={
            _ALL: "Look at the tunnels after the toggle: they are still Failed, and logging in "
            "needs them (V1).",
            _NONE: "Look at the zone after the toggle: Off passes over the missing clientAuth for "
            "SIP over TLS (E2).",
        },
    ),
)
