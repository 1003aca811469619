"""What differs between two certificates of one slot, in words."""

from collections.abc import Iterator

from ekukit.causes.system_words import listed
from ekukit.certificates import CaCertificate, Certificate, describe, eku_words


def identity(certificate: Certificate | None) -> tuple[object, ...] | None:
    """Return what makes two certificates one: serial and issuer, and names and EKUs to be sure."""
    if certificate is None:
        return None
    return certificate.serial, certificate.issuer, certificate.names, certificate.ekus


def changes(old: Certificate, new: Certificate) -> Iterator[str]:
    """Yield what differs between them, what decides most ahead."""
    if old.has_client_auth != new.has_client_auth:
        yield "clientAuth lost" if old.has_client_auth else "clientAuth gained"
    if old.ekus != new.ekus:
        yield f"EKUs {eku_words(old.ekus)} → {eku_words(new.ekus)}"
    if old.issuer != new.issuer:
        yield f"issuer {old.issuer_name} → {new.issuer_name}"
    lost = [name for name in old.answers_to if name not in new.answers_to]
    gained = [name for name in new.answers_to if name not in old.answers_to]
    if lost:
        yield f"names lost: {listed(lost)}"
    if gained:
        yield f"names gained: {listed(gained)}"
    if old.subject != new.subject:
        yield f"subject {old.subject} → {new.subject}"
    if old.key != new.key:
        yield f"key {old.key} → {new.key}"
    if old.not_after != new.not_after:
        yield f"ends {old.not_after:%d %b %Y} → {new.not_after:%d %b %Y}"
    yield f"serial {old.serial_hex} → {new.serial_hex}"


def both_words(old: Certificate | None, new: Certificate | None) -> tuple[str, str]:
    """Return the certificate before, and after it or what changed in it."""
    if old is None or new is None:
        return describe(old) if old else "", describe(new) if new else ""
    return describe(old), "; ".join(changes(old, new))


def ca_identity(ca: CaCertificate) -> tuple[str, ...]:
    """Return what tells a CA of a list apart: name, key, and the end of its validity."""
    return ca.subject, ca.key, ca.not_after.isoformat()
