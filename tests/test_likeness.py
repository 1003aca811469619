"""Handshakes that differ in names alone end the same, so that of a cluster's one is made."""

from dataclasses import replace

import pytest

from ekukit.connections.attempts import handshakes
from ekukit.connections.catalog import CATALOG, ROWS
from ekukit.connections.handshake import Handshake
from ekukit.connections.likeness import alike
from ekukit.connections.rules import judge
from ekukit.expressway import Deployment, build, condition
from ekukit.lab.bench import perform, perform_alike


def all_of(deployment: Deployment) -> list[Handshake]:
    """Return every handshake of a deployment."""
    return [found for row in CATALOG for found in handshakes(deployment, row)]


def clusters() -> tuple[Deployment, ...]:
    """Return clusters in which names match everywhere, and in which one peer's do not."""
    plain = build(condition("C2.1", core_peers=3, edge_peers=2))
    first, second = plain.edge
    return (
        plain,
        replace(plain, edge=(replace(first, verify_subject_name="core2.example.com"), second)),
        replace(plain, edge=(first, replace(second, fqdn="other.example.com"))),
    )


@pytest.mark.parametrize("deployment", clusters())
def test_what_is_alike_ends_the_same_in_every_word(deployment: Deployment) -> None:
    """By handshakes and by rules, names in what the refused side read included."""
    told = all_of(deployment)
    assert [perform_alike(shake) for shake in told] == [perform(shake) for shake in told]
    assert [judge(alike(shake)[0]) for shake in told] == [judge(shake) for shake in told]


def test_a_peer_that_differs_is_not_alike() -> None:
    """A name that does not match, another certificate, another mode."""
    plain, odd_name, odd_host = clusters()
    zone = ROWS["uc-zone"]
    classes = [len({alike(s)[0] for s in handshakes(found, zone)})
               for found in (plain, odd_name, odd_host)]  # fmt: skip
    assert classes == [1, 3, 2]


def test_where_the_look_of_a_name_counts_nothing_is_renamed() -> None:
    """Wildcards and capitals match by what they look like."""
    shake = handshakes(clusters()[0], ROWS["uc-zone"])[0]
    shown = shake.server.certificate
    assert shown is not None
    for names in (("*.example.com",), ("Edge.example.com",), ("10.1.2.3",)):
        odd = replace(shake, server=replace(shake.server, certificate=shown.moved(names=names)))
        assert alike(odd) == (odd, {})
