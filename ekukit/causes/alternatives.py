"""Other remedies of a cause than the first, and what mode Off would bring back of it."""

from collections.abc import Iterable

from ekukit.causes.part import CausePlace, Kind
from ekukit.causes.root_cause import RootCause
from ekukit.causes.system_words import listed, title_of
from ekukit.connections.handshake import Cause, Side
from ekukit.connections.outcome import State
from ekukit.connections.predict import predict
from ekukit.expressway import Deployment, Mode, Role
from ekukit.facts import issuance, issuers, last_day
from ekukit.facts.calendar import Issuance

BY_USAGE = frozenset({Cause.EKU, Cause.CA_EKU})
_FEW = 2


def alternatives(deployment: Deployment, cause: RootCause) -> Iterable[str]:
    """Yield other remedies; of mode Off, by rules, what it would bring back and what not."""
    part, fault = cause.parts[0], cause.faults[0]
    if part.place is CausePlace.FAR_END and part.kind is Kind.TRUST:
        yield f"Or give {fault.shows.node} a certificate of a CA that is trusted there already."
    if not BY_USAGE & {found.verdict.cause for found in cause.faults}:
        return
    if any(found.verdict.judged is Side.CLIENT for found in cause.faults):
        yield still_given(deployment)
    for role in Role:
        peers = deployment.core if role is Role.CORE else deployment.edge
        judges = {peer.address for peer in peers if peer.eku_checking is Mode.ON}
        if any(found.shake.server.address in judges for found in cause.faults):
            change = deployment.with_core if role is Role.CORE else deployment.with_edge
            yield _off(role, cause.effects, _up(cause, change(eku_checking=Mode.OFF)))


def _up(cause: RootCause, deployment: Deployment) -> set[str]:
    """Return what of a cause's effects is up in a deployment, in all pairs that it had down.

    In a cluster another pair's being up, before or after, tells nothing of these.
    """
    told = [(o.connection, (o.initiator, o.responder), o.state) for o in predict(deployment)]
    own = {name for name, _ in cause.pairs}
    asked = [one for one in told if one[0] not in own or one[:2] in cause.pairs]
    down = {name for name, _, state in asked if state is not State.ACTIVE}
    return {name for name, *_ in asked} - down


def still_given(deployment: Deployment) -> str:
    """Return which public CAs give clientAuth at the deployment's moment, by the calendar."""
    on = deployment.at.date()
    told = []
    for subject in issuers():
        gives, end = issuance(subject, on), last_day(subject)
        if gives in (Issuance.BY_DEFAULT, Issuance.ON_REQUEST):
            asked = " when asked for" if gives is Issuance.ON_REQUEST else ""
            until = f" until {end:%d %b %Y}" if end else ""
            told.append(f"{subject}{asked}{until}")
    if not told:
        return f"No public CA of the calendar gives clientAuth on {on:%d %b %Y}."
    return f"Public CAs that give clientAuth on {on:%d %b %Y}: {listed(told)}."


def _off(role: Role, effects: Iterable[str], up: set[str]) -> str:
    back = [title_of(name) for name in effects if name in up]
    stays = [title_of(name) for name in effects if name not in up]
    if not back:
        return f"Mode Off on {role.value} would bring back none of it."
    rest = f"; {listed(stays, most=_FEW)} would stay down" if stays else ""
    return f"Mode Off on {role.value} would bring back {listed(back, most=_FEW)}{rest}."
