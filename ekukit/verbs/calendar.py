"""The verb `calendar`: when certificates lose clientAuth, and what goes down on that day."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, TypedDict, Unpack

from ekukit.account import folded
from ekukit.errors import InputError
from ekukit.expressway import Choices
from ekukit.facts import issuers
from ekukit.planning.lead_times import LEAD_ROWS, WAITING, lead_days, lead_times
from ekukit.renewals.certificate_dates import CertificateDates, Lapse
from ekukit.renewals.dark_days import deployment_dates
from ekukit.renewals.worst_first import worst_first
from ekukit.verbs.calendar_output import RenewalCalendar
from ekukit.verbs.inspect import RoleOption
from ekukit.verbs.known_case import a_case, case_of, known_case
from ekukit.verbs.moment import moment
from ekukit.verbs.option import Option, a_path, signed, taken
from ekukit.verbs.output_file import write_file

_File = str | PathLike[str]
_NO_DEPLOYMENT = (
    "Which node holds which certificate is not told, so what goes down is not; give the whole "
    "diagnostic archives, or a table with the columns host, role, store."
)

_NO_CA = (
    "Of some issuers the calendar has no CA, so that their last day is not told; name the CA that "
    "renews them by --renewed-by."
)
_FAR = (
    "Of a case what goes down is told of zone, tunnels and what hangs on them; whether a far end "
    "refuses a certificate without clientAuth is its own setting (F1)."
)


_ASSUMED = ", ".join(f"{kind}={LEAD_ROWS[kind].days}" for kind in WAITING)


class CalendarOptions(TypedDict, total=False):
    """What `calendar` takes beside a condition, files or folders."""

    at: Annotated[
        str | date,
        Option("judge from this day on (default: now; of a condition: its own moment)",
               shown="DATE", read=moment, also=("--from",)),
    ]  # fmt: skip
    renewed_by: Annotated[
        str,
        Option("the CA that renews public certificates whose issuer the calendar does not know",
               shown="CA", values=issuers()),
    ]  # fmt: skip
    lead: Annotated[
        int | str | Mapping[str, int] | Iterable[str],
        Option(f"days that remedies take, by what they wait for ({', '.join(WAITING)}), or one "
               f"number for all; no source tells any (assumed: {_ASSUMED})",
               shown="KIND=DAYS", many=True, read=lead_days, alone=(str, int, Mapping)),
    ]  # fmt: skip
    role: RoleOption
    ics: Annotated[_File, Option("write an iCalendar file", shown="FILE", read=a_path)]
    csv: Annotated[_File, Option("write the table", shown="FILE", read=a_path)]
    figure: Annotated[_File, Option("write the figure (SVG)", shown="FILE", read=a_path)]


@signed(CalendarOptions)
def calendar(*given: "_File | Choices", **options: Unpack[CalendarOptions]) -> RenewalCalendar:
    """Return when certificates expire and lose clientAuth, what goes down then, worst first.

    `given` is a condition ("C1", or choices), an estate's table (.csv), or archives, folders and
    files of certificates. Options are those of the shell: `calendar("C1", renewed_by="DigiCert")`;
    `at` is the day from which on is judged. Dates are those of the facts' calendar, with their
    sources. Raises InputError for what cannot be read or written, and for a name or value that is
    not known.
    """
    chosen = taken("calendar", CalendarOptions, dict(options))
    if not given:
        msg = "nothing to look at; name a condition, a table (.csv), an archive or a folder"
        raise InputError(msg)
    found = _calendar(given, chosen)
    for name, made in (("ics", found.ics), ("csv", found.csv), ("figure", found.svg)):
        if chosen[name]:
            write_file(chosen[name], made())
    return found


def _calendar(given: tuple[Any, ...], chosen: dict[str, Any]) -> RenewalCalendar:
    found = tuple(map(a_case, given))
    if any(isinstance(one, Choices) for one in found):
        known = known_case(found, at=chosen["at"])
        rows = deployment_dates(known.deployment, known.run, chosen["renewed_by"] or "")
        return _made(rows, known.deployment.at, chosen, ())
    paths = tuple(one for one in found if not isinstance(one, Choices))
    at = chosen["at"] or datetime.now(UTC)
    if any(path.suffix.lower() == ".csv" for path in paths):
        return _of_estate(paths, at, chosen)
    return _of_files(paths, at, chosen)


def _made(
    rows: Iterable[CertificateDates], at: datetime, chosen: dict[str, Any], notes: Iterable[str]
) -> RenewalCalendar:
    found = worst_first(rows)
    more = (_NO_CA,) if any(row.lapse is Lapse.LOST and not row.ca for row in found) else ()
    return RenewalCalendar(found, at.date(), lead_times(chosen["lead"]), (*more, *notes))


def _of_estate(paths: tuple[Path, ...], at: datetime, chosen: dict[str, Any]) -> RenewalCalendar:
    from ekukit.renewals.estate import estate_dates, read_estate

    tables = [read_estate(path) for path in paths]
    rows = [row for table in tables for row in table.rows]
    found = estate_dates(rows, at.date(), chosen["renewed_by"] or "")
    unread = folded([f"Row not read: {told}" for table in tables for told in table.unread])
    note = "What goes down is that of a deployment which is sound in everything else."
    return _made(found, at, chosen, (*unread, note))


def _of_files(paths: tuple[Path, ...], at: datetime, chosen: dict[str, Any]) -> RenewalCalendar:
    from ekukit.archive import open_archive
    from ekukit.diagnosis.planned_case import start_of_nodes
    from ekukit.renewals.estate import estate_dates, leaves_of

    archive = open_archive(*paths)
    renewed_by = chosen["renewed_by"] or ""
    bare = archive.configuration.empty and archive.log.empty
    known = None if bare else case_of(archive, chosen["role"], at)
    if known:
        rows = deployment_dates(known.deployment, known.run, renewed_by, start_of_nodes)
        if rows:
            return _made(rows, at, chosen, (*known.notes, _FAR))
    leaves = leaves_of(archive.certificates)
    if not leaves:
        msg = f"{', '.join(map(str, paths))}: no certificate but those of CAs; name nodes' own"
        raise InputError(msg)
    bare_rows = estate_dates(leaves, at.date(), renewed_by)
    return _made(bare_rows, at, chosen, (*archive.unread, _NO_DEPLOYMENT))
