"""Conditions in time: before and after upgrade, renewal and expiry; a private CA in 2027."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ekukit.certificates import EkuProfile, utc
from ekukit.expressway.build import CA1, CA2, build
from ekukit.expressway.conditions import condition
from ekukit.expressway.deployment import Deployment
from ekukit.expressway.node import CertificateStore, Expressway, Release, Role, Store
from ekukit.expressway.upgrade import upgrade
from ekukit.facts import longest
from ekukit.facts.calendar import FORUM

_LONG_AGO, _NEXT_DAY = utc("2026-01-01"), utc("2026-03-24T18:00")
# Chrome's last step, after which no public CA issues clientAuth, is of 15 Mar 2027 (K4).
_AFTER_ALL = utc("2027-04-01")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in the life of a deployment: its title, what happened, and the nodes as they are."""

    title: str
    happened: str
    deployment: Callable[[], Deployment]


def before_upgrade() -> Deployment:
    """Return condition 1 on X15.4: one store, public certificates with both EKUs."""
    found = build(condition("C1", release=Release.X15_4, at=utc("2026-03-24T15:20")))
    # The far ends' certificates must be older than this story, which they are not part of.
    far_ends = (
        replace(end, certificate=end.certificate and end.certificate.moved(not_before=_LONG_AGO))
        for end in found.far_ends
    )
    return replace(found, far_ends=tuple(far_ends))


def after_upgrade(at: datetime = _NEXT_DAY) -> Deployment:
    """Return the same nodes after the product's upgrade to X15.5 (S4), that evening or later."""
    old = before_upgrade()
    core = tuple(upgrade(node).node for node in old.core)
    return replace(old, core=core, edge=tuple(upgrade(node).node for node in old.edge), at=at)


def renewed_in_2027() -> Deployment:
    """Return condition 2.1 on 2 Apr 2027: each CA renewed its certificates the day before."""
    found = build(condition("C2.1", at=_AFTER_ALL + timedelta(days=1)))
    return replace(
        found, core=tuple(map(_renewed, found.core)), edge=tuple(map(_renewed, found.edge))
    )


def _renewed(node: Expressway) -> Expressway:
    days = longest(_AFTER_ALL.date(), FORUM).days
    server = CA2.issue(node.fqdn, eku=EkuProfile.SERVER, issued=_AFTER_ALL, days=days)
    client = server
    if node.role is Role.CORE:
        client = CA1.issue(node.fqdn, eku=EkuProfile.BOTH, issued=_AFTER_ALL)
    return replace(
        node,
        server=CertificateStore(Store.SERVER, server),
        client=CertificateStore(Store.CLIENT, client),
    )


MOMENTS = (
    Moment("24 Mar 2026, 15:20: X15.4", "An hour before the upgrade.", before_upgrade),
    Moment(
        "24 Mar 2026, 18:00: X15.5",
        "Both nodes are upgraded.",
        after_upgrade,
    ),
    Moment(
        "15 Jun 2026: not renewed",
        "The CA's cut-off (1 May 2026) has passed; nobody has touched a certificate.",
        lambda: after_upgrade(utc("2026-06-15")),
    ),
    Moment(
        "15 Jun 2026: renewed",
        "On 1 Jun 2026 all certificates were renewed at the same public CA, copy box ticked.",
        lambda: build(condition("C2", at=utc("2026-06-15"))),
    ),
    Moment(
        "17 Apr 2027: never renewed",
        "The certificates of 14 Mar 2026 have reached their last day.",
        lambda: after_upgrade(utc("2027-04-17")),
    ),
)
