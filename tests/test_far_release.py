"""Releases of CUBE and CUCM as far ends: whether they check follows from release and setting."""

import json
from dataclasses import replace

import pytest

from ekukit.certificates import EkuProfile
from ekukit.cli.main import main
from ekukit.connections import Outcome, State, predict
from ekukit.errors import InputError
from ekukit.expressway import Choices, FarEndKind, Knowledge, Slot, build, condition
from ekukit.expressway.farend import FarRelease
from ekukit.expressway.farrelease import FAR_RELEASES, far_release, far_releases
from ekukit.facts import Status, ledger
from ekukit.lab import run
from ekukit.views.panels.controls import Controls

KEY = "EC-secp256r1"
SERVER = Slot("internal", EkuProfile.SERVER)
BOTH = Slot("internal", EkuProfile.BOTH)
# The connection that each far end answers, so that its release decides.
ANSWERS = {FarEndKind.NEIGHBOR: "neighbor-out", FarEndKind.CUCM: "cucm-tftp"}
STATES = {
    Knowledge.YES: State.FAILED,
    Knowledge.NO: State.ACTIVE,
    Knowledge.UNKNOWN: State.UNKNOWN,
}


def with_release(row: FarRelease, name: str = "C2", **changes: object) -> Choices:
    """Return a condition in which a far end has this release."""
    choices = condition(name, key=KEY)
    return choices.with_far_end(row.kind, release=row.name, **changes)


def outcome(choices: Choices, name: str) -> Outcome:
    """Return a connection's outcome by rules."""
    return next(found for found in predict(build(choices)) if found.connection == name)


@pytest.mark.parametrize("row", FAR_RELEASES, ids=lambda row: row.name)
def test_the_state_follows_from_release_and_setting(row: FarRelease) -> None:
    """A serverAuth-only client fails where the release checks, and the facts say why."""
    found = outcome(with_release(row), ANSWERS[row.kind])
    assert found.state is STATES[row.checks]
    assert set(row.facts) <= set(found.facts)
    assert set(row.facts) <= set(ledger())


@pytest.mark.parametrize("row", FAR_RELEASES, ids=lambda row: row.name)
def test_handshakes_say_the_same_of_every_release(row: FarRelease) -> None:
    """Both engines come to one state for each connection of this far end."""
    deployment = build(with_release(row))
    states = {found.connection: found.state for found in predict(deployment)}
    assert {found.connection: found.state for found in run(deployment)} == states


@pytest.mark.parametrize(
    ("name", "checks", "facts"),
    [
        ("cube", Knowledge.NO, ("F3",)),
        ("cube-match-eku", Knowledge.YES, ("F3",)),
        ("cube-cc-mode", Knowledge.YES, ("F3",)),
        ("cube-26.1.1", Knowledge.UNKNOWN, ("F3",)),
        ("before-15su5", Knowledge.YES, ("F4", "F4-check")),
        ("15su5", Knowledge.YES, ("F4", "F4-check")),
        ("15su5-ignoring", Knowledge.NO, ("F4",)),
    ],
)
def test_what_the_notices_say_of_each_release(
    name: str, checks: Knowledge, facts: tuple[str, ...]
) -> None:
    """F3 and F4, row by row."""
    row = next(row for row in FAR_RELEASES if row.name == name)
    assert (row.checks, row.facts) == (checks, facts)


def test_a_documented_check_is_no_setting_of_the_kit() -> None:
    """With the release said, a refusal by CUBE rests on its notice and not on F1."""
    unsaid = outcome(condition("C2", key=KEY), "neighbor-out")
    said = outcome(with_release(FAR_RELEASES[1]), "neighbor-out")
    assert ("F1" in unsaid.facts, unsaid.basis) == (True, Status.ASSUMED)
    assert ("F1" in said.facts, said.basis) == (False, Status.DOCUMENTED)
    assert "match eku client-auth" in said.reason + said.check


def test_cucm_presents_one_certificate_in_both_roles_before_15su5() -> None:
    """F4: with serverAuth only in it, Core refuses what CUCM opens; a client store mends that."""
    rows = {row.name: row for row in far_releases(FarEndKind.CUCM)}
    before = with_release(rows["before-15su5"], "C3", presents=SERVER)
    after = with_release(rows["15su5"], "C3", presents=SERVER, presents_client=BOTH)
    assert outcome(before, "cucm-line-in").code == "cucm-line-in.client-eku-missing"
    assert outcome(after, "cucm-line-in").state is State.ACTIVE
    assert "F4" in outcome(after, "cucm-line-in").facts
    for choices in (before, after):
        presented = outcome(choices, "cucm-tftp").presented_by_server
        assert presented is not None
        assert presented.ekus == SERVER.eku.ekus


def test_a_client_certificate_needs_a_release_that_has_a_store_for_it() -> None:
    """Anything else is refused, with the releases that do."""
    choices = condition("C3", key=KEY).with_far_end(FarEndKind.CUCM, presents_client=BOTH)
    with pytest.raises(InputError, match=r"needs a release with a client store .*15su5"):
        build(choices)


def test_a_release_of_another_far_end_is_refused() -> None:
    """The message lists what this one has."""
    assert far_release(FarEndKind.CUCM, "") is None
    with pytest.raises(InputError, match="cucm has no release 'cube'; known are: before-15su5"):
        far_release(FarEndKind.CUCM, "cube")
    with pytest.raises(InputError, match="webex has no release 'cube'; known are: none"):
        build(condition("C3", key=KEY).with_far_end(FarEndKind.WEBEX, release="cube"))


@pytest.mark.parametrize(
    ("words", "name", "state"),
    [
        (["--neighbor-release", "cube"], "neighbor-out", "Active"),
        (["--neighbor-release", "cube-match-eku"], "neighbor-out", "Failed"),
        (["--neighbor-release", "cube-26.1.1"], "neighbor-out", "Unknown"),
        (["--cucm-release", "15su5-ignoring"], "cucm-tftp", "Active"),
        (["--cucm-release", "15su5", "--cucm-eku", "server", "--cucm-client-eku", "both"],
         "cucm-line-in", "Active"),
        (["--cucm-release", "before-15su5", "--cucm-eku", "server"], "cucm-line-in", "Failed"),
    ],
)  # fmt: skip
def test_the_shell_reaches_releases(
    words: list[str], name: str, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option for each far end that has releases; JSON names the one that was chosen."""
    assert main(["simulate", "C2", "--engine", "rules", "--json", *words]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {o["state"] for o in found["outcomes"] if o["connection"] == name} == {state}
    titles = {far["release"] for far in found["deployment"]["far_ends"]} - {None}
    assert titles == {row.title for row in FAR_RELEASES if row.name == words[1]}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--neighbor-release", "cube", "--neighbor-checks", "yes"], "give one of them"),
        (["--cucm-client-eku", "both"], "client store"),
    ],
)
def test_options_that_contradict_a_release_are_refused(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what to leave out."""
    assert main(["simulate", "C2", "--engine", "rules", *words]) == 2
    assert told in capsys.readouterr().err


def test_the_explorer_s_controls_set_a_release_and_show_what_follows() -> None:
    """Whether it checks is then shown and cannot be set; without a release it can again."""
    controls = Controls(condition("C2", key=KEY), lambda: None, far_ends=True)
    neighbor = next(c for c in controls.far_ends if c.kind is FarEndKind.NEIGHBOR)
    neighbor.release.value = "cube"
    assert (neighbor.checks.value, neighbor.checks.disabled) == (Knowledge.NO, True)
    assert outcome(controls.choices, "neighbor-out").state is State.ACTIVE
    controls.set(condition("C2", key=KEY))
    assert (neighbor.release.value, neighbor.checks.disabled) == ("", False)
    assert controls.choices == condition("C2", key=KEY)
    told = with_release(FAR_RELEASES[1])
    controls.set(told)
    assert build(controls.choices) == build(told)
    assert replace(controls.choices, far=()) == replace(told, far=())
