"""Why OpenSSL calls a certificate unfit for its purpose: one word for several faults (E14)."""

from datetime import datetime

from cryptography import x509

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.certificates.constraints import SSL_CLIENT, SSL_SERVER
from ekukit.certificates.extensions import value_of
from ekukit.connections import Cause, Side
from ekukit.diagnosis.evidence.inventory import Held

_PURPOSES = {Side.CLIENT: CLIENT_AUTH, Side.SERVER: SERVER_AUTH}
_ROLES = {Side.CLIENT: SSL_CLIENT, Side.SERVER: SSL_SERVER}


def purpose_fault(held: Held, side: Side) -> Cause | None:
    """Return which fault makes a held certificate unfit for a side, None when it is fit.

    OpenSSL's rules: a usage that is listed counts at every certificate of the path, `any` does
    not; the leaf's key usage needs digitalSignature or keyAgreement, for servers keyEncipherment
    does as well; a Netscape certificate type, where there is one, must allow the role. Not checked:
    everything else of the path.
    """
    wanted = _PURPOSES[side]
    ekus = held.certificate.ekus
    if ekus is not None and wanted not in ekus:
        return Cause.EKU
    chain = held.certificate.chain
    if any(ca.ekus is not None and wanted not in ca.ekus for ca in chain):
        return Cause.CA_EKU
    if not _signs(held.parsed, side):
        return Cause.KEY_USAGE
    types, role = held.certificate.limits.netscape, _ROLES[side]
    return None if types is None or role in types else Cause.NETSCAPE_TYPE


def _signs(leaf: x509.Certificate, side: Side) -> bool:
    usage = value_of(leaf, x509.KeyUsage)
    if usage is None:
        return True  # absent means unrestricted; what cannot be read is told elsewhere
    fit = usage.digital_signature or usage.key_agreement
    return fit or (side is Side.SERVER and usage.key_encipherment)


def in_time(held: Held, when: datetime) -> bool:
    """Return whether a held certificate and all that is known above it were valid at a moment."""
    leaf = held.certificate
    ends = [(leaf.not_before, leaf.not_after)]
    ends += [(ca.not_before, ca.not_after) for ca in leaf.chain]
    return all(first <= when <= last for first, last in ends)
