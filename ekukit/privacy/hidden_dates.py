"""A calendar under pseudonyms: those of the case, or of a table its own."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ekukit.privacy.hidden_deployment import disguised_certificate
from ekukit.privacy.identities import public_parts
from ekukit.privacy.leaks import Secrets, secrets_of_values
from ekukit.privacy.names import Names, values_of
from ekukit.renewals.certificate_dates import CertificateDates, ShownNames


def hidden_dates(rows: Iterable[CertificateDates], names: Names) -> tuple[CertificateDates, ...]:
    """Return the rows with pseudonyms for hosts, names, issuers and serials; what counts stays.

    Days, EKUs, CAs of the calendar and what goes down are those of the real certificates.
    """
    return tuple(_hidden(row, names) for row in rows)


def _hidden(row: CertificateDates, names: Names) -> CertificateDates:
    found = row.shown
    return replace(
        row,
        certificate=disguised_certificate(row.certificate, names, row.certificate.not_after),
        holders=tuple(replace(one, host=names.part(one.host)) for one in row.holders),
        alias=ShownNames(
            names.distinguished(found.name),
            names.distinguished(found.issuer),
            names.serial(found.serial),
        ),
    )


def names_of_dates(rows: Iterable[CertificateDates], files: Iterable[Path]) -> Names:
    """Return names that know who is who in a table, and what its files are called."""
    told = tuple(rows)
    issuers = dict.fromkeys(row.certificate.issuer for row in told)
    names = Names(frozenset(public_parts(issuers)))
    for row in told:
        names.learn("host", [one.host for one in row.holders])
        names.learn("ca", values_of(row.certificate.issuer))
        names.learn_serials([row.shown.serial] if row.shown.serial else [])
    for path in files:
        names.known.add("file", str(path))
        names.learn("file", path.parts)
    return names


def secrets_of_dates(rows: Iterable[CertificateDates], names: Names) -> Secrets:
    """Return the words of a table that may not leave: hosts, issuers, serials."""
    told = tuple(rows)
    hosts = [one.host for row in told for one in row.holders]
    issuers = [value for row in told for value in values_of(row.certificate.issuer)]
    serials = [row.shown.serial for row in told]
    return secrets_of_values([("a row of the table", (*hosts, *issuers, *serials))], names.keep)
