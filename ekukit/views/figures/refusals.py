"""What is marked in the picture: which certificate was refused by whom, and what was checked."""

from collections.abc import Iterable

from ekukit.connections import Outcome, State
from ekukit.connections.attempts import attempts, decision, systems
from ekukit.connections.catalog import ROWS, Connection, EkuRule, place_title
from ekukit.connections.handshake import Cause, EkuCheck
from ekukit.connections.reasons import CAUSES
from ekukit.expressway import Deployment, Expressway, Role, Store
from ekukit.views.figures.store_slots import slot_key

_LACKS = {"client": "no clientAuth", "server": "no serverAuth"}
_CHECKS = {
    EkuCheck.CLIENT_AUTH: "checks clientAuth",
    EkuCheck.BYPASSED: "takes serverAuth too",
    EkuCheck.IGNORED: "checks no EKU",
    EkuCheck.BY_STACK: "its stack takes it",
    EkuCheck.NOT_ASKED: "asks for no certificate",
}
_ROLES = {role.value: role for role in Role}


def refused_slots(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Return why the certificate in a slot is refused, by `slot_key`; slots that are not, lack."""
    found: dict[str, dict[str, set[str]]] = {}
    for outcome in outcomes:
        side, why = refusal(outcome)
        shown = outcome.presented_by_client if side == "client" else outcome.presented_by_server
        if not why or shown is None or shown.node not in _ROLES or shown.store == "own":
            continue
        key = slot_key(_ROLES[shown.node], Store(shown.store))
        row = ROWS[outcome.connection]
        judge = row.responder if side == "client" else row.initiator
        found.setdefault(key, {}).setdefault(why, set()).add(place_title(judge))
    return {key: _together(by_why) for key, by_why in found.items()}


def refusal(outcome: Outcome) -> tuple[str, str]:
    """Return the side whose certificate is refused and why in three words, else two times ""."""
    if outcome.state is not State.FAILED or outcome.connection not in ROWS:
        return "", ""
    side, _, cause = outcome.code.partition(".")[2].partition("-")
    if side not in _LACKS or cause not in list(Cause):
        return "", ""
    return side, (CAUSES[Cause(cause)].short or cause.replace("-", " ")).format(lacks=_LACKS[side])


def _together(by_why: dict[str, set[str]]) -> str:
    why, judges = next(iter(by_why.items()))
    first, *others = sorted(judges)
    by = f" by {first} + {len(others)}" if others else f" by {first}"
    more = f" (+{len(by_why) - 1})" if len(by_why) > 1 else ""
    return f"refused{by}: {why}{more}"


def check_words(deployment: Deployment, outcome: Outcome) -> str:
    """Return what is checked of the one who calls, with the mode where that decides.

    Who checks is not in the words, nor what it came to. A far end whose check is not known is said
    to be so.
    """
    row = ROWS[outcome.connection]
    pairs = attempts(deployment, row)
    checks = list(dict.fromkeys(shake.eku_check for shake in pairs[0])) if pairs else []
    if not checks:
        return ""
    if len(checks) != 1:
        return "its check is not known"
    return f"{_CHECKS[checks[0]]}{_mode(deployment, row)}"


def _mode(deployment: Deployment, row: Connection) -> str:
    if row.eku_rule is EkuRule.ALWAYS:
        return " · always"
    if not isinstance(row.responder, Role):
        return ""
    judge = systems(deployment, row.responder)[0]
    if not isinstance(judge, Expressway) or decision(row, judge).check is not None:
        return ""
    return f" · {judge.eku_checking.value}"
