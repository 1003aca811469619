"""Extensions of a stranger's certificate: one that cannot be read costs itself and no other."""

from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ekukit.certificates.der import SEQUENCE, children, element, inside

T = TypeVar("T", bound=x509.ExtensionType)
Extension = x509.Extension[x509.ExtensionType]
_LIST, _TRUE = 0xA3, 0x01
# A stranger's certificate may have any number of them; each that is read alone costs a parse.
_MOST = 200


def extensions_of(certificate: x509.Certificate) -> tuple[Extension, ...]:
    """Return the extensions in their order, one that stands twice twice.

    The library reads all or none: where it refuses, the first 200 are read one by one, and what
    cannot be read is an UnrecognizedExtension of its OID. Raises InputError where the bytes are no
    plain DER, ValueError where not even the OID of an extension can be told.
    """
    try:
        return tuple(certificate.extensions)
    except (ValueError, x509.DuplicateExtension):
        return tuple(one for one, _ in _one_by_one(certificate))


def value_of(certificate: x509.Certificate, kind: type[T]) -> T | None:
    """Return the value of the first extension of a kind that can be read, None without one."""
    return next((e.value for e in extensions_of(certificate) if isinstance(e.value, kind)), None)


def unreadable(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the dotted OIDs of the extensions that cannot be read or stand there twice."""
    try:
        tuple(certificate.extensions)
    except (ValueError, x509.DuplicateExtension):
        found = list(_one_by_one(certificate))
    else:
        return ()
    oids = [one.oid.dotted_string for one, _ in found]
    broken = [one.oid.dotted_string for one, is_read in found if not is_read]
    return tuple(dict.fromkeys([*broken, *(oid for oid in oids if oids.count(oid) > 1)]))


def _one_by_one(certificate: x509.Certificate) -> Iterator[tuple[Extension, bool]]:
    """Yield each extension, and whether it could be read."""
    body, *signature = (whole for _, whole, _ in children(_content(certificate)))
    parts = list(children(inside(body)))
    listed = next((content for tag, _, content in parts if tag == _LIST), b"")
    rest = b"".join(whole for tag, whole, _ in parts if tag != _LIST)
    for _, whole, content in islice(children(inside(listed)), _MOST):
        alone = element(_LIST, element(SEQUENCE, whole))
        der = element(SEQUENCE, element(SEQUENCE, rest + alone) + b"".join(signature))
        try:
            # Its signature does not fit and is not looked at.
            yield next(iter(x509.load_der_x509_certificate(der).extensions)), True
        except ValueError:
            yield _unread(content), False


def _content(certificate: x509.Certificate) -> bytes:
    return inside(certificate.public_bytes(Encoding.DER))


def _unread(content: bytes) -> Extension:
    """Return an extension of which OID and criticality alone are known."""
    parts = list(children(content))
    oid = _oid(parts[0][2])
    critical = len(parts) > 2 and parts[1][0] == _TRUE and parts[1][2] != b"\0"  # noqa: PLR2004
    return x509.Extension(oid, critical, x509.UnrecognizedExtension(oid, parts[-1][2]))


def _oid(content: bytes) -> x509.ObjectIdentifier:
    """Return an OID from its DER content (X.690 8.19); raises ValueError for none."""
    arcs, value = [], 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 - the last byte of an arc
            arcs.append(value)
            value = 0
    if not arcs:
        raise ValueError(_NO_OID)
    first = min(arcs[0] // 40, 2)
    return x509.ObjectIdentifier(".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:]))))


_NO_OID = "an extension without an OID"
