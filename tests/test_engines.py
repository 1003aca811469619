"""The two engines agree: what the rules say is what the handshakes do."""

import itertools
from dataclasses import replace

import pytest

from ekukit.certificates import EkuProfile
from ekukit.connections.catalog import CATALOG, connection, handshakes
from ekukit.connections.handshake import Cause, Handshake, Protocol, Verdict
from ekukit.connections.rules import judge
from ekukit.expressway import CONDITIONS, Choices, Mode, Slot, build, condition
from ekukit.lab.ssh import run_ssh
from ekukit.lab.tls import run_tls

EC = "EC-secp256r1"


def run(handshake: Handshake) -> Verdict:
    """Make the handshake by the engine of its protocol."""
    return run_tls(handshake) if handshake.protocol is Protocol.TLS else run_ssh(handshake)


def same(rule: Verdict, lab: Verdict) -> bool:
    """Compare verdicts in everything but the words that the refused side read."""
    return replace(rule, text="") == replace(lab, text="")


def space() -> list[Handshake]:
    """Return every distinct handshake behind the controls of the explorer."""
    slots = [Slot(issuer, eku) for issuer in ("internal", "public") for eku in EkuProfile]
    found: dict[Handshake, None] = {}
    for client, server, mode in itertools.product(slots, slots, Mode):
        choices = Choices(slots[0], client, server, slots[0], edge_checking=mode, key=EC)
        for row in CATALOG:
            found.update(dict.fromkeys(handshakes(build(choices), row)))
    return list(found)


@pytest.mark.parametrize("protocol", list(Protocol))
def test_rules_and_handshakes_agree_over_all_controls(protocol: Protocol) -> None:
    """Every handshake that the explorer can ask for ends as the rules say."""
    asked = [handshake for handshake in space() if handshake.protocol is protocol]
    print(f"{len(asked)} distinct {protocol.value} handshakes")
    wrong = [(h, judge(h), v) for h in asked if not same(judge(h), v := run(h))]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "mode", "zone", "tunnel"),
    [
        ("C1", Mode.ON, Cause.ACCEPTED, Cause.ACCEPTED),
        ("C2", Mode.ON, Cause.EKU, Cause.EKU),
        ("C2", Mode.OFF, Cause.ACCEPTED, Cause.EKU),
        ("C2.1", Mode.ON, Cause.ACCEPTED, Cause.ACCEPTED),
        ("C2.1", Mode.OFF, Cause.ACCEPTED, Cause.ACCEPTED),
        ("C3", Mode.ON, Cause.ACCEPTED, Cause.ACCEPTED),
        ("C4", Mode.ON, Cause.ACCEPTED, Cause.ACCEPTED),
    ],
)
def test_conditions_come_out_as_published(
    name: str, mode: Mode, zone: Cause, tunnel: Cause
) -> None:
    """Each named condition gives the zone and tunnel that the source shows."""
    deployment = build(condition(name, edge_checking=mode, key=EC))
    found = {row.id: run(handshakes(deployment, row)[0]).cause for row in CATALOG}
    assert found == {"uc-zone": zone, "ssh-tunnel": tunnel}
    assert connection("uc-zone").port == 7001
    assert set(CONDITIONS) == {"C1", "C2", "C2.1", "C3", "C4"}
