"""A case: everything that is known of a customer's archive, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ekukit.causes import CauseCard
from ekukit.connections import Outcome
from ekukit.diagnosis.evidence.evidence import Observed
from ekukit.diagnosis.findings.finding import Finding
from ekukit.expressway import Deployment, Mode, Release, Role

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
    sentences what was not in the archive and was assumed for the lab. The columns of the tables,
    also when empty:

    - certificates: host, store, serial, subject, issuer, public ("public", "not known to be
      public"), why_public, eku, chain (names, leaf's issuer first), names, key, not_before,
      not_after, days_left, file, line
    - timeline: time, host, event, connection, source, destination, detail, file, line, packet
    - configuration: host, setting, value, matters (why), file, line
    - handshakes: those of the archive with certificate_of_server and certificate_of_client in
      words ("the certificate of core1: the client store's")

    `causes` are what is to be changed, what brings down most services first.
    `at` is the archive's own time, at which it is judged. `reading` sums up in words what of the
    archive was read; `archive.account` has it with places. `not_understood` counts the lines that
    look like trouble and that no table of words knows.
    """

    archive: "Archive"
    nodes: tuple[CaseNode, ...]
    headline: str
    findings: tuple[Finding, ...]
    deployment: Deployment | None
    unknown: tuple[str, ...]
    predicted: tuple[Outcome, ...]
    observed: tuple[Observed, ...]
    certificates: "pd.DataFrame"
    timeline: "pd.DataFrame"
    configuration: "pd.DataFrame"
    handshakes: "pd.DataFrame"
    unread: tuple[str, ...]
    keys: tuple[str, ...]
    at: datetime
    reading: tuple[str, ...] = ()
    causes: tuple[CauseCard, ...] = ()
    not_understood: int = 0


__all__ = ["Case", "CaseNode", "Observed"]
