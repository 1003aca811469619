"""The verb `issue`: a certificate authority and certificates of any profile, TEST ONLY."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict, Unpack

from ekukit.certificates import (
    Certificate,
    EkuProfile,
    certificate_pem,
    describe,
    make_credential,
    utc,
)
from ekukit.certificates.authority import internal_authority, public_authority
from ekukit.certificates.hostname import is_host_name
from ekukit.errors import InputError
from ekukit.expressway.slot import ISSUERS
from ekukit.facts.clock import now
from ekukit.verbs.option import Option, a_path, signed, taken, whole
from ekukit.whole_files import write_new

if TYPE_CHECKING:
    import pandas as pd

_CERTIFICATE_COLUMNS = ("name", "certificate", "issuer", "serial", "not_before", "not_after")


def host_name(name: str) -> str:
    """Return a host name; raises InputError for what is none."""
    if not is_host_name(name):
        msg = f"{name!r} is no host name; write something like core.example.com"
        raise InputError(msg)
    return name


def _day(given: str | date) -> datetime:
    text = given.isoformat() if isinstance(given, date) else given
    try:
        return utc(text)
    except ValueError:
        msg = f"date {text!r} cannot be read; write YYYY-MM-DD"
        raise InputError(msg) from None


class IssueOptions(TypedDict, total=False):
    """What `issue` takes beside names; a folder must be given."""

    folder: Annotated[
        str | PathLike[str],
        Option("where the files go", shown="FOLDER", read=a_path, required=True),
    ]
    eku: Annotated[str, Option(values=tuple(EkuProfile), default="both")]
    oid: Annotated[str | Iterable[str], Option("an EKU by OID; repeatable", many=True)]
    also: Annotated[str | Iterable[str], Option("a further DNS name", many=True)]
    issuer: Annotated[str, Option(values=ISSUERS, default="internal")]
    issued: Annotated[
        str | date, Option("first day of validity (default: today)", shown="DATE", read=_day)
    ]
    days: Annotated[int, Option("days of validity", read=whole)]
    key: Annotated[str, Option("RSA-2048 to RSA-4096, EC-secp256r1", default="RSA-2048")]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Issued:
    """Certificates that were issued, and the files that hold them with their keys: TEST ONLY."""

    folder: Path
    files: tuple[Path, ...]
    certificates: tuple[Certificate, ...]

    @property
    def frame(self) -> "pd.DataFrame":
        """Return one row for each certificate.

        Columns: name (its host), certificate (in words), issuer, serial, not_before, not_after.
        """
        import pandas as pd

        rows = [
            (found.names[0], describe(found), found.issuer_name, found.serial_hex,
             found.not_before, found.not_after)
            for found in self.certificates
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(_CERTIFICATE_COLUMNS))

    @property
    def told(self) -> str:
        """Return in a sentence how many files there are, where, and what they are not for."""
        return f"{len(self.files)} files in {self.folder}; TEST ONLY, never for a real system"

    def __repr__(self) -> str:
        """Return the sentence."""
        return f"<Issued: {self.told}>"

    def _repr_html_(self) -> str:
        from ekukit.views.html import page, paragraphs, table

        return page(table(self.frame, "Certificates, TEST ONLY"), paragraphs([self.told]))


@signed(IssueOptions)
def issue(
    names: str | Iterable[str] | Mapping[str, str], **options: Unpack[IssueOptions]
) -> Issued:
    """Write root, issuing CA, chain, leaf and key for each name into a folder; the key mode 0600.

    `names` are {"core.example.com": "both"} with an EKU profile each, or texts such as
    "core.example.com" and "core.example.com=both". Raises InputError for a name that is no host
    name, a date that cannot be read, what the public authority's policy refuses, a folder that
    cannot be written, and a name or value that is not known. Existing files are kept.
    """
    chosen = taken("issue", IssueOptions, dict(options))
    authority = internal_authority() if chosen["issuer"] == "internal" else public_authority()
    issued = chosen["issued"] or now().replace(microsecond=0) - timedelta(hours=1)
    files: dict[str, bytes] = {}
    made = []
    for name, profile in _wanted(names):
        certificate = authority.issue(
            host_name(name),
            eku=profile or chosen["oid"] or chosen["eku"],
            issued=issued,
            names=chosen["also"],
            days=chosen["days"],
            key=chosen["key"],
        )
        made.append(certificate)
        files |= _files(name, certificate)
    write_new(chosen["folder"], files)
    paths = tuple(chosen["folder"] / name for name in files)
    return Issued(chosen["folder"], paths, tuple(made))


def _wanted(names: str | Iterable[str] | Mapping[str, str]) -> list[tuple[str, str]]:
    if isinstance(names, Mapping):
        pairs = [(str(name), str(profile)) for name, profile in names.items()]
    elif not isinstance(names, Iterable):
        msg = f"names={names!r} cannot be used; write something like core.example.com"
        raise InputError(msg)
    else:
        texts = [names] if isinstance(names, str) else names
        pairs = [(name, profile) for name, _, profile in (str(t).partition("=") for t in texts)]
    if not pairs:
        msg = "no name given; write something like core.example.com"
        raise InputError(msg)
    return pairs


def _files(name: str, certificate: Certificate) -> dict[str, bytes]:
    credential = make_credential(certificate)
    issuing, root = credential.chain
    return {
        f"{name}.pem": credential.leaf_pem() + credential.chain_pem(),
        f"{name}-leaf.pem": credential.leaf_pem(),
        f"{name}-key-TEST-ONLY.pem": credential.key_pem(),
        "issuing-ca.pem": certificate_pem(issuing),
        "root-ca.pem": certificate_pem(root),
        "trusted-cas.pem": certificate_pem(issuing) + certificate_pem(root),
    }
