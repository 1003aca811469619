"""Condition 1 in time: one deployment before and after the upgrade, the renewal, the expiry."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import ipywidgets as w
import pandas as pd

from ekukit.certificates import utc
from ekukit.expressway import Deployment, Release, build, condition, upgrade
from ekukit.lab import run
from ekukit.views.explorer import essential, summary_html
from ekukit.views.html import page, paragraphs, table
from ekukit.views.tables import store_table

MOMENT_COLUMNS = ("Moment", "UC traversal zone", "SSH tunnels", "MRA login", "Why")
_LONG_AGO = utc("2026-01-01")
_SHOWN = ("uc-zone", "ssh-tunnel", "mra-login")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in the life of a deployment: its title, what happened, and the nodes as they are."""

    title: str
    happened: str
    deployment: Callable[[], Deployment]


def before_upgrade() -> Deployment:
    """Return condition 1 on X15.4: one store, public certificates with both EKUs."""
    found = build(condition("C1", release=Release.X15_4, at=utc("2026-03-24")))
    # The far ends' certificates must be older than this story, which they are not part of.
    far_ends = (
        replace(end, certificate=end.certificate and end.certificate.moved(not_before=_LONG_AGO))
        for end in found.far_ends
    )
    return replace(found, far_ends=tuple(far_ends))


def after_upgrade(at: datetime) -> Deployment:
    """Return the same nodes after the product's upgrade to X15.5 (S4), at a later moment."""
    old = before_upgrade()
    core = tuple(upgrade(node).node for node in old.core)
    return replace(old, core=core, edge=tuple(upgrade(node).node for node in old.edge), at=at)


MOMENTS = (
    Moment("24 Mar 2026: X15.4", "The day before the upgrade.", before_upgrade),
    Moment(
        "25 Mar 2026: X15.5",
        "Both nodes are upgraded.",
        lambda: after_upgrade(utc("2026-03-25")),
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


def moment_table() -> pd.DataFrame:
    """Return the states of all moments by real handshakes; columns MOMENT_COLUMNS."""
    return pd.DataFrame([_row(m) for m in MOMENTS], columns=list(MOMENT_COLUMNS), dtype=object)


def _row(moment: Moment) -> tuple[object, ...]:
    found = {out.connection: out for out in run(moment.deployment())}
    zone, source = found["uc-zone"], found["uc-zone"].facts
    states = [found[name].state for name in _SHOWN]
    why = (moment.happened, zone.reason, f"{zone.basis.value}: {', '.join(source)}")
    return (moment.title, *states, why)


class MomentToggle(w.VBox):  # type: ignore[misc]
    """One deployment, and a button for each moment of it; `deployment` is what is shown."""

    def __init__(self) -> None:
        """Show the first moment."""
        self.moment = w.ToggleButtons(
            description="Moment", options=[(m.title, m) for m in MOMENTS],
            style={"description_width": "initial", "button_width": "auto"},
        )  # fmt: skip
        self.shown = w.HTML()
        self.shown.add_class("eku-tables")
        self.moment.observe(lambda _change: self._draw(), names="value")
        super().__init__([self.moment, self.shown])
        self._draw()

    def _draw(self) -> None:
        moment: Moment = self.moment.value
        self.deployment = moment.deployment()
        stores = table(store_table(self.deployment), "What the certificate stores hold")
        self.shown.value = (
            page(paragraphs([moment.happened], strong=True))
            + summary_html(essential(run(self.deployment)))
            + page(stores)
        )
