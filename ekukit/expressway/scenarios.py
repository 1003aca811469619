"""The published scenarios X1 to X3 and the upgrade example, with their addresses and serials."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from ekukit.certificates import Certificate, utc
from ekukit.errors import InputError
from ekukit.expressway.build import build
from ekukit.expressway.conditions import condition
from ekukit.expressway.deployment import Deployment
from ekukit.expressway.farkinds import FarEndKind, Knowledge, Trust
from ekukit.expressway.node import CertificateStore, Expressway, Release, Role, Store
from ekukit.expressway.upgrade import upgrade
from ekukit.facts import Status
from ekukit.nearest import nearest

X1_SERIAL = "2f0000004c869c77c8981becde00000000004c"
X2_SERIAL = "46df76aa000000000029"
CLUSTER = "cluster.example.com"

_SHOWN, _FOLLOWS, _OURS = Status.DOCUMENTED, Status.INFERRED, Status.ASSUMED


@dataclass(frozen=True, slots=True)
class Given:
    """A property of a scenario: what it is here, how sure it is, and on which facts it rests."""

    what: str
    here: str
    status: Status
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A published case: its title, the connection it is about, the node whose log is shown.

    `given` tells what the source shows from what this kit sets. `make` builds the deployment.
    """

    name: str
    title: str
    connection: str
    role: Role
    given: tuple[Given, ...]
    make: Callable[[], Deployment]


def scenario(name: str) -> Deployment:
    """Return the deployment of a scenario ("X1", "X2", "X3", "UPGRADE"), in any case of letters.

    Addresses, ports, serials and validity are the published ones; host and company names are
    example names, and issuers are CA 1. It is judged at the moment of all conditions, not at that
    of the published captures. Raises InputError for an unknown name.
    """
    return _made(scenario_row(name).name)


def scenario_row(name: str) -> Scenario:
    """Return a scenario's row of the table; raises InputError for an unknown name."""
    try:
        return SCENARIOS[str(name).upper()]
    except KeyError:
        msg = f"scenario {name!r} is unknown; use one of {', '.join(SCENARIOS)}"
        raise InputError(msg + nearest(name, SCENARIOS)) from None


@lru_cache(maxsize=8)
def _made(name: str) -> Deployment:
    return SCENARIOS[name].make()


def _webex() -> Deployment:
    choices = condition("C3").with_far_end(
        FarEndKind.WEBEX, trusts=Trust.BOTH, requests=Knowledge.YES, checks=Knowledge.YES
    )
    deployment = build(choices)
    node = deployment.edge[0]
    client = replace(
        _held(node.client),
        serial=int(X1_SERIAL, 16),
        not_before=utc("2026-03-24"),
        not_after=utc("2028-03-23"),
    )
    return deployment.with_edge(client=CertificateStore(Store.CLIENT, client))


def _neighbor() -> Deployment:
    deployment = build(condition("C3"))
    return deployment.with_core(server=_cluster_store(deployment.core[0]))


def _cucm() -> Deployment:
    return build(condition("C3"))


def _upgraded() -> Deployment:
    before = build(condition("C3", release=Release.X15_4))
    before = before.with_core(server=_cluster_store(before.core[0]))
    return replace(
        before,
        core=tuple(upgrade(node).node for node in before.core),
        edge=tuple(upgrade(node).node for node in before.edge),
    )


def _cluster_store(node: Expressway) -> CertificateStore:
    """Return a server store with the certificate of the upgrade example and of X2."""
    found = _held(node.server)
    shown = replace(
        found,
        subject=f"CN={CLUSTER},OU=Lab,O=Example,L=KA,ST=KA,C=IN",
        names=(CLUSTER, *found.names),
        serial=int(X2_SERIAL, 16),
        not_before=utc("2026-03-14T02:37:40"),
        not_after=utc("2028-03-14T02:47:40"),
    )
    return CertificateStore(Store.SERVER, shown)


def _held(store: CertificateStore) -> Certificate:
    if store.certificate is None:
        msg = f"the {store.kind.value} store of a scenario is empty; conditions fill both stores"
        raise InputError(msg)
    return store.certificate


_BOTH_EKUS = "serverAuth + clientAuth; the source does not show them"
_REST = Given("All other certificates", "of CA 1, as in condition 3", _OURS, ("C3",))
_CLUSTER_CERTIFICATE = (
    Given("Serial of Core's server certificate", X2_SERIAL, _SHOWN, ("X2", "S4")),
    Given(
        "Its subject and validity",
        f"C=IN, ST=KA, L=KA, CN={CLUSTER}; 14 Mar 2026 02:37:40 - 14 Mar 2028 02:47:40",
        _SHOWN,
        ("S4",),
    ),
    Given("Its EKUs", _BOTH_EKUS, _OURS, ("X2",)),
)

SCENARIOS: dict[str, Scenario] = {
    row.name: row
    for row in (
        Scenario(
            "X1",
            "Scenario 1: Edge presents its client certificate to Webex",
            "webex",
            Role.EDGE,
            (
                Given("Who calls", "Edge 10.106.80.31", _SHOWN, ("X1",)),
                Given("Who answers", "Webex 163.129.37.33, port 5061", _SHOWN, ("X1",)),
                Given("Serial of Edge's client certificate", X1_SERIAL, _SHOWN, ("X1",)),
                Given(
                    "Its issuer",
                    "an internal CA, by its name; CA 1 stands in for it",
                    _FOLLOWS,
                    ("X1",),
                ),
                Given("Its validity", "24 Mar 2026 - 23 Mar 2028, by the day", _SHOWN, ("X1",)),
                Given("Its EKUs", _BOTH_EKUS, _OURS, ("X1", "S6")),
                Given("Webex asks for a certificate", "yes, packet 13715", _SHOWN, ("X1",)),
                Given("Webex trusts CA 1", "yes: a setting, nobody says so", _OURS, ("F1",)),
                Given(
                    "Webex checks clientAuth",
                    "yes, the stricter possibility: a setting, nobody says so",
                    _OURS,
                    ("F1",),
                ),
                _REST,
            ),
            _webex,
        ),
        Scenario(
            "X2",
            "Scenario 2: Core presents its server certificate to a neighbor",
            "neighbor-in",
            Role.CORE,
            (
                Given("Who calls", "neighbor 10.106.80.15, X8.11.4", _SHOWN, ("X2",)),
                Given("Who answers", "Core 10.106.80.16, X15.5, port 5061", _SHOWN, ("X2",)),
                Given("TLS verify of the zone", "On", _SHOWN, ("X2",)),
                *_CLUSTER_CERTIFICATE,
                Given(
                    "The neighbor's certificate",
                    "CA 1, serverAuth + clientAuth; the source does not show it",
                    _OURS,
                    ("F1",),
                ),
                _REST,
            ),
            _neighbor,
        ),
        Scenario(
            "X3",
            "Test case 3: Core presents its client certificate to CUCM",
            "cucm-tftp",
            Role.CORE,
            (
                Given("Who calls", "Core 10.106.80.16, X15.5", _SHOWN, ("X3",)),
                Given("Who answers", "CUCM 10.106.80.38, port 6972", _SHOWN, ("X3",)),
                Given("What Core presents", "its client certificate", _SHOWN, ("X3", "S2")),
                Given("Its serial", "this kit's own; the source shows none", _OURS, ("X3",)),
                Given("CUCM trusts CA 1 and checks", "yes: settings", _OURS, ("F1", "T8")),
                _REST,
            ),
            _cucm,
        ),
        Scenario(
            "UPGRADE",
            "The upgrade example: one certificate in both stores of Core",
            "uc-zone",
            Role.CORE,
            (
                *_CLUSTER_CERTIFICATE,
                Given("Core's client store", "the copy that X15.5 makes", _SHOWN, ("S4",)),
                _REST,
            ),
            _upgraded,
        ),
    )
}
