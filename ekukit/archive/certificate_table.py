"""The certificate files of an archive as a table."""

import warnings
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from ekukit.account import Piece
from ekukit.certificates import eku_words, read_pem, read_x509
from ekukit.certificates.extensions import value_of
from ekukit.certificates.pemfile import MOST_BYTES, PemFile, Read
from ekukit.errors import InputError
from ekukit.frames import Row, Rows

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "file": "string", "line": "Int64", "serial": "string", "subject": "string",
    "issuer": "string", "eku": "string", "names": "object", "not_before": "datetime64[us, UTC]",
    "not_after": "datetime64[us, UTC]", "key": "string", "is_ca": "bool", "policies": "object",
    "sct": "bool", "form": "string", "pem": "object",
}  # fmt: skip


def read_certificates(source: str | PathLike[str] | bytes, name: str = "") -> "pd.DataFrame":
    """Return one row for each certificate of a PEM or DER file, in the file's order.

    Columns and dtypes are COLUMNS, also of an empty table: `line` is where the block begins;
    `serial` is lower-case hex; `names` a tuple of DNS names; `policies` a tuple of OIDs; `sct`
    whether a signed certificate timestamp is embedded; `form` "" for PEM, else what it stands in
    ("DER", "PKCS 7", "PKCS 12", "a mail"); `pem` the parsed certificate itself.
    `attrs["problems"]` lists what could not be read, `attrs["has_private_key"]` whether a key is
    in the file, which is never kept. Raises InputError when the file cannot be opened or has
    more than 4 MiB.
    """
    return certificate_rows(source, name).frame


def certificate_rows(source: str | PathLike[str] | bytes, name: str = "") -> Rows:
    """Return the rows of `read_certificates`; raises as it does."""
    given = source if isinstance(source, bytes) else Path(source)
    if isinstance(given, bytes) and len(given) > MOST_BYTES:
        msg = f"{name}: {len(given)} bytes, more than {MOST_BYTES}; this is no certificate file"
        raise InputError(msg)
    found = read_pem(given, name or ("" if isinstance(given, bytes) else given.name))
    return _rows_of(found)


def _rows_of(found: PemFile) -> Rows:
    rows: list[Row] = []
    problems = list(found.problems)
    for read in found.certificates:
        try:
            rows.append(_row(read))
        except Exception as error:  # noqa: BLE001 - hostile bytes fail in many ways
            told = " ".join(str(error).split())
            problems.append(f"{read.file}:{read.line}: a certificate that cannot be read ({told})")
    parts = (
        *(
            Piece(f"line {lost.line}: {lost.problem}", lost.offset, lost.size,
                  matters=not lost.is_other)
            for lost in found.lost
        ),
        *map(Piece, problems[len(found.problems) :]),
    )  # fmt: skip
    attrs = {
        "problems": tuple(problems), "parts": parts,
        # What is whole and no certificate, such as a list of revoked ones, is nothing unread.
        "nothing": not rows and not (found.lost and all(lost.is_other for lost in found.lost)),
        "has_private_key": found.has_private_key,
    }  # fmt: skip
    return Rows(COLUMNS, rows, attrs)


def _row(read: Read) -> Row:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd values are the table's, not the library's, to tell
        view = read_x509(read.certificate)
        return {
            "file": read.file,
            "line": read.line,
            "serial": view.serial_hex,
            "subject": view.subject,
            "issuer": read.certificate.issuer.rfc4514_string(),
            "eku": eku_words(view.ekus),
            "names": view.names,
            "not_before": view.not_before,
            "not_after": view.not_after,
            "key": view.key,
            "is_ca": _is_ca(read.certificate),
            "policies": _policies(read.certificate),
            "sct": _has(read.certificate, x509.PrecertificateSignedCertificateTimestamps),
            "form": read.form,
            "pem": read.certificate,
        }


def _is_ca(certificate: x509.Certificate) -> bool:
    found = value_of(certificate, x509.BasicConstraints)
    return found is not None and found.ca


def _policies(certificate: x509.Certificate) -> tuple[str, ...]:
    found = value_of(certificate, x509.CertificatePolicies)
    return tuple(policy.policy_identifier.dotted_string for policy in found or ())


def _has(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> bool:
    return value_of(certificate, kind) is not None
