"""What in a path decides besides EKUs, names and dates: the rules' own account of E14.

The order is OpenSSL's: the leaf's key first; then each certificate from the leaf up with its
critical extensions, CA flag, purpose and path length; then keys and digests; name constraints last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ekukit.certificates import CLIENT_AUTH, CaCertificate, Certificate, Ekus
from ekukit.certificates.constraints import (
    AGREES,
    CERTIFIES,
    ENCIPHERS,
    SIGNS,
    SSL_CLIENT,
    SSL_SERVER,
    Limits,
)

_PURPOSE, _CRITICAL, _NOT_A_CA, _TOO_LONG, _CA_KEY, _DIGEST = 26, 34, 79, 25, 67, 68
_NOT_PERMITTED, _EXCLUDED = 47, 48
# OpenSSL's security level 2, its default: 112 bits of security; of RSA it rounds up to that from
# 1963 bits on (measured, E14).
_SMALLEST = {"RSA": 1963, "EC": 224}
_WEAK_DIGESTS = frozenset({"md5", "sha1"})
# Of these key usages one is enough for the purpose.
_CLIENT_USAGES = frozenset({SIGNS, AGREES})
_SERVER_USAGES = frozenset({SIGNS, AGREES, ENCIPHERS})


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of a path as these rules see it."""

    ekus: Ekus
    limits: Limits
    kind: str
    is_root: bool

    @classmethod
    def of_leaf(cls, leaf: Certificate) -> "Link":
        """Return the link of a leaf."""
        return cls(leaf.ekus, leaf.limits, leaf.key, not leaf.chain)

    @classmethod
    def of_ca(cls, ca: CaCertificate) -> "Link":
        """Return the link of a CA certificate."""
        return cls(ca.ekus, ca.limits, ca.kind, ca.is_root)


def weak_leaf(leaf: Certificate) -> bool:
    """Return whether the leaf's key is smaller than OpenSSL's default level takes."""
    return _is_weak(leaf.key)


def limit_errors(links: Sequence[Link], purpose: str) -> Iterator[tuple[int, int]]:
    """Yield OpenSSL's errors with their depth; purpose errors are not waived here."""
    below = 0
    for depth, link in enumerate(links):
        if link.limits.unknown_critical:
            yield _CRITICAL, depth
        if depth and not (_may_issue(link) and (link.is_root or link.limits.ca)):
            yield _NOT_A_CA, depth
        if not _fits(link, purpose, ca=depth > 0):
            yield _PURPOSE, depth
        longest = link.limits.path_length
        if longest is not None and below > longest:
            yield _TOO_LONG, depth
        below += 1 if depth else 0
    for depth, link in enumerate(links):
        if depth and _is_weak(link.kind):
            yield _CA_KEY, depth
        # Nobody verifies the signature of the last certificate, be it a root or not.
        if depth + 1 < len(links) and link.limits.digest in _WEAK_DIGESTS:
            yield _DIGEST, depth


def name_errors(leaf: Certificate, path: Sequence[CaCertificate]) -> Iterator[tuple[int, int]]:
    """Yield the leaf's name constraint errors; DNS names are looked at, other kinds are not."""
    names = leaf.answers_to
    for ca in path:
        permitted, excluded = ca.limits.permitted, ca.limits.excluded
        if permitted and not all(any(_under(n, tree) for tree in permitted) for n in names):
            yield _NOT_PERMITTED, 0
        elif any(_under(name, tree) for name in names for tree in excluded):
            yield _EXCLUDED, 0


def _may_issue(link: Link) -> bool:
    """Return whether its usages let it issue; only a root needs no CA flag then."""
    usage, ca = link.limits.key_usage, link.limits.ca
    if usage is not None and CERTIFIES not in usage:
        return False
    return bool(ca) or (ca is None and usage is not None)


def _fits(link: Link, purpose: str, *, ca: bool) -> bool:
    if link.ekus is not None and purpose not in link.ekus:
        return False
    if ca:
        return _may_issue(link)
    return usage_fits(link.limits, purpose) and _type_fits(link.limits, purpose)


def usage_fits(limits: Limits, purpose: str) -> bool:
    """Return whether a leaf's key usage, if it has one, allows the purpose."""
    wanted = _CLIENT_USAGES if purpose == CLIENT_AUTH else _SERVER_USAGES
    return limits.key_usage is None or bool(wanted & set(limits.key_usage))


def _type_fits(limits: Limits, purpose: str) -> bool:
    role = SSL_CLIENT if purpose == CLIENT_AUTH else SSL_SERVER
    return limits.netscape is None or role in limits.netscape


def _is_weak(kind: str) -> bool:
    family, _, size = kind.partition("-")
    digits = size if family != "EC" else _curve_bits(size)
    return family in _SMALLEST and digits.isdigit() and int(digits) < _SMALLEST[family]


def _curve_bits(curve: str) -> str:
    return next((bits for bits in ("160", "163", "192", "224", "256", "384", "521")
                 if bits in curve), "")  # fmt: skip


def _under(name: str, tree: str) -> bool:
    name, tree = name.lower().rstrip("."), tree.lower().lstrip(".")
    return not tree or name == tree or name.endswith(f".{tree}")
