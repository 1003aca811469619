"""Trusted CA lists of stand-ins: what the lab can make of a stranger's list."""

from collections.abc import Iterable
from datetime import timedelta

from cryptography import x509

from ekukit.certificates import CaCertificate, make_ca
from ekukit.errors import InputError

_NO_SHIFT = timedelta(0)


def made_list(
    trusted: Iterable[CaCertificate],
    kind: str,
    chain: Iterable[CaCertificate],
    shift: timedelta = _NO_SHIFT,
) -> list[x509.Certificate]:
    """Return real CA certificates of a list, for a leaf with that chain and kind of key.

    A CA that the lab cannot make is left out where no path needs it; else InputError is raised.
    """
    used = {ca.subject for ca in chain}
    made = []
    for ca in in_order(trusted):
        try:
            made.append(make_ca(ca, kind, shift))
        except InputError:
            if ca.subject in used:
                raise
    return made


def in_order(trusted: Iterable[CaCertificate]) -> list[CaCertificate]:
    """Return the CAs of a list as they were read, since OpenSSL may take the first that fits."""
    return sorted(trusted, key=lambda ca: (ca.place, ca.subject, ca.key, ca.not_after))
