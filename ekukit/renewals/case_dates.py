"""The calendar of a case: by its deployment, or without one by its certificates alone."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from ekukit.diagnosis.case import Case
from ekukit.diagnosis.planned_case import start_of_nodes
from ekukit.diagnosis.rebuild.given_deployment import judge_held
from ekukit.renewals.certificate_dates import CertificateDates
from ekukit.renewals.dark_days import deployment_dates
from ekukit.renewals.estate import estate_dates, leaves_of
from ekukit.renewals.worst_first import worst_first


@dataclass(frozen=True, slots=True)
class DatedCase:
    """Certificates with their dates, worst first, judged from a day on."""

    rows: tuple[CertificateDates, ...]
    on: date


def case_dates(case: Case, at: datetime | None = None, renewed_by: str = "") -> DatedCase:
    """Return when a case's certificates lose clientAuth, and what goes down then.

    From `at` on, without it from the archive's own time on, by handshakes with stand-ins. Where no
    deployment could be rebuilt what goes down is not told; no row where there is no certificate.
    """
    moment = at or case.at
    if case.deployment is not None:
        found = replace(case.deployment, at=moment)
        rows = deployment_dates(found, judge_held, renewed_by, start_of_nodes)
        if rows:
            return DatedCase(worst_first(rows), moment.date())
    leaves = leaves_of(case.archive.certificates)
    return DatedCase(worst_first(estate_dates(leaves, moment.date(), renewed_by)), moment.date())
