"""Who a case is about: the names in its tables, from which a redaction learns."""

import re
from collections.abc import Iterable, Iterator, Sequence

from ekukit.archive.member import is_documented_name
from ekukit.capture.handshake_rows import chain_view
from ekukit.certificates.authority import ORGANIZATION
from ekukit.certificates.pemfile import public_roots
from ekukit.diagnosis.case import Case
from ekukit.expressway.build import CA1, CA2
from ekukit.facts import issuers
from ekukit.frames import Row, Rows
from ekukit.privacy.names import Names
from ekukit.privacy.redaction import Redaction
from ekukit.privacy.vocabulary import own_words

_PART = re.compile(r"(?:^|[,+])(CN|O|OU)=((?:\\.|[^,+])+)")
# Endings of configuration paths whose values say who or where somebody is.
_NAMING = (
    ("zone", re.compile(r"^Zones (?:Zone \d+|DefaultZone) Name$", re.IGNORECASE)),
    ("user", re.compile(r"User ?name$|Account Name$|Contact$", re.IGNORECASE)),
    ("host", re.compile(r"Address$|Subject ?Name$|Host ?name$|Domain.* Name$|SystemUnit Name$"
                        r"|DomainName$|Server\d* ?Address$", re.IGNORECASE)),
)  # fmt: skip


def redaction_of(case: Case, before: Redaction | None = None) -> Redaction:
    """Return a redaction that knows the names in the case's tables, and those that `before` knows.

    Names of public CAs stay readable (T9), and those of the kit's own authorities.
    """
    archive, rows = case.archive, case.archive.rows
    names = Names(frozenset(public_parts(_cas(case))))
    if before is not None:
        names = before.names.with_public(names.keep)
    names.learn("host", [node.host for node in case.nodes])
    names.learn("host", rows["members"].each("host"))
    for file in rows["members"].each("file"):
        names.known.add("file", file)
        names.learn("file", (part for part in re.split(r": |/", file)
                             if part and not is_documented_name(part)))  # fmt: skip
    for table in (rows["certificates"], case.rows["certificates"]):
        for column, kind in (("issuer", "ca"), ("subject", "name")):
            names.learn_names(kind, table.each(column))
        names.learn_serials(table.each("serial"))
        for name in names_in(table):
            names.learn("host", [name.removeprefix("*.")])
    _learn_captured(names, rows["handshakes"].rows)
    names.learn("host", rows["handshakes"].each("sni", "client", "server"))
    names.learn("host", archive.logs.ends())
    for dump in (rows["configuration"], rows["status"]):
        for kind, pattern in _NAMING:
            named = [row for row in dump.rows if pattern.search(str(row["path"]))]
            names.learn(kind, Rows(dump.kinds, named).each("value"))
    return Redaction(names)


def names_in(certificates: Rows) -> Iterator[str]:
    """Yield the names of a table of certificates, row by row."""
    for row in certificates.rows:
        held = row["names"]
        yield from map(str, held if isinstance(held, tuple) else ())


def _learn_captured(names: Names, handshakes: Sequence[Row]) -> None:
    """Learn what certificates say that are seen in captures alone, each chain once."""
    for end in ("server", "client"):
        for row in handshakes:
            serials = row[f"{end}_serials"]
            names.learn_serials(map(str, serials if isinstance(serials, tuple) else ()))
        chains = dict.fromkeys(row.get(f"{end}_chain") for row in handshakes)
        for chain in (chain for chain in chains if isinstance(chain, tuple)):
            view = chain_view(chain)
            if view is not None:
                names.learn_names("name", [view.subject])
                above = [name for ca in view.chain for name in (ca.subject, ca.issuer)]
                names.learn_names("ca", above)
                names.learn("host", (name.removeprefix("*.") for name in view.names))
                names.learn_serials([view.serial_hex])


def _cas(case: Case) -> set[str]:
    """Return the names of CAs in the case's tables."""
    held, own = case.archive.rows["certificates"], case.rows["certificates"]
    listed = [row for row in held.rows if row["store"] == "ca"]
    return {*held.each("issuer"), *own.each("issuer"), *Rows(held.kinds, listed).each("subject")}


def public_parts(names: Iterable[str]) -> Iterator[str]:
    """Yield the parts of CAs' names by which everybody knows a public CA, and the kit's own.

    A part stays when it stands so in the name of a root that browsers trust, or when its
    organization does, or is a CA of the calendar, and no other words than CAs use are in it.
    """
    own = [ca.subject for authority in (CA1, CA2) for ca in authority.ca_certificates]
    yield from (said for name in own for _key, said in _PART.findall(name))
    yield ORGANIZATION
    roots = {str(part.value) for root in public_roots() for part in root.subject}
    words = {word.casefold() for name in roots for word in _WORD.findall(name)}
    words |= own_words() | {"r", "e", "ca"}
    for name in names:
        parts = {key: re.sub(r"\\(.)", r"\1", said) for key, said in _PART.findall(name)}
        known = parts.get("O", "") in roots or _BY_CALENDAR.fullmatch(parts.get("O", ""))
        for said in parts.values():
            usual = all(word.casefold() in words for word in _WORD.findall(said))
            if said in roots or (known and usual):
                yield said


_WORD = re.compile(r"[^\W\d_]+")
_BY_CALENDAR = re.compile(
    rf"(?:{'|'.join(map(re.escape, issuers()))})(?:,? (?:Inc|Limited|Ltd|LLC|Corp)\.?)?"
)
