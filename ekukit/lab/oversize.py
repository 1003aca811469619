"""Paths that OpenSSL does not take in a handshake, as too long ones: verified by themselves."""

from typing import TYPE_CHECKING

from OpenSSL import SSL, crypto

from ekukit.certificates import Certificate
from ekukit.connections import EkuCheck, Side
from ekukit.lab.expected_name import bears
from ekukit.lab.tls import waived
from ekukit.lab.verify_errors import NAME, PURPOSE

if TYPE_CHECKING:
    from ekukit.lab.verification import Path, PathQuestion

_PURPOSES = {Side.CLIENT: "X509_PURPOSE_SSL_CLIENT", Side.SERVER: "X509_PURPOSE_SSL_SERVER"}


def oversize_faults(
    path: "Path", asked: "PathQuestion", leaf: Certificate
) -> list[tuple[int, int, bytes]]:
    """Return OpenSSL's first verify error, its depth and certificate; nothing for a good path.

    Key sizes and digests are not checked: OpenSSL looks at them in handshakes alone. A handshake
    with such a certificate would be refused for its length.
    """
    purpose = getattr(SSL._lib, _PURPOSES[asked.judged])  # type: ignore[attr-defined]  # noqa: SLF001
    found = _first(path, asked, purpose)
    if found and found[0] == PURPOSE and _is_waived(asked.check, found[2]):
        # What is behind it OpenSSL does not tell here; in Off each certificate counts by itself.
        above = ((PURPOSE, place, ca.der) for place, ca in enumerate(leaf.chain, 1)
                 if ca.der and not ca.is_root)  # fmt: skip
        barred = (one for one in above if not _is_waived(asked.check, one[2]))
        found = next(barred, None) or _first(path, asked, None)
    if found is None and asked.name and not bears(leaf, asked.name):
        found = NAME, 0, path.leaf
    return [found] if found else []


def _is_waived(check: EkuCheck, der: bytes) -> bool:
    return waived(check, crypto.load_certificate(crypto.FILETYPE_ASN1, der))


def _first(
    path: "Path", asked: "PathQuestion", purpose: int | None
) -> tuple[int, int, bytes] | None:
    store = crypto.X509Store()
    for der in path.trusted:
        store.add_cert(crypto.load_certificate(crypto.FILETYPE_ASN1, der))
    store.set_time(asked.at.replace(tzinfo=None))
    if purpose is not None:
        # Bound but private: pyOpenSSL has no public way to ask for a purpose outside a handshake.
        SSL._lib.X509_STORE_set_purpose(store._store, purpose)  # type: ignore[attr-defined]  # noqa: SLF001
    ders = (path.leaf, *path.sent)
    leaf, *sent = (crypto.load_certificate(crypto.FILETYPE_ASN1, der) for der in ders)
    try:
        crypto.X509StoreContext(store, leaf, sent).verify_certificate()
    except crypto.X509StoreContextError as refusal:
        error, depth, *_text = refusal.errors
        der = crypto.dump_certificate(crypto.FILETYPE_ASN1, refusal.certificate)
        return int(error), int(depth), der
    return None
