"""Certificate files judged one by one: what each is, where it fits, what an upload would say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography import x509

from ekukit.believed import days_left
from ekukit.certificates import CaCertificate, Certificate
from ekukit.certificates.pemfile import ca_views, chain_of, view_of, why_public
from ekukit.diagnosis.rebuild.given_deployment import Place
from ekukit.diagnosis.store_files import certificates_in, is_ca, leaf_and_rest
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
    trusted = listed if ca_files else [ca for ca in inside if is_ca(ca)]
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
        days = days_left(certificate.not_after, at)
        why = given.why_public[role, store]
        found.append(FileVerdict(role, store, certificate, why, days, answers))
    return found
