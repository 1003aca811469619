"""Cheap checks of certificates that no handshake of the lab can show: a table and one evaluator."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.x509.oid import NameOID

from ekukit.account import folded
from ekukit.believed import days_left
from ekukit.certificates import CLIENT_AUTH
from ekukit.certificates.certificate import common_name
from ekukit.certificates.pemfile import ca_key
from ekukit.connections.reasons import PAGES, TRUST_PAGE
from ekukit.diagnosis.evidence.evidence import Evidence
from ekukit.diagnosis.evidence.inventory import Held, Inventory
from ekukit.diagnosis.findings.finding import Confidence, Draft
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.expressway import Role, Store
from ekukit.expressway.uploadrules import NAMED_OIDS

SOON = timedelta(days=60)
_NO_MORE = " A public CA no longer gives clientAuth, so take one that does."
_LARGEST_KEY = 8192
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Looked:
    """A certificate as a rule sees it: with its node's role, the case's moment, and today.

    `is_only` is true for the one certificate of a node before X15.5, which serves in both roles.
    """

    held: Held
    who: str
    role: Role | None
    at: datetime
    today: datetime | None
    is_only: bool = False

    @property
    def is_client(self) -> bool:
        """Return whether the node presents it when it is the TLS client (S1, S2)."""
        return self.is_only or self.held.store is Store.CLIENT


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """A row: the code, what is wrong in words (None: nothing), and how sure the effect is."""

    code: str
    wrong: Callable[[Looked], str | None]
    confidence: Confidence = Confidence.CERTAIN


def _unknown_oids(looked: Looked) -> str | None:
    """Over SSH, Core shows its client certificate and Edge its server certificate (T2)."""
    shown: dict[Role | None, Store] = {Role.CORE: Store.CLIENT, Role.EDGE: Store.SERVER}
    is_shown = looked.is_only or shown.get(looked.role) in (None, looked.held.store)
    if not is_shown:
        return None
    parsed = looked.held.parsed
    for place, name in (("subject", parsed.subject), ("issuer", parsed.issuer)):
        oids = {attribute.oid.dotted_string for attribute in name} - NAMED_OIDS
        if oids:
            told = ", ".join(sorted(oids)[:5])
            return f"has {told} in its {place}, which the SSH side may not know: tunnels fail then"
    return None


def _large_key(looked: Looked) -> str | None:
    key = looked.held.certificate.key
    family, _, size = key.partition("-")
    large = family == "RSA" and size.isdigit() and int(size) >= _LARGEST_KEY
    return f"has a key of {size} bits" if large else None


def _no_common_name(looked: Looked) -> str | None:
    has_one = bool(looked.held.parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME))
    return None if has_one else "has no common name"


def _wildcard(looked: Looked) -> str | None:
    found = looked.held.certificate
    names = [name for name in dict.fromkeys((found.name, *found.names)) if name.startswith("*.")]
    told = ", ".join(folded(names, _MOST_NAMES))
    return f"has the wildcard name {told}" if names else None


def _no_eku(looked: Looked) -> str | None:
    if not looked.is_client or looked.held.certificate.ekus is not None:
        return None
    return "has no EKU extension: OpenSSL takes it for every use, Cisco does not say"


def _ca_first(looked: Looked) -> str | None:
    held = looked.held
    if held.is_ca:
        return "is a CA, and no other certificate is in its file"
    if held.behind is None:
        return None
    name = common_name(held.behind.subject.rfc4514_string()) or "another"
    return f"stands in its file behind a CA ({name}): it was judged, and the order is wrong"


def _expired(looked: Looked) -> str | None:
    until = looked.held.certificate.not_after
    return f"expired on {until:%d %b %Y}" if until < looked.at else None


def _not_yet_valid(looked: Looked) -> str | None:
    first = looked.held.certificate.not_before
    return f"is valid from {first:%d %b %Y %H:%M} UTC only" if first > looked.at else None


def _expired_since(looked: Looked) -> str | None:
    until = looked.held.certificate.not_after
    if looked.today is None or not looked.at <= until < looked.today:
        return None
    return f"was valid when the archive was made, and expired on {until:%d %b %Y}"


def _expires_soon(looked: Looked) -> str | None:
    until = looked.held.certificate.not_after
    today = max(looked.today or looked.at, looked.at)
    if not today <= until < today + SOON:
        return None
    since = f" from {today:%d %b %Y}" if today.date() != looked.at.date() else ""
    left = days_left(until, today)
    return f"expires on {until:%d %b %Y}, in {left} day{'s' * (left != 1)}{since}"


def _limited_issuer(looked: Looked) -> str | None:
    found = looked.held.certificate
    if not looked.is_client or found.lacks_client_auth:
        return None
    limited = [ca.name for ca in found.chain if ca.ekus is not None and CLIENT_AUTH not in ca.ekus]
    if not limited:
        return None
    return f"allows clientAuth, but the CA above it does not: {', '.join(limited)}"


RULES: tuple[CertificateRule, ...] = (
    CertificateRule("certificate.unknown-oid", _unknown_oids, Confidence.LIKELY),
    CertificateRule("certificate.key-8192", _large_key),
    CertificateRule("certificate.no-common-name", _no_common_name),
    CertificateRule("certificate.wildcard", _wildcard),
    CertificateRule("certificate.no-eku", _no_eku),
    CertificateRule("certificate.ca-first", _ca_first),
    CertificateRule("certificate.expired", _expired),
    CertificateRule("certificate.not-yet-valid", _not_yet_valid),
    CertificateRule("certificate.expired-since", _expired_since),
    CertificateRule("certificate.expires-soon", _expires_soon),
    CertificateRule("issuer.limited-to-server-auth", _limited_issuer),
)


def _loses_client_auth(looked: Looked) -> bool:
    """Return whether a renewal by the same CA would take clientAuth away (E9)."""
    public = bool(looked.held.why_public)
    return public and looked.is_client and looked.held.certificate.has_client_auth


def add_certificate_findings(gathered: Gathered, looked_at: Iterable[Looked]) -> None:
    """Add what the table finds wrong in each certificate."""
    for looked in looked_at:
        held = looked.held
        words = {"who": looked.who, "store": held.store.value,
                 "page": PAGES[held.store].format(who=looked.who),
                 "alternative": _NO_MORE if _loses_client_auth(looked) else ""}  # fmt: skip
        for rule in RULES:
            wrong = rule.wrong(looked)
            if wrong is not None:
                found = f"The {held.store.value} certificate of {looked.who} {wrong}."
                gathered.add(
                    Draft(
                        rule.code,
                        found,
                        [held.evidence],
                        confidence=rule.confidence,
                        words=words,
                        facts=("E9",)
                        if words["alternative"] and rule.wrong is _expires_soon
                        else (),
                    )
                )


def add_trust_findings(gathered: Gathered, inventory: Inventory, at: datetime) -> None:
    """Add what is wrong in the trusted CA lists: two CAs of one name, expired ones in use."""
    used = {ca.subject for held in inventory.held.values() for ca in held.certificate.chain}
    keys = {ca_key(ca) for held in inventory.held.values() for ca in held.above}
    for host, listed in inventory.listed.items():
        by_name: dict[str, dict[str, Evidence]] = defaultdict(dict)
        for parsed, evidence in listed:
            for attribute in parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[:1]:
                by_name[str(attribute.value)][ca_key(parsed)] = evidence
            expired = parsed.not_valid_after_utc < at
            if expired and parsed.subject.rfc4514_string() in used:
                day = f"{parsed.not_valid_after_utc:%d %b %Y}"
                text = f"{host}: a CA in use, {evidence.text}, expired on {day}."
                gathered.add(Draft("trust.ca-expired", text, [evidence]))
        for name, found in by_name.items():
            if len(found) > 1:
                gathered.add(_of_one_name(host, name, found, keys))


def _of_one_name(host: str, name: str, found: dict[str, Evidence], keys: set[str]) -> Draft:
    """Return the finding of CAs of one name by key; `keys` are those above a leaf of the case."""
    serials = [_serial(one) for key, one in found.items() if key in keys]
    idle = [_serial(one) for key, one in found.items() if key not in keys]
    text = f"{host}: {len(found)} CAs in the trusted CA list are called {name}."
    text += f" Certificates here stand below {', '.join(serials)}." if serials else ""
    todo = ""
    if serials and idle:
        todo = (
            f"Remove {', '.join(idle)} ({TRUST_PAGE}), unless a certificate of another system "
            "stands below it."
        )
    return Draft("trust.duplicate-common-name", text, found.values(), todo=todo)


def _serial(evidence: Evidence) -> str:
    return f"the one with serial {evidence.serial}"
