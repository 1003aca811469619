"""Many nodes at once: a table of certificates, or a folder of them, with their dates."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography import x509

from ekukit.archive.paths import looked_at
from ekukit.certificates import CaCertificate, Certificate, EkuProfile
from ekukit.certificates.certificate import utc
from ekukit.certificates.pemfile import view_of
from ekukit.errors import InputError
from ekukit.expressway import Mode, Role, Store
from ekukit.expressway.node import mode_of
from ekukit.frames import Row
from ekukit.nearest import member, nearest
from ekukit.plaintext import decoded, plain_text
from ekukit.printable import visible
from ekukit.renewals.certificate_dates import CertificateDates, Holder, Lapse, dates_of
from ekukit.renewals.model_pair import model_effect

COLUMNS = {
    "host": "the node's name",
    "role": "core or edge",
    "store": "server, client, or both for one certificate in both stores",
    "issuer": "the issuing CA's name",
    "eku": "server, client, both, none or any",
    "not_after": "the last day, YYYY-MM-DD",
    "public": "yes or no; without it the issuer's name decides",
    "checking": "the node's EKU checking mode, on or off; on without it (E1)",
    "deployment": "a name that Core and Edge of one deployment share",
    "serial": "hex; for reading only",
}
NEEDED = ("host", "role", "store", "issuer", "eku", "not_after")
_MOST_BYTES, _MOST_ROWS, _MOST_TOLD = 8 << 20, 20_000, 300
_PUBLIC = {"yes": True, "no": False, "": None}
_BOTH, _MOST_SHOWN = "both", 60
_YEARS = dt.timedelta(days=398)


@dataclass(frozen=True, slots=True)
class EstateRow:
    """A certificate of an estate: who holds it, in which stores, and the mode of that node."""

    certificate: Certificate
    holders: tuple[Holder, ...]
    checking: Mode = Mode.ON
    deployment: str = ""


@dataclass(frozen=True, slots=True)
class EstateTable:
    """The rows of a table, and those that could not be read, each with line, value and remedy."""

    rows: tuple[EstateRow, ...]
    unread: tuple[str, ...]


def read_estate(path: Path) -> EstateTable:
    """Return the rows of a CSV file with the columns COLUMNS, of which NEEDED must be there.

    A row with a value that cannot be used is told beside the others. Raises InputError for a file
    that cannot be read, a column that is not known or is missing, and where no row can be used.
    """
    text = _text(path)
    # What a spreadsheet writes where the comma is the decimal sign.
    between = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text), skipinitialspace=True, delimiter=between)
    try:
        names = [str(name).strip().lower() for name in rows.fieldnames or ()]
        _refuse_columns(path, names)
        rows.fieldnames = names
        found = [_row(path, rows.line_num, row) for row in _filled(path, rows)]
    except csv.Error as error:
        msg = f"{path}:{rows.line_num}: no CSV ({error}); separate columns by commas"
        raise InputError(msg) from None
    if not found:
        msg = f"{path}: no row under the column names; write a line for each certificate"
        raise InputError(msg)
    told = EstateTable(
        tuple(row for row in found if isinstance(row, EstateRow)),
        tuple(row for row in found if isinstance(row, str)),
    )
    if not told.rows:
        raise InputError(told.unread[0])
    return told


def _text(path: Path) -> str:
    looked_at(path, "name a CSV file")
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        msg = f"{visible(str(path))}: cannot be read ({error.strerror}); name a CSV file"
        raise InputError(msg) from None
    if len(data) > _MOST_BYTES:
        msg = f"{path}: more than {_MOST_BYTES >> 20} MiB; split it into several files"
        raise InputError(msg)
    return decoded(plain_text(data))


def _refuse_columns(path: Path, names: list[str]) -> None:
    for name in names:
        if name not in COLUMNS:
            shown = visible(name[:_MOST_SHOWN])
            msg = f"{path}: column {shown!r} is unknown; use {', '.join(COLUMNS)}"
            raise InputError(msg + nearest(shown, COLUMNS))
    missing = [name for name in NEEDED if name not in names]
    if missing:
        told = "; ".join(f"{name}: {COLUMNS[name]}" for name in missing)
        msg = f"{path}: no column {', '.join(missing)} ({told})"
        raise InputError(msg)


def _filled(path: Path, rows: Iterable[Mapping[str | None, object]]) -> Iterator[dict[str, str]]:
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            msg = f"{path}: more than {_MOST_ROWS:,} rows; split it into several files"
            raise InputError(msg)
        told = {str(name): str(value or "").strip() for name, value in row.items() if name}
        if any(told.values()):
            yield told


def _row(path: Path, line: int, row: dict[str, str]) -> EstateRow | str:
    """Return a row, or what is wrong with it."""
    try:
        return _read(row)
    except (InputError, ValueError) as error:
        return f"{path}:{line}: {visible(str(error)[:_MOST_TOLD])}"


def _read(row: dict[str, str]) -> EstateRow:
    host = row["host"] or "unnamed"
    role = member(Role, row["role"], "role")
    stores = (
        list(Store) if row["store"].lower() == _BOTH else [member(Store, row["store"], "store")]
    )
    public = row.get("public", "").lower()
    if public not in _PUBLIC:
        msg = f"public {public!r} is unknown; use yes or no"
        raise InputError(msg)
    try:
        ends = utc(row["not_after"])
    except ValueError:
        msg = f"not_after {row['not_after']!r} cannot be read; write YYYY-MM-DD"
        raise InputError(msg) from None
    profile = member(EkuProfile, row["eku"], "eku")
    made = certificate_of(host, row["issuer"], profile, ends)
    made = replace(made, public=_PUBLIC[public])
    if row.get("serial"):
        made = replace(made, serial=_serial(row["serial"]))
    holders = tuple(Holder(host, role.value, store.value) for store in stores)
    mode = mode_of(row["checking"]) if row.get("checking") else Mode.ON
    return EstateRow(made, holders, mode, row.get("deployment", ""))


def _serial(text: str) -> int:
    try:
        return int(text.replace(":", ""), 16)
    except ValueError:
        msg = f"serial {text!r} is no hex number; write it as the node's page shows it"
        raise InputError(msg) from None


def certificate_of(host: str, issuer: str, profile: EkuProfile, ends: dt.datetime) -> Certificate:
    """Return the view of a certificate of which a table tells no more than this."""
    start = ends - _YEARS
    above = CaCertificate(issuer, issuer, None, start, ends)
    return Certificate(host, (host,), profile.ekus, 0, start, ends, (above,))


def leaves_of(rows: Iterable[Row]) -> tuple[EstateRow, ...]:
    """Return the leaves among rows of an archive's certificates; their side is not told.

    Chains are looked for among the CA certificates of the table. The store is that of the file's
    name, "" for another.
    """
    parsed = [(row, pem) for row in rows if isinstance(pem := row["pem"], x509.Certificate)]
    pool = tuple(dict.fromkeys(pem for row, pem in parsed if row["is_ca"]))
    found: dict[x509.Certificate, list[Holder]] = {}
    for row, pem in parsed:
        if not row["is_ca"]:
            store = str(row["store"])
            found.setdefault(pem, []).append(Holder(str(row["host"] or ""), "", store))
    views = ((view_of(leaf, pool), holders) for leaf, holders in found.items())
    return tuple(
        EstateRow(view, tuple(replace(holder, host=holder.host or _named(view)) for holder in held))
        for view, held in views
    )


def _named(certificate: Certificate) -> str:
    return next(iter(certificate.answers_to), certificate.name)


def estate_dates(
    rows: Iterable[EstateRow], on: dt.date, renewed_by: str = ""
) -> tuple[CertificateDates, ...]:
    """Return the dates of an estate's certificates, with what goes down in a model deployment.

    The model is sound in everything else: only this certificate comes without clientAuth, and
    Edge's mode is that of the row's deployment, On where no row tells it (E1).
    """
    told = tuple(rows)
    modes = {row.deployment: row.checking for row in told
             if row.deployment and row.holders and row.holders[0].role == Role.EDGE}  # fmt: skip
    return tuple(_dated(row, on, renewed_by, modes) for row in told)


def _dated(
    row: EstateRow, on: dt.date, renewed_by: str, modes: Mapping[str, Mode]
) -> CertificateDates:
    found = dates_of(row.certificate, row.holders, on, renewed_by)
    if not any(holder.role for holder in row.holders):
        return found
    if found.lapse is not Lapse.LOST and not found.lacks_it:
        return replace(found, down=(), perhaps=())
    role = Role(row.holders[0].role)
    edge = row.checking if role is Role.EDGE else modes.get(row.deployment, Mode.ON)
    core = row.checking if role is Role.CORE else Mode.ON
    stores = frozenset(Store(holder.store) for holder in row.holders)
    effect = model_effect(role, stores, core, edge)
    return replace(found, down=effect.down, perhaps=effect.perhaps, mending=effect.mending)
