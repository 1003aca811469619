"""Stand-ins that the lab can make: what a stranger's certificate says, made sayable again."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from cryptography import x509

from ekukit.certificates import FAST_KEY, CaCertificate, Certificate
from ekukit.expressway import CertificateStore, Deployment, Expressway

_LONGEST_SERIAL = 159
_EARLIEST, _LATEST = datetime(1950, 1, 2, tzinfo=UTC), datetime(2400, 1, 1, tzinfo=UTC)
_MADE_KEYS = ("RSA-2048", "RSA-3072", "RSA-4096", FAST_KEY)


def stand_ins(deployment: Deployment, key: str = "") -> Deployment:
    """Return the deployment with certificates that the lab can make, all with the key if given.

    Real bytes stay as they are: the lab keeps all of them but keys and signatures. Of what was
    changed by hand, a name that cannot be written again becomes one made from its digest, an
    impossible serial, DNS name or date the nearest possible one, a key that the lab does not make
    RSA-2048. What decides a handshake stays: EKUs, who issued what, validity, comparable names.
    """

    def node(found: Expressway) -> Expressway:
        return replace(
            found,
            server=_store(found.server, key),
            client=_store(found.client, key),
            trusted=frozenset(map(_ca, found.trusted)),
        )

    far = tuple(
        replace(
            end,
            trusts=frozenset(map(_ca, end.trusts)),
            certificate=_leaf(end.certificate, key) if end.certificate else None,
        )
        for end in deployment.far_ends
    )
    core, edge = map(node, deployment.core), map(node, deployment.edge)
    return replace(deployment, core=tuple(core), edge=tuple(edge), far_ends=far)


def _store(store: CertificateStore, key: str) -> CertificateStore:
    if store.certificate is None:
        return store
    return replace(store, certificate=_leaf(store.certificate, key))


def _leaf(found: Certificate, key: str) -> Certificate:
    if found.der:
        return found
    kept = found.key if found.key in _MADE_KEYS else _MADE_KEYS[0]
    serial = found.serial
    if not 0 < serial < 1 << _LONGEST_SERIAL:
        serial = int.from_bytes(sha256(str(serial).encode()).digest()[:8], "big") | 1
    return replace(
        found,
        subject=_name(found.subject),
        names=tuple(name for name in found.names if _is_sayable(name)),
        serial=serial,
        not_before=_date(found.not_before),
        not_after=_date(found.not_after),
        chain=tuple(map(_ca, found.chain)),
        key=key or kept,
    )


def _ca(found: CaCertificate) -> CaCertificate:
    if found.der:
        return found
    return replace(
        found,
        subject=_name(found.subject),
        issuer=_name(found.issuer),
        not_before=_date(found.not_before),
        not_after=_date(found.not_after),
    )


def _name(text: str) -> str:
    try:
        same = x509.Name.from_rfc4514_string(text).rfc4514_string() == text
    except ValueError:
        same = False
    digest = sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    return text if same else f"CN=stand-in {digest}"


def _is_sayable(name: str) -> bool:
    return name.isascii() and bool(name) and "\0" not in name


def _date(found: datetime) -> datetime:
    return min(max(found, _EARLIEST), _LATEST)
