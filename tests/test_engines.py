"""The two engines agree: what the rules say is what the handshakes do."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from faults import FAULTS, Fault

from ekukit.certificates import EkuProfile
from ekukit.connections import (
    CATALOG,
    Connection,
    EkuCheck,
    Handshake,
    Protocol,
    Side,
    Verdict,
    connection,
    handshakes,
)
from ekukit.connections.rules import judge, prompts, verdicts
from ekukit.expressway import (
    Choices,
    FarEndKind,
    Knowledge,
    Mode,
    Release,
    Slot,
    Trust,
    build,
    condition,
)
from ekukit.expressway.build import CA1, CA2
from ekukit.expressway.conditions import CONDITIONS
from ekukit.lab.ssh import run_ssh
from ekukit.lab.tls import run_tls
from ekukit.lab.verification import verify

EC = "EC-secp256r1"
SLOTS = [Slot(issuer, eku) for issuer in ("internal", "public") for eku in EkuProfile]


def run(handshake: Handshake) -> Verdict:
    """Make the handshake by the engine of its protocol."""
    return run_tls(handshake) if handshake.protocol is Protocol.TLS else run_ssh(handshake)


def same(rule: Verdict, lab: Verdict) -> bool:
    """Compare verdicts in everything but the words that the refused side read."""
    return replace(rule, text="") == replace(lab, text="")


def told(verdict: Verdict) -> tuple[object, ...]:
    """Return what a path verification tells too: no alert for what is not there, no words."""
    return verdict.cause, verdict.judged, verdict.error, verdict.depth, verdict.prompted


def chosen() -> Iterator[Choices]:
    """Yield choices that together reach every distinct handshake of the explorer's controls.

    A handshake depends on the initiator's client slot, the responder's server slot, its mode and
    release, and on a far end's settings; so only these are varied together.
    """
    for client, server, mode, release in itertools.product(SLOTS, SLOTS, Mode, Release):
        yield Choices(
            client, client, server, client, edge_checking=mode, core_checking=mode, key=EC,
            release=release, edge_peers=2,
        )  # fmt: skip
        yield Choices(
            server, client, server, client, edge_checking=mode, core_checking=mode, key=EC,
            release=release, neighbor_verify=mode,
        )  # fmt: skip
    for kind, trust, asks, checks, slot in itertools.product(
        FarEndKind, Trust, (Knowledge.YES, Knowledge.NO), (Knowledge.YES, Knowledge.NO), SLOTS
    ):
        base = Choices(slot, slot, slot, slot, key=EC)
        far = {"trusts": trust, "requests": asks, "checks": checks}
        presents = None if kind is FarEndKind.MRA_CLIENT else slot
        yield base.with_far_end(kind, **far)
        yield base.with_far_end(kind, **far, presents=presents)


@pytest.fixture(scope="module")
def space() -> dict[str, list[Handshake]]:
    """Return every distinct handshake of every connection."""
    found: dict[str, dict[Handshake, None]] = {row.id: {} for row in CATALOG}
    for choices in chosen():
        deployment = build(choices)
        for row in CATALOG:
            found[row.id].update(dict.fromkeys(handshakes(deployment, row)))
    return {name: list(asked) for name, asked in found.items()}


@pytest.mark.parametrize("row", CATALOG, ids=lambda row: row.id)
def test_rules_and_handshakes_agree_over_all_controls(
    row: Connection, space: dict[str, list[Handshake]]
) -> None:
    """Every handshake that the explorer can ask for ends as the rules say."""
    asked = space[row.id]
    print(f"{row.id}: {len(asked)} distinct handshakes")
    wrong = [(h, judge(h), v) for h in asked if not same(judge(h), v := run(h))]
    assert wrong == []
    assert [h for h in asked if told(judge(h)) != told(verify(h))] == []
    assert len(asked) >= 2


def faulty(name: str, *faults: tuple[Fault, Side]) -> Handshake:
    """Return a handshake of a connection that would succeed but for the faults."""
    deployment = build(condition("C3", key=EC, edge_peers=2))
    handshake = handshakes(deployment, connection(name))[0]
    for fault, side in faults:
        handshake = fault(handshake, side)
    return handshake


SINGLE = [
    (name, fault, side)
    for name, fault, side in itertools.product(
        ("uc-zone", "ssh-tunnel", "cucm-tftp", "b2b-in", "mra-client"), FAULTS, Side
    )
]


@pytest.mark.parametrize(("name", "fault", "side"), SINGLE)
def test_rules_and_handshakes_agree_on_single_faults(name: str, fault: str, side: Side) -> None:
    """One thing wrong with either certificate ends the same way in both engines."""
    handshake = faulty(name, (FAULTS[fault], side))
    assert same(judge(handshake), run(handshake)), (judge(handshake), run(handshake))


# A certificate cannot be expired and not yet valid at once.
PAIRS = [
    (one, two)
    for one, two in itertools.combinations(itertools.product(FAULTS, Side), 2)
    if not (one[1] is two[1] and {one[0], two[0]} == {"expired", "not-yet-valid"})
]


@pytest.mark.parametrize("name", ["uc-zone", "ssh-tunnel"])
@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_rules_and_handshakes_agree_on_pairs_of_faults(
    name: str, pair: tuple[tuple[str, Side], ...]
) -> None:
    """Of two faults both engines find the same one first."""
    handshake = faulty(name, *((FAULTS[fault], side) for fault, side in pair))
    assert same(judge(handshake), run(handshake)), (judge(handshake), run(handshake))


def test_what_stands_behind_the_first_error_is_listed() -> None:
    """Of three faults the first decides and the others are still told."""
    handshake = faulty(
        "uc-zone",
        (FAULTS["expired"], Side.CLIENT),
        (FAULTS["wrong-name"], Side.CLIENT),
        (FAULTS["serverauth-only"], Side.CLIENT),
    )
    found = [verdict.cause.value for verdict in verdicts(handshake)]
    assert found == ["eku-missing", "name-mismatch", "expired"]


def test_a_person_is_asked_only_about_an_untrusted_certificate() -> None:
    """The MRA client prompts for an untrusted issuer and refuses a wrong name."""
    untrusted = faulty("mra-client")
    named = faulty("mra-client", (FAULTS["wrong-name"], Side.SERVER))
    assert (run(untrusted).accepted, run(untrusted).prompted) == (True, True)
    assert run(named).accepted is False
    assert [prompts(untrusted, verdict) for verdict in verdicts(untrusted)] == [True]


@pytest.mark.parametrize(
    ("name", "mode", "zone", "tunnel"),
    [
        ("C1", Mode.ON, "active", "active"),
        ("C2", Mode.ON, "eku-missing", "eku-missing"),
        ("C2", Mode.OFF, "active", "eku-missing"),
        ("C2.1", Mode.ON, "active", "active"),
        ("C2.1", Mode.OFF, "active", "active"),
        ("C3", Mode.ON, "active", "active"),
        ("C4", Mode.ON, "active", "active"),
    ],
)
def test_conditions_come_out_as_published(name: str, mode: Mode, zone: str, tunnel: str) -> None:
    """Each named condition gives the zone and tunnel that the source shows."""
    deployment = build(condition(name, edge_checking=mode, key=EC))
    asked = ("uc-zone", "ssh-tunnel")
    found = [run(handshakes(deployment, connection(row))[0]).cause.value for row in asked]
    assert found == [zone, tunnel]
    assert set(CONDITIONS) == {"C1", "C2", "C2.1", "C3", "C4"}


def test_cores_mode_changes_nothing_on_zone_and_tunnels() -> None:
    """Core starts both, so its own mode is in neither handshake."""
    pairs = [
        [handshakes(build(condition("C2", core_checking=mode)), connection(name)) for mode in Mode]
        for name in ("uc-zone", "ssh-tunnel")
    ]
    assert [on == off for on, off in pairs] == [True, True]


def test_an_ignored_eku_is_not_a_bypassed_one() -> None:
    """A codeSigning leaf passes where EKUs are ignored and fails where the mode is Off."""
    handshake = faulty("uc-zone", (FAULTS["foreign-eku"], Side.CLIENT))
    ignored, bypassed = (
        run(replace(handshake, eku_check=check)).accepted
        for check in (EkuCheck.IGNORED, EkuCheck.BYPASSED)
    )
    assert (ignored, bypassed) == (True, False)


@pytest.mark.parametrize("name", ["uc-zone", "ssh-tunnel"])
@pytest.mark.parametrize("uploaded", ["chain", "chain and root", "leaf"])
@pytest.mark.parametrize("own", ["all", "root", "issuing", "nothing"])
@pytest.mark.parametrize("theirs", ["all", "root", "issuing", "nothing"])
def test_the_engines_agree_whatever_chain_and_lists_a_customer_has(
    name: str, own: str, theirs: str, uploaded: str
) -> None:
    """Without an uploaded chain OpenSSL completes it from the sender's own list."""
    held = {
        "all": frozenset(CA1.ca_certificates),
        "root": frozenset({CA1.root}),
        "issuing": frozenset({CA1.issuing}),
        "nothing": frozenset(),
    }
    deployment = build(condition("C3", key=EC))
    core, edge = deployment.core[0], deployment.edge[0]
    client = replace(core.client, chain_uploaded=uploaded != "leaf",
                     root_uploaded="root" in uploaded)  # fmt: skip
    # What Core thinks of Edge is not the question here, so Core's list grows by Edge's own CA.
    edge_server = CA2.issue("edge.example.com", eku="server", issued=deployment.at, key=EC)
    trusted = held[own] | frozenset(CA2.ca_certificates)
    asked = replace(
        deployment,
        core=(replace(core, client=client, trusted=trusted),),
        edge=(
            replace(
                edge, trusted=held[theirs], server=replace(edge.server, certificate=edge_server)
            ),
        ),
    )
    handshake = handshakes(asked, connection(name))[0]
    assert same(judge(handshake), run(handshake))
