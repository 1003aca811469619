"""A case: everything that is known of a customer's archive, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ekukit.causes import CauseCard
from ekukit.connections import Outcome
from ekukit.diagnosis.evidence.evidence import Observed
from ekukit.diagnosis.findings.finding import Finding
from ekukit.expressway import Deployment, Mode, Release, Role
from ekukit.frames import Rows

if TYPE_CHECKING:
    import pandas as pd

    from ekukit.archive import Archive


@dataclass(frozen=True, slots=True)
class CaseNode:
    """A node of the case: host, role, release, mode, and how each became known.

    None means that the archive does not say.
    """

    host: str
    role: Role | None
    release: Release | None
    mode: Mode | None
    how_known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What an archive says: nodes, findings, the rebuilt deployment, tables for looking further.

    `findings` are ranked. `deployment` is None when nothing of it is known; `unknown` says in
    sentences what was not in the archive and was assumed for the lab. `rows` has the tables as
    rows; a DataFrame is made when somebody asks for it. Their columns, also when empty:

    - certificates: host, store, serial, subject, issuer, public ("public", "not known to be
      public"), why_public, eku, chain (names, leaf's issuer first), names, key, not_before,
      not_after, days_left, file, line
    - timeline: time, host, event, connection, source, destination, detail, file, line, packet
    - configuration: host, setting, value, matters (why), file, line
    - handshakes: those of the archive with certificate_of_server and certificate_of_client in
      words ("the certificate of core1: the client store's")

    `causes` are what is to be changed, what brings down most services first.
    `at` is the archive's own time, at which it is judged; `today` is the moment from which days are
    counted, never before it: that which was asked for, or now. `reading` sums up in words what of
    the archive was read; `archive.account` has it with places. `not_understood` counts the lines
    that look like trouble and that no table of words knows.
    """

    archive: "Archive"
    nodes: tuple[CaseNode, ...]
    headline: str
    findings: tuple[Finding, ...]
    deployment: Deployment | None
    unknown: tuple[str, ...]
    predicted: tuple[Outcome, ...]
    observed: tuple[Observed, ...]
    rows: Mapping[str, Rows]
    unread: tuple[str, ...]
    keys: tuple[str, ...]
    at: datetime
    today: datetime
    reading: tuple[str, ...] = ()
    causes: tuple[CauseCard, ...] = ()
    not_understood: int = 0

    @property
    def certificates(self) -> "pd.DataFrame":
        """Return the certificates of the nodes' stores."""
        return self.rows["certificates"].frame

    @property
    def timeline(self) -> "pd.DataFrame":
        """Return what was tried, by time."""
        return self.rows["timeline"].frame

    @property
    def configuration(self) -> "pd.DataFrame":
        """Return the settings that matter to certificates."""
        return self.rows["configuration"].frame

    @property
    def handshakes(self) -> "pd.DataFrame":
        """Return the connections of all captures, with whose certificates they show."""
        return self.rows["handshakes"].frame


__all__ = ["Case", "CaseNode", "Observed"]
