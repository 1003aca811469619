"""The questions of the first five minutes."""

from ekukit.connections import State
from ekukit.course.forms import choose, state
from ekukit.course.places import CORE_SERVER, EDGE_CLIENT, EDGE_SERVER, STORES, place
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
    Question(
        "00.place",
        "Suppose you own one certificate with both EKUs, of a CA that everybody trusts. On which "
        "page do you upload it, so that zone and tunnels come back for good?",
        place("C2", "ssh-tunnel", STORES, shown=False),
        hint="Core opens zone and tunnels. A node has one certificate for what it opens, another "
        "for what it answers.",
        why="Core opens both, and shows its client certificate (S2). That is the only one of the "
        "four that is asked for clientAuth here (C2.1).",
        facts=("S2", "C2.1"),
        mistakes={
            CORE_SERVER: "That one is shown to whoever calls Core; for zone and tunnels nobody "
            "does (S2). "
            "Explore it: give it any EKUs, and the states stay.",
            EDGE_SERVER: "Edge answers with it, so it needs serverAuth, and it has that.",
            EDGE_CLIENT: "Edge opens neither zone nor tunnels, so nobody sees this one (S2).",
        },
    ),
)
