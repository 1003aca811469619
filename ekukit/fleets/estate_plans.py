"""What a made-up estate is mixed of: conditions, faults, releases, CAs, dates, damage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from ekukit.certificates import CaCertificate, Certificate, utc
from ekukit.expressway import (
    CertificateStore,
    Deployment,
    Expressway,
    Mode,
    Release,
    build,
    condition,
)
from ekukit.expressway.build import CA1
from ekukit.facts import issuers

FIRST_DAY = utc("2026-06-15 09:41:07")
_WEEKS, _LONGEST, _LEFT = 20, 398, (12, 380)
_DOMAIN = "example.com"


@dataclass(frozen=True, slots=True)
class EstateKind:
    """A row: a condition with changes, what is broken in it, how often it comes."""

    story: str
    name: str
    changes: Mapping[str, object]
    weight: int
    broken: Callable[[Deployment], Deployment] = lambda found: found


def _without_issuing_ca(found: Deployment) -> Deployment:
    return found.with_edge(trusted=found.edge[0].trusted - {CA1.issuing})


KINDS = (
    EstateKind("both EKUs, public, until renewed", "C1", {}, 30),
    EstateKind("both EKUs, public, one store", "C1", {"release": Release.X15_4}, 8),
    EstateKind("both EKUs, public, mode Off", "C1", {"edge_checking": Mode.OFF}, 6),
    EstateKind("both EKUs, public, two peers", "C1", {"core_peers": 2, "edge_peers": 2}, 4),
    EstateKind("serverAuth only, public", "C2", {}, 10),
    EstateKind("serverAuth only, public, mode Off", "C2", {"edge_checking": Mode.OFF}, 8),
    EstateKind("Core's client certificate private", "C2.1", {}, 14),
    EstateKind("its issuing CA not trusted", "C2.1", {}, 4, _without_issuing_ca),
    EstateKind("private everywhere", "C3", {}, 10),
    EstateKind("public on Edge alone", "C4", {}, 6),
)
# How a case comes: sound, or damaged; both with how often.
DAMAGE = {"": 90, "no archive": 3, "log cut short": 4, "no capture": 3}


@dataclass(frozen=True, slots=True)
class EstateCase:
    """A case of an estate: its name, how it was made, what is damaged, and the deployment."""

    name: str
    kind: EstateKind
    ca: str
    damage: str
    deployment: Deployment


def estate_case(number: int, seed: int) -> EstateCase:
    """Return the case of a number; the same number and seed give the same one."""
    chance = Random(f"{seed}:{number}")  # noqa: S311 - a mix, no secret
    kind = chance.choices(KINDS, [one.weight for one in KINDS])[0]
    ca, damage = chance.choice(issuers()), chance.choices([*DAMAGE], [*DAMAGE.values()])[0]
    at = FIRST_DAY + timedelta(days=chance.randrange(_WEEKS * 7))
    left = timedelta(days=chance.randint(*_LEFT))
    name = f"c{number:05}"
    made = kind.broken(build(condition(kind.name, at=at, **kind.changes)))
    return EstateCase(name, kind, ca, damage, _Changed(name, ca, at, left).deployment(made))


@dataclass(frozen=True, slots=True)
class _Changed:
    """A deployment under a customer's own name, with the CA's name and other dates."""

    name: str
    ca: str
    at: datetime
    left: timedelta

    def deployment(self, found: Deployment) -> Deployment:
        far = tuple(
            replace(
                end,
                certificate=end.certificate and self._certificate(end.certificate),
                client_certificate=end.client_certificate
                and self._certificate(end.client_certificate),
                trusts=frozenset(map(self._authority, end.trusts)),
            )
            for end in found.far_ends
        )
        core, edge = (tuple(map(self._node, side)) for side in (found.core, found.edge))
        return replace(found, core=core, edge=edge, far_ends=far)

    def _node(self, node: Expressway) -> Expressway:
        return replace(
            node,
            fqdn=self._named(node.fqdn),
            server=self._store(node.server),
            client=self._store(node.client),
            trusted=frozenset(map(self._authority, node.trusted)),
            verify_subject_name=self._named(node.verify_subject_name),
        )

    def _named(self, name: str) -> str:
        return name.replace(_DOMAIN, f"{self.name}.{_DOMAIN}")

    def _store(self, store: CertificateStore) -> CertificateStore:
        found = store.certificate
        return replace(store, certificate=found and self._certificate(found))

    def _certificate(self, found: Certificate) -> Certificate:
        """Return the certificate with this estate's names; equal ones stay equal."""
        end = self.at + self.left
        life = min(found.not_after - found.not_before, timedelta(days=_LONGEST))
        return found.moved(
            subject=self._named(found.subject),
            names=tuple(map(self._named, found.names)),
            not_before=min(end - life, self.at - timedelta(days=1)),
            not_after=end,
            chain=tuple(map(self._authority, found.chain)),
        )

    def _authority(self, ca: CaCertificate) -> CaCertificate:
        if not ca.public:
            return ca
        return replace(ca, subject=self._of_ca(ca.subject), issuer=self._of_ca(ca.issuer))

    def _of_ca(self, name: str) -> str:
        return name.replace("CA 2", f"{self.ca} test")
