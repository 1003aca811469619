"""Releases of nodes and far ends: what an upgrade does, and what a far end's release checks."""

from dataclasses import replace

import pytest

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.errors import InputError
from ekukit.expressway import Expressway, Release, build, condition
from ekukit.expressway.farkinds import FarEndKind, Knowledge
from ekukit.expressway.farrelease import FAR_RELEASES, far_release, far_releases
from ekukit.expressway.node import Mode, Store
from ekukit.expressway.upgrade import upgrade

X14_3, X15_4, X15_5 = Release
NODE = replace(build(condition("C2")).core[0], release=X15_4, eku_checking=Mode.OFF)
HELD = NODE.server.certificate
assert HELD is not None


def holding(ekus: tuple[str, ...] | None) -> Expressway:
    """Return a node of X15.4 whose certificate has these usages."""
    assert HELD is not None
    return replace(NODE, server=replace(NODE.server, certificate=HELD.moved(ekus=ekus)))


def test_an_upgrade_to_x15_5_copies_the_server_store_and_sets_the_mode_on() -> None:
    """Whatever was in the client store (S4, E1)."""
    other = replace(NODE.client, certificate=HELD.moved(serial=1))
    for release in (X14_3, X15_4):
        found = upgrade(replace(NODE, release=release, client=other))
        assert found.node is not None
        assert (found.accepted, found.quoted, found.facts, found.menu) == (True, False, ("S4",), "")
        assert found.node.client == replace(NODE.server, kind=Store.CLIENT)
        assert (found.node.release, found.node.eku_checking) == (X15_5, Mode.ON)
        assert found.node.server == NODE.server
        assert found.reason.startswith("Server certificate and key are copied")


COPIES = [
    ((SERVER_AUTH,), "The copy lacks clientAuth"), ((SERVER_AUTH, CLIENT_AUTH), "The copy has"),
    (None, "The copy has clientAuth"), ((), "The copy lacks clientAuth"),
]  # fmt: skip


@pytest.mark.parametrize(("ekus", "breaks"), COPIES)
def test_what_breaks_at_an_upgrade_hangs_on_clientauth_of_the_copy(
    ekus: tuple[str, ...] | None, breaks: str
) -> None:
    """Between what is new and what the source advises."""
    first, told, last = upgrade(holding(ekus)).warnings
    assert first == "The EKU checking mode is new here, and On (E1)"
    assert told.startswith(breaks)
    assert last == "Upgrade Core and Edge to the same release (R7)"


def test_an_empty_store_is_copied_as_it_is() -> None:
    """Nothing breaks of it."""
    found = upgrade(replace(NODE, server=replace(NODE.server, certificate=None)))
    assert found.reason.startswith("The server store is empty")
    assert len(found.warnings) == 2
    assert found.node is not None
    assert found.node.client.certificate is None


def test_an_upgrade_below_x15_5_changes_the_release_alone() -> None:
    """There is one store before and after it (S1)."""
    found = upgrade(replace(NODE, release=X14_3), X15_4)
    assert found.node == NODE
    assert (found.facts, found.warnings) == (("S1",), ())
    assert found.reason.startswith("Up to X15.4 there is one store")


@pytest.mark.parametrize(("own", "to", "later"), [
    (X15_5, X15_5, "none"), (X15_5, X15_4, "none"), (X15_4, X15_4, "X15.5"),
    (X14_3, X14_3, "X15.4, X15.5"), (X15_4, X14_3, "X15.5"),
])  # fmt: skip
def test_a_node_is_upgraded_to_a_later_release_alone(own: Release, to: Release, later: str) -> None:
    """The error names those that there are."""
    with pytest.raises(InputError) as told:
        upgrade(replace(NODE, release=own), to)
    assert str(told.value) == (
        f"{NODE.fqdn} has {own}; it cannot be upgraded to {to}. Later ones: {later}")  # fmt: skip


NEIGHBOR, CUCM = FarEndKind.NEIGHBOR, FarEndKind.CUCM
YES, NO, UNKNOWN = Knowledge.YES, Knowledge.NO, Knowledge.UNKNOWN
FAR = [
    # Of which far end, its name, whether it checks, its facts, whether it has a client store.
    (NEIGHBOR, "cube", NO, ("F3",), False), (NEIGHBOR, "cube-match-eku", YES, ("F3",), False),
    (NEIGHBOR, "cube-cc-mode", YES, ("F3",), False),
    (NEIGHBOR, "cube-26.1.1", UNKNOWN, ("F3",), False),
    (CUCM, "before-15su5", YES, ("F4", "F4-check"), False),
    (CUCM, "15su5", YES, ("F4", "F4-check"), True), (CUCM, "15su5-ignoring", NO, ("F4",), True),
]  # fmt: skip


def test_a_far_ends_release_says_whether_it_checks() -> None:
    """As its field notice has it."""
    assert [(one.kind, one.name, one.checks, one.facts, one.has_client_store)
            for one in FAR_RELEASES] == FAR  # fmt: skip


def test_a_release_is_one_of_its_far_end() -> None:
    """Another name is answered with those that there are."""
    assert [one.name for one in far_releases(CUCM)] == ["before-15su5", "15su5", "15su5-ignoring"]
    assert far_releases(FarEndKind.WEBEX) == ()
    found = far_release(CUCM, "15su5")
    assert found is not None
    assert found.title == "CUCM 15SU5"
    assert far_release(CUCM, "") is None
    with pytest.raises(InputError, match=r"^cucm has no release 'cube'; known are: before-15su5, "):
        far_release(CUCM, "cube")
    with pytest.raises(InputError, match="did you mean 15su5"):
        far_release(CUCM, "15su55")
    with pytest.raises(InputError, match=r"^webex has no release 'cube'; known are: none$"):
        far_release(FarEndKind.WEBEX, "cube")
