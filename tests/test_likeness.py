"""Handshakes that differ in names alone end the same, so that of a cluster's one is made."""

from dataclasses import replace

import pytest

from ekukit.connections.attempts import handshakes
from ekukit.connections.catalog import CATALOG, ROWS
from ekukit.connections.handshake import Cause, Handshake, Verdict
from ekukit.connections.likeness import alike, renamed_back
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


SHAKE = handshakes(clusters()[0], ROWS["uc-zone"])[0]


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
    shake = SHAKE
    shown = shake.server.certificate
    assert shown is not None
    for names in (("*.example.com",), ("Edge.example.com",), ("10.1.2.3",), (f"{'a' * 60}.com",)):
        odd = replace(shake, server=replace(shake.server, certificate=shown.moved(names=names)))
        assert alike(odd) == (odd, {})
    at_most = shown.moved(names=(f"{'a' * 59}.com",))
    assert alike(replace(shake, server=replace(shake.server, certificate=at_most)))[1] != {}


ODD_NAMES = ["*.example.com", "Core.example.com", "10.1.2.3", f"{'a' * 60}.com"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_where_the_look_of_the_expected_name_counts_nothing_is_renamed(name: str) -> None:
    """At either end; the longest name that may be a common name is an ordinary one."""
    for end in ("client", "server"):
        odd = replace(SHAKE, **{end: replace(getattr(SHAKE, end), expects_name=name)})
        assert alike(odd) == (odd, {})
        usual = replace(getattr(SHAKE, end), expects_name=f"{'a' * 59}.com")
        assert alike(replace(SHAKE, **{end: usual}))[1] != {}
        none = replace(SHAKE, **{end: replace(getattr(SHAKE, end), expects_name="")})
        assert alike(none)[1] != {}


CONSTRAINED = [("permitted", True), ("permitted", False), ("excluded", True), ("excluded", False)]


@pytest.mark.parametrize(("kind", "listed"), CONSTRAINED)
def test_where_a_ca_limits_names_nothing_is_renamed(kind: str, *, listed: bool) -> None:
    """One CA of the path that is sent, or one of the judge's list."""
    shown = SHAKE.client.certificate
    assert shown is not None
    issuing, *above = shown.chain
    limited = replace(issuing, limits=replace(issuing.limits, **{kind: ("example.com",)}))
    if listed:
        trusted = frozenset((*SHAKE.server.trusted, limited))
        odd = replace(SHAKE, server=replace(SHAKE.server, trusted=trusted))
    else:
        sent = replace(shown, chain=(limited, *above))
        odd = replace(SHAKE, client=replace(SHAKE.client, certificate=sent))
    assert alike(odd) == (odd, {})


def test_real_bytes_and_a_name_that_stands_twice_are_left_as_they_are() -> None:
    """A stand-in with another name would not be what was read."""
    shown = SHAKE.client.certificate
    assert shown is not None
    real = replace(shown, der=b"bytes")
    twice = shown.moved(subject=f"{shown.subject},O={shown.subject}")
    for odd in (real, twice):
        shake = replace(SHAKE, client=replace(SHAKE.client, certificate=odd))
        assert alike(shake) == (shake, {})


def test_names_are_replaced_in_order_and_the_rest_is_one_for_all() -> None:
    """Each name by one of its own wherever it stands, addresses and serial numbers by one."""
    made, called = alike(SHAKE)
    shown, before = made.client.certificate, SHAKE.client.certificate
    assert shown is not None
    assert before is not None
    assert list(called.values()) == [f"host{n}.example.com" for n in range(1, len(called) + 1)]
    assert shown.names == tuple(called[name] for name in before.names)
    assert (shown.serial, made.client.address, made.server.address) == (
        1, "198.18.0.1", "198.18.0.2")  # fmt: skip
    assert made.server.expects_name == called[SHAKE.server.expects_name]
    assert "" not in called


def test_a_verdict_has_the_names_back_in_its_text() -> None:
    """A host that nobody replaced keeps its name."""
    found = Verdict(Cause.NAME, text="host1.example.com and host7.example.com")
    told = renamed_back(found, {"core.example.net": "host1.example.com"})
    assert told.text == "core.example.net and host7.example.com"
    assert renamed_back(found, {}) == found
    silent = Verdict(Cause.ACCEPTED)
    assert renamed_back(silent, {"core.example.net": "host1.example.com"}) == silent
