"""Who a case is about: the names in its tables, from which a redaction learns."""

import re
from collections.abc import Iterator

import pandas as pd

from ekukit.archive.member import is_documented_name
from ekukit.certificates.authority import ORGANIZATION
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.redaction import Redaction

_PART = re.compile(r"(?:^|[,+])(?:CN|O|OU)=((?:\\.|[^,+])+)")
# Endings of configuration paths whose values say who or where somebody is.
_NAMING = (
    ("zone", re.compile(r"^Zones (?:Zone|DefaultZone)\b.* Name$|^Zones Zone \d+ Name$")),
    ("user", re.compile(r"User ?name$|Account Name$|Contact$", re.IGNORECASE)),
    ("host", re.compile(r"Address$|Subject ?Name$|Host ?name$|Domain.* Name$|SystemUnit Name$"
                        r"|DomainName$|Server\d* ?Address$", re.IGNORECASE)),
)  # fmt: skip


def redaction_of(case: Case) -> Redaction:
    """Return a redaction that knows the names in the case's tables.

    Issuers of certificates that count as public stay readable (T9), and the kit's own stand-ins.
    """
    found = Redaction(keep=frozenset(_public_parts(case.certificates)) | {ORGANIZATION})
    archive = case.archive
    found.learn("host", [node.host for node in case.nodes])
    found.learn("host", _values(archive.members, "host"))
    found.learn("file", _undocumented(archive.members))
    for frame in (archive.certificates, case.certificates):
        for column, kind in (("issuer", "ca"), ("subject", "name")):
            found.learn_names(kind, _values(frame, column))
        for names in frame["names"]:
            found.learn("host", (str(name).removeprefix("*.") for name in names))
    found.learn("host", _values(archive.handshakes, "sni", "client", "server"))
    found.learn("host", _values(archive.log, "host", "src_ip", "dst_ip"))
    for dump in (archive.configuration, archive.status):
        for kind, pattern in _NAMING:
            named = dump["path"].str.contains(pattern, na=False)
            found.learn(kind, _values(dump[named], "value"))
    return found


def _values(frame: pd.DataFrame, *columns: str) -> Iterator[str]:
    for column in columns:
        yield from map(str, frame[column].dropna().unique())


def _undocumented(members: pd.DataFrame) -> Iterator[str]:
    """Yield parts of file names that the product did not give, so that a customer did."""
    for file in _values(members, "file"):
        for part in re.split(r": |/", file):
            if part and not is_documented_name(part):
                yield part


def _public_parts(certificates: pd.DataFrame) -> Iterator[str]:
    for row in certificates[certificates["public"] == "public"].itertuples():
        names = [str(row.issuer), str(row.subject)] if row.store == "ca" else [str(row.issuer)]
        own = set(_PART.findall(str(row.subject))) if row.store != "ca" else set()
        for name in names:
            yield from set(_PART.findall(name)) - own
