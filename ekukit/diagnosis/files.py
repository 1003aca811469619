"""Certificate files judged one by one: what each is, where it fits, what an upload would say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography import x509

from ekukit.certificates import CaCertificate, Certificate, read_pem
from ekukit.certificates.extensions import value_of
from ekukit.certificates.pemfile import ca_views, chain_of, view_of, why_public
from ekukit.diagnosis.evidence.inventory import leaf_first
from ekukit.diagnosis.rebuild.given_deployment import Place
from ekukit.errors import InputError
from ekukit.expressway import Expressway, Role, Store
from ekukit.expressway.administration import Answer
from ekukit.expressway.upload import upload


@dataclass(frozen=True, slots=True)
class GivenFiles:
    """The files of a case: the certificates by store, and the CAs that are trusted.

    `assumed_trust` is true when no CA file was given and the CAs inside the files count instead;
    `with_root` are the stores whose files hold a root.
    """

    certificates: Mapping[Place, Certificate]
    why_public: Mapping[Place, str]
    trusted: frozenset[CaCertificate]
    problems: tuple[str, ...]
    assumed_trust: bool
    with_root: frozenset[Place] = frozenset()


def read_given(files: Mapping[Place, Path], ca_files: tuple[Path, ...]) -> GivenFiles:
    """Return what the files hold; a store's leaf is the first of its file that is no CA.

    Raises InputError for a file that cannot be opened or in which no certificate can be read.
    """
    problems: list[str] = []
    found = {place: leaf_and_rest(path, problems) for place, path in files.items()}
    return joined(found, ca_files, problems)


def joined(
    found: Mapping[Place, list[x509.Certificate]], ca_files: tuple[Path, ...], problems: list[str]
) -> GivenFiles:
    """Return certificates by store, each leaf first, with the CAs of files; raises as above."""
    leaves = {place: given[0] for place, given in found.items()}
    beside = {place: given[1:] for place, given in found.items()}
    listed: list[x509.Certificate] = []
    for path in ca_files:
        listed += certificates_in(path, problems)[0]
    inside = [ca for rest in beside.values() for ca in rest]
    views = ca_views((*listed, *inside))
    trusted = listed if ca_files else [ca for ca in inside if _is_ca(ca)]
    # What a node sends along is in its own file; another node's file gives it nothing.
    pools = {place: (*trusted, *rest) for place, rest in beside.items()}
    return GivenFiles(
        certificates={place: _view(leaf, pools[place]) for place, leaf in leaves.items()},
        why_public={
            place: why_public(leaf, chain_of(leaf, pools[place])) for place, leaf in leaves.items()
        },
        trusted=frozenset(views[ca] for ca in trusted),
        problems=tuple(problems),
        assumed_trust=not ca_files,
        with_root=frozenset(
            place for place, rest in beside.items() if any(ca.subject == ca.issuer for ca in rest)
        ),
    )


def leaf_and_rest(path: Path, problems: list[str]) -> list[x509.Certificate]:
    """Return a store's certificates, the leaf first, and tell where the file has it elsewhere.

    Raises InputError as `certificates_in`, and where only CAs of a damaged file could be read.
    """
    given, is_whole = certificates_in(path, problems)
    found = leaf_first(given, _is_ca)
    leaf = found[0]
    if _is_ca(leaf) and not is_whole:
        msg = (
            f"{path}: {problems[-1]}; only CA certificates could be read, and none of them is "
            "judged in the leaf's place; give the leaf whole"
        )
        raise InputError(msg)
    if leaf is not given[0]:
        problems.append(
            f"{path}: a CA stands before the leaf in this file; the leaf was judged, and the "
            "file needs it first"
        )
    leaves = [one for one in given if not _is_ca(one)]
    if len(leaves) > 1:
        problems.append(
            f"{path}: {len(leaves)} certificates of this file are no CAs; the first one was "
            "judged, and a store needs it alone with its CAs"
        )
    if _is_ca(leaf):
        problems.append(f"{path}: the certificate is a CA; a store needs a leaf")
    return found


def certificates_in(path: Path, problems: list[str]) -> tuple[list[x509.Certificate], bool]:
    """Return a file's certificates, and whether all of it could be read.

    What is odd is added to `problems`. Raises InputError for a file without any.
    """
    found = read_pem(path)
    problems += found.problems
    if found.has_private_key:
        problems.append(f"{path}: a private key is in this file; keep it out of what you pass on")
    if not found.certificates:
        none = "a private key and no certificate" if found.has_private_key else "no certificate"
        told = "; ".join(found.problems) or f"{path}: {none} in it"
        msg = f"{told}; give the certificate as the CA sent it, in PEM or DER"
        raise InputError(msg)
    return [read.certificate for read in found.certificates], not found.lost


def _is_ca(certificate: x509.Certificate) -> bool:
    found = value_of(certificate, x509.BasicConstraints)
    return found is not None and found.ca


def _view(leaf: x509.Certificate, pool: tuple[x509.Certificate, ...]) -> Certificate:
    found = view_of(leaf, pool)
    chain = tuple(replace(ca, public=None) for ca in found.chain)
    return replace(found, chain=chain)


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """A certificate file: which store it was meant for, what it is, what uploads would say."""

    role: Role
    store: Store
    certificate: Certificate
    why_public: str
    days_left: int
    answers: Mapping[Store, Answer]


def missing_names(given: GivenFiles) -> tuple[str, ...]:
    """Return names that Core's server certificate has and its client certificate lacks (E8).

    Edge's TLS verify subject name was chosen for the server certificate and is now matched
    against the client certificate. Empty when either is not given.
    """
    server = given.certificates.get((Role.CORE, Store.SERVER))
    client = given.certificates.get((Role.CORE, Store.CLIENT))
    if server is None or client is None:
        return ()
    return tuple(name for name in server.answers_to if name not in client.answers_to)


def judge_files(
    given: GivenFiles, nodes: Mapping[Role, Expressway], at: datetime
) -> list[FileVerdict]:
    """Return a verdict on each file: the answers of both pages of the node it is meant for."""
    found = []
    for (role, store), certificate in given.certificates.items():
        answers = {kind: upload(nodes[role], kind, certificate) for kind in Store}
        days = (certificate.not_after - at).days
        why = given.why_public[role, store]
        found.append(FileVerdict(role, store, certificate, why, days, answers))
    return found
