"""The calendar of a case: by its deployment, or without one by its certificates alone."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from ekukit.causes.system_words import listed
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.planned_case import start_of_nodes
from ekukit.diagnosis.rebuild.given_deployment import judge_held
from ekukit.renewals.certificate_dates import CertificateDates
from ekukit.renewals.dark_days import deployment_dates, down_otherwise
from ekukit.renewals.estate import estate_dates, leaves_of
from ekukit.renewals.worst_first import titles, worst_first

NO_DEPLOYMENT = (
    "Which node holds which certificate is not told, so what goes down is not; give the whole "
    "diagnostic archives, or a table with the columns host, role, store."
)
FAR_ENDS = (
    "Of a case what goes down is told of zone, tunnels and what hangs on them; whether a far end "
    "refuses a certificate without clientAuth is its own setting (F1)."
)


@dataclass(frozen=True, slots=True)
class DatedCase:
    """Certificates with their dates, worst first, judged from a day on, and what is to be noted."""

    rows: tuple[CertificateDates, ...]
    on: date
    notes: tuple[str, ...] = ()


def case_dates(case: Case, at: datetime | None = None, renewed_by: str = "") -> DatedCase:
    """Return when a case's certificates lose clientAuth, and what goes down then.

    From `at` on, without it from the case's `today` on, as its other days are counted, by
    handshakes with stand-ins. Where no deployment could be rebuilt what goes down is not told; no
    row where there is no certificate.
    """
    moment = at or case.today
    if case.deployment is not None:
        found = replace(case.deployment, at=moment)
        rows = deployment_dates(found, judge_held, renewed_by, start_of_nodes)
        if rows:
            planned = start_of_nodes(found).notes if any(row.missed for row in rows) else ()
            notes = (*_hidden_behind(down_otherwise(found, rows, judge_held)), FAR_ENDS, *planned)
            return DatedCase(worst_first(rows), moment.date(), notes)
    leaves = leaves_of(case.archive.rows["certificates"].rows)
    bare = worst_first(estate_dates(leaves, moment.date(), renewed_by))
    return DatedCase(bare, moment.date(), (NO_DEPLOYMENT,) if bare else ())


def _hidden_behind(failing: tuple[str, ...]) -> tuple[str, ...]:
    if not failing:
        return ()
    told = (
        f"Down already for another reason than clientAuth, even with the nodes' certificates "
        f"renewed: {listed(titles(failing))}. What they come to for want of clientAuth cannot be "
        "told before that is put right."
    )
    return (told,)
