"""The file that a CA sent, read as a certificate of the deployment that it is meant for."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from cryptography import x509

from ekukit.certificates import CaCertificate, Certificate
from ekukit.certificates.pemfile import view_of
from ekukit.diagnosis.store_files import certificates_in, leaf_and_rest
from ekukit.expressway import Deployment

_DAY = timedelta(days=1)
SHIFTED = (
    "A condition has a moment and CAs of its own: a CA of the same name counts as the condition's, "
    "and the new certificate as valid then."
)


def read_received(
    path: Path, ca_files: Iterable[Path], deployment: Deployment, *, is_lab: bool
) -> tuple[Certificate, tuple[str, ...]]:
    """Return the leaf of a file with its chain, and what is odd in the file.

    The chain is looked for in the file, in further files with CAs, and in the nodes' trusted CA
    lists, whose CAs stay equal to themselves. In a condition of the lab CAs count by name. Raises
    InputError for a file that cannot be opened or holds no certificate.
    """
    problems: list[str] = []
    leaf, *rest = leaf_and_rest(path, problems)
    for ca_file in ca_files:
        rest += certificates_in(ca_file, problems)[0]
    trusted = {ca for node in (*deployment.core, *deployment.edge) for ca in node.trusted}
    listed = {ca.der: ca for ca in trusted if ca.der}
    pool = (*rest, *map(x509.load_der_x509_certificate, listed))
    found = view_of(leaf, pool)
    if is_lab:
        return _of_lab(found, deployment, trusted), tuple(problems)
    chain = tuple(listed.get(ca.der, ca) for ca in found.chain)
    return replace(found, chain=chain), tuple(problems)


def _of_lab(found: Certificate, deployment: Deployment, trusted: set[CaCertificate]) -> Certificate:
    named = {ca.subject: ca for ca in trusted}
    if found.issuer not in named:
        return found
    chain = [named[found.issuer]]
    while not chain[-1].is_root and chain[-1].issuer in named:
        chain.append(named[chain[-1].issuer])
    found = replace(found, chain=tuple(chain), public=chain[0].public, der=b"")
    at = deployment.at
    if found.not_before <= at <= found.not_after:
        return found
    return replace(found, not_before=at - _DAY, not_after=at - _DAY + _length(found))


def _length(found: Certificate) -> timedelta:
    return found.not_after - found.not_before
