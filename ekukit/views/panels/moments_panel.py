"""The moments of condition 1 as a table, and as buttons with what each one holds."""

import ipywidgets as w
import pandas as pd

from ekukit.connections.services import essential
from ekukit.expressway.moments import MOMENTS, Moment
from ekukit.frames import frame_of
from ekukit.lab import run
from ekukit.views.html import page, paragraphs, table
from ekukit.views.pages.deployment_states import summary_html
from ekukit.views.static_copy import OnPaper
from ekukit.views.tables.outcome_tables import store_table

MOMENT_COLUMNS = ("Moment", "UC traversal zone", "SSH tunnels", "MRA login", "Why")
_SHOWN = ("uc-zone", "ssh-tunnel", "mra-login")


def moment_table() -> pd.DataFrame:
    """Return the states of all moments by real handshakes; columns MOMENT_COLUMNS."""
    return frame_of([_row(m) for m in MOMENTS], MOMENT_COLUMNS)


def _row(moment: Moment) -> tuple[object, ...]:
    found = {out.connection: out for out in run(moment.deployment())}
    zone, source = found["uc-zone"], found["uc-zone"].facts
    states = [found[name].state for name in _SHOWN]
    why = (moment.happened, zone.reason, f"{zone.basis.value}: {', '.join(source)}")
    return (moment.title, *states, why)


class MomentToggle(OnPaper, w.VBox):  # type: ignore[misc]
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

    def paper(self) -> str:
        """Return all moments with their states, one row each."""
        return page(table(moment_table(), "The moments, one after another"))

    def _draw(self) -> None:
        moment: Moment = self.moment.value
        self.deployment = moment.deployment()
        stores = table(store_table(self.deployment), "What the certificate stores hold")
        self.shown.value = (
            page(paragraphs([moment.happened], strong=True))
            + summary_html(essential(run(self.deployment)))
            + page(stores)
        )
