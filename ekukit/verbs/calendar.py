"""The verb `calendar`: when certificates lose clientAuth, and what goes down on that day."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, Unpack

from ekukit.account import folded
from ekukit.errors import InputError
from ekukit.expressway import Choices
from ekukit.facts import issuers
from ekukit.facts.clock import now
from ekukit.planning.lead_times import LEAD_ROWS, WAITING, lead_days, lead_times
from ekukit.renewals.certificate_dates import CertificateDates, Lapse
from ekukit.renewals.dark_days import deployment_dates
from ekukit.renewals.worst_first import worst_first
from ekukit.verbs.calendar_output import RenewalCalendar
from ekukit.verbs.inspect import RoleOption
from ekukit.verbs.known_case import a_case, known_case, opened_case
from ekukit.verbs.moment import moment
from ekukit.verbs.option import Option, a_path, signed, taken
from ekukit.whole_files import write_file

if TYPE_CHECKING:
    from ekukit.privacy.leaks import Secrets
    from ekukit.privacy.names import Names

_File = str | PathLike[str]
_NO_CA = (
    "Of some issuers the calendar has no CA, so that their last day is not told; name the CA that "
    "renews them by --renewed-by."
)
_OPEN = "Not redacted: names are real here; --redact hides them."
_HIDDEN = "Redacted: names, addresses and serial numbers are pseudonyms."
_ASSUMED = ", ".join(f"{kind}={LEAD_ROWS[kind].days}" for kind in WAITING)

RenewedByOption = Annotated[
    str,
    Option("the CA that renews public certificates whose issuer the calendar does not know",
           shown="CA", values=issuers()),
]  # fmt: skip
LeadOption = Annotated[
    int | str | Mapping[str, int] | Iterable[str],
    Option(f"days that remedies take, by what they wait for ({', '.join(WAITING)}), or one "
           f"number for all; no source tells any (assumed: {_ASSUMED})",
           shown="KIND=DAYS", many=True, read=lead_days, alone=(str, int, Mapping)),
]  # fmt: skip


class CalendarOptions(TypedDict, total=False):
    """What `calendar` takes beside a condition, files or folders."""

    at: Annotated[
        str | date,
        Option("judge from this day on (default: now, or the own time of an archive where that is "
               "later; of a condition: its own moment)",
               shown="DATE", read=moment, also=("--from",)),
    ]  # fmt: skip
    renewed_by: RenewedByOption
    lead: LeadOption
    role: RoleOption
    redact: Annotated[
        bool, Option("hide names of hosts, certificates and private CAs, serials", flag=True)
    ]
    map: Annotated[
        _File,
        Option("write what pseudonyms stand for, into a new file", shown="FILE", read=a_path),
    ]
    ics: Annotated[_File, Option("write an iCalendar file", shown="FILE", read=a_path)]
    csv: Annotated[_File, Option("write the table", shown="FILE", read=a_path)]
    figure: Annotated[_File, Option("write the figure (SVG)", shown="FILE", read=a_path)]


@signed(CalendarOptions)
def calendar(*given: "_File | Choices", **options: Unpack[CalendarOptions]) -> RenewalCalendar:
    """Return when certificates expire and lose clientAuth, what goes down then, worst first.

    `given` is a condition ("C1", or choices), an estate's table (.csv), or archives, folders and
    files of certificates. Options are those of the shell: `calendar("C1", renewed_by="DigiCert")`;
    `at` is the day from which on is judged. Dates are those of the facts' calendar, with their
    sources. With `redact` names are the pseudonyms of `inspect`; `map` is a new file for what they
    stand for. Raises InputError for what cannot be read or written, and for a name or value that
    is not known.
    """
    chosen = taken("calendar", CalendarOptions, dict(options))
    if not given:
        msg = "nothing to look at; name a condition, a table (.csv), an archive or a folder"
        raise InputError(msg)
    if chosen["map"] and not chosen["redact"]:
        msg = "--map belongs to what is redacted; add --redact"
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
        return _made(worst_first(rows), known.deployment.at, chosen, ())
    paths = tuple(one for one in found if not isinstance(one, Choices))
    at = chosen["at"] or now()
    if any(path.suffix.lower() == ".csv" for path in paths):
        return _of_estate(paths, at, chosen)
    return _of_files(paths, chosen)


def _made(
    rows: Iterable[CertificateDates], at: datetime, chosen: dict[str, Any], notes: Iterable[str]
) -> RenewalCalendar:
    found = tuple(rows)
    more = (_NO_CA,) if any(row.lapse is Lapse.LOST and not row.ca for row in found) else ()
    return RenewalCalendar(found, at.date(), lead_times(chosen["lead"]), (*more, *notes))


def _of_estate(paths: tuple[Path, ...], at: datetime, chosen: dict[str, Any]) -> RenewalCalendar:
    from ekukit.renewals.estate import estate_dates, read_estate

    tables = [read_estate(path) for path in paths]
    rows = [row for table in tables for row in table.rows]
    found = worst_first(estate_dates(rows, at.date(), chosen["renewed_by"] or ""))
    unread = [f"Row not read: {told}" for table in tables for told in table.unread]
    model = "What goes down is that of a deployment which is sound in everything else."
    if not chosen["redact"]:
        return _made(found, at, chosen, (*folded(unread), model, _OPEN))
    from ekukit.privacy.hidden_dates import hidden_dates, names_of_dates, secrets_of_dates
    from ekukit.privacy.redaction import Redaction

    names = names_of_dates(found, paths)
    shown = _made(
        hidden_dates(found, names), at, chosen, (*map(Redaction(names), folded(unread)), model)
    )
    return _passed_on(shown, names, secrets_of_dates(found, names), chosen)


def _of_files(paths: tuple[Path, ...], chosen: dict[str, Any]) -> RenewalCalendar:
    from ekukit.archive import open_archive
    from ekukit.renewals.case_dates import case_dates

    case = opened_case(open_archive(*paths), chosen["role"], chosen["at"] or now())
    at = chosen["at"] or case.today
    found = case_dates(case, at, chosen["renewed_by"] or "")
    if not found.rows:
        msg = f"{', '.join(map(str, paths))}: no certificate but those of CAs; name nodes' own"
        raise InputError(msg)
    if not chosen["redact"]:
        notes = (*case.unknown, *case.unread, *found.notes, _OPEN)
        return _made(found.rows, at, chosen, notes)
    from ekukit.privacy.passed_on import redacted

    hidden = redacted(case)
    notes = (*hidden.case.unknown, *hidden.case.unread, *found.notes)
    rows = hidden.dated(found).rows
    return _passed_on(_made(rows, at, chosen, notes), hidden.names, hidden.secrets, chosen)


def _passed_on(
    made: RenewalCalendar, names: "Names", secrets: "Secrets", chosen: dict[str, Any]
) -> RenewalCalendar:
    """Return a calendar of pseudonyms, looked through a last time; write their map if asked."""
    found = replace(made, notes=(*made.notes, _HIDDEN), redacted=True)
    secrets.refuse(found.json(), "the redacted calendar")
    if chosen["map"]:
        names.pseudonyms.write(chosen["map"])
    return found
