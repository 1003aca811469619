"""What is wrong with a certificate that came alone: found by OpenSSL and `cryptography`, in order.

Used beside AsyncSSH, whose answer to the far end is the same for every cause.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509 import verification
from OpenSSL import crypto

from ekukit.certificates import CLIENT_AUTH, check_client_path, make_ca, read_ca, read_x509
from ekukit.connections import End
from ekukit.connections.rules import EXPIRED, NAME, NOT_YET_VALID, PURPOSE


@dataclass(frozen=True, slots=True)
class Fault:
    """An OpenSSL verify error and the place in the chain at which it stands (0 is the leaf)."""

    error: int
    depth: int


def look(
    leaf: x509.Certificate, end: End, *, purpose: str, kind: str, at: datetime
) -> Fault | None:
    """Return the first fault that `end` finds in a leaf sent without its chain, or None.

    The order is OpenSSL's: path, purposes from the leaf up, name, validity. Path and validity are
    OpenSSL's verdict, the chain's purposes `cryptography`'s. `kind` is the key type of the CAs.
    """
    trusted = tuple(make_ca(ca, kind) for ca in end.trusted)
    path = _path_fault(leaf, trusted, at)
    if path is not None and path.error not in (EXPIRED, NOT_YET_VALID):
        return path
    wrong = _purpose_fault(leaf, trusted, purpose, at)
    if wrong is not None:
        return wrong
    names = {name.lower() for name in read_x509(leaf).names}
    if end.expects_name and end.expects_name.lower() not in names:
        return Fault(NAME, 0)
    return path


def _path_fault(
    leaf: x509.Certificate, trusted: tuple[x509.Certificate, ...], at: datetime
) -> Fault | None:
    store = crypto.X509Store()
    for ca in trusted:
        store.add_cert(crypto.X509.from_cryptography(ca))
    store.set_time(at)
    try:
        crypto.X509StoreContext(store, crypto.X509.from_cryptography(leaf)).verify_certificate()
    except crypto.X509StoreContextError as refusal:
        error, depth, *_text = refusal.errors
        return Fault(int(error), int(depth))
    return None


def _purpose_fault(
    leaf: x509.Certificate, trusted: tuple[x509.Certificate, ...], purpose: str, at: datetime
) -> Fault | None:
    chain = _above(leaf, trusted)
    # A time at which the leaf is valid: purposes are asked about apart from validity.
    moment = min(max(at, leaf.not_valid_before_utc), leaf.not_valid_after_utc)
    if purpose == CLIENT_AUTH:
        accepted = check_client_path(leaf, (), trusted, at=moment).accepted
    else:
        accepted = _server_path(leaf, trusted, moment)
    if accepted:
        return None
    for depth, certificate in enumerate((leaf, *chain)):
        ekus = read_ca(certificate).ekus
        if ekus is not None and purpose not in ekus:
            return Fault(PURPOSE, depth)
    return None


def _server_path(
    leaf: x509.Certificate, trusted: tuple[x509.Certificate, ...], at: datetime
) -> bool:
    names = read_x509(leaf).names
    if not names:
        return True
    roots = [ca for ca in trusted if ca.subject == ca.issuer]
    between = [ca for ca in trusted if ca.subject != ca.issuer]
    builder = verification.PolicyBuilder().store(verification.Store(roots)).time(at)
    try:
        builder.build_server_verifier(x509.DNSName(names[0])).verify(leaf, between)
    except verification.VerificationError:
        return False
    return True


def _above(
    leaf: x509.Certificate, trusted: tuple[x509.Certificate, ...]
) -> tuple[x509.Certificate, ...]:
    chain: list[x509.Certificate] = []
    below = leaf
    while below.subject != below.issuer:
        found = [ca for ca in trusted if ca.subject == below.issuer]
        if not found:
            break
        below = found[0]
        chain.append(below)
    return tuple(chain)
