"""A far end's TLS stack as a setting: if it is Go, then what Go did when it was tried."""

from dataclasses import replace
from itertools import product

import pytest

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, EkuProfile
from ekukit.cli.main import main
from ekukit.connections import Outcome, State, predict
from ekukit.errors import InputError
from ekukit.expressway import Choices, FarEndKind, Knowledge, Slot, build, condition
from ekukit.lab import run
from ekukit.stacks import KNOWN, published
from ekukit.views.panels.controls import Controls

KEY = "EC-secp256r1"
SLOTS = [Slot("internal", eku) for eku in EkuProfile] + [Slot("public", EkuProfile.SERVER)]
STATES = {True: State.ACTIVE, False: State.FAILED}


def with_stack(stack: str, name: str = "C2", kind: str = "neighbor", **changes: object) -> Choices:
    """Return a condition in which a far end runs this stack."""
    return condition(name, key=KEY).with_far_end(kind, stack=stack, **changes)


def outcome(choices: Choices, name: str) -> Outcome:
    """Return a connection's outcome by rules."""
    return next(found for found in predict(build(choices)) if found.connection == name)


@pytest.mark.parametrize("stack", KNOWN)
def test_the_state_is_what_the_stack_did_with_such_a_certificate(stack: str) -> None:
    """For every certificate that controls can give Core's client store, issuing CA included."""
    for slot in SLOTS:
        choices = condition("C3", key=KEY, core_client=slot).with_far_end("neighbor", stack=stack)
        shown = build(choices).core[0].client.certificate
        row = published(stack).takes_client(shown)
        found = outcome(choices, "neighbor-out")
        assert found.state is STATES[row.good], slot
        assert set(KNOWN[stack].facts) <= set(found.facts)
        assert "F1" not in found.facts


@pytest.mark.parametrize(("stack", "slot"), [*product(KNOWN, SLOTS)])
def test_handshakes_and_rules_agree_whatever_stack_a_far_end_has(stack: str, slot: Slot) -> None:
    """The far end's certificate and Core's change alike, so both ends are judged by the stack."""
    choices = condition("C3", key=KEY, core_client=slot, core_server=slot)
    deployment = build(choices.with_far_end("neighbor", stack=stack, presents=slot))
    rules = {found.connection: found.code for found in predict(deployment)}
    assert {found.connection: found.code for found in run(deployment)} == rules


def test_unknown_becomes_what_the_stack_does() -> None:
    """Webex is not known to check; were it Java it would refuse, were it GnuTLS it would not."""
    assert outcome(condition("C2", key=KEY), "webex").state is State.UNKNOWN
    found = outcome(with_stack("java", kind="webex"), "webex")
    assert found.state is State.FAILED
    assert "Java itself said: alert 46 (certificate unknown)" in " ".join(found.notes)
    found = outcome(with_stack("gnutls", kind="webex"), "webex")
    assert found.state is State.ACTIVE
    assert "Only Webex (GnuTLS)'s stack lets this certificate pass" in " ".join(found.notes)


def test_go_and_java_part_where_the_issuing_ca_is_limited_to_server_auth() -> None:
    """A leaf with both EKUs under a public CA of today: Go wants them in the whole path (L5)."""
    deployment = build(condition("C2", key=KEY))
    held = deployment.core[0].client.certificate
    both = replace(held, ekus=(SERVER_AUTH, CLIENT_AUTH)).moved()
    core = replace(deployment.core[0], client=replace(deployment.core[0].client, certificate=both))
    states = {}
    for stack in ("go", "java"):
        far = build(with_stack(stack)).far_ends
        changed = replace(deployment, core=(core,), far_ends=far)
        found = {one.connection: one.state for one in run(changed)}
        states[stack] = found["neighbor-out"]
    assert states == {"go": State.FAILED, "java": State.ACTIVE}


def test_nss_keeps_a_server_auth_certificate_back_and_the_cause_says_so() -> None:
    """As TLS client it sends nothing, so Core sees no certificate (L7)."""
    server = Slot("internal", EkuProfile.SERVER)
    choices = with_stack("nss", "C3", presents=server)
    found = outcome(choices, "neighbor-in")
    assert (found.state, found.code) == (State.FAILED, "neighbor-in.client-no-certificate")
    assert "its stack does not send it" in found.reason
    assert "L7" in found.facts
    assert found.basis == "inferred"
    asked = with_stack("go", "C3", presents=server)
    assert outcome(asked, "neighbor-in").code == "neighbor-in.client-eku-missing"


@pytest.mark.parametrize("other", ["release:cube", "checks:no"])
def test_a_stack_beside_release_or_checks_is_refused(
    other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each says what is checked; one line says which two were given."""
    words = ["simulate", "C2", "--engine", "rules", "--far", f"neighbor=stack:go,{other}"]
    assert main(words) == 2
    assert "give one of them" in capsys.readouterr().err
    with pytest.raises(InputError, match="give one"):
        build(with_stack("go", release="cube"))


def test_a_stack_that_was_not_tried_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest one is offered."""
    assert main(["simulate", "C2", "--far", "neighbor=stack:jva"]) == 2
    assert "did you mean java" in capsys.readouterr().err


def test_the_explorer_s_controls_set_a_stack_or_a_release() -> None:
    """The one that is set last counts; with either, whether it checks cannot be set."""
    controls = Controls(condition("C2", key=KEY), lambda: None, far_ends=True)
    neighbor = next(c for c in controls.far_ends if c.kind is FarEndKind.NEIGHBOR)
    neighbor.release.value = "cube"
    neighbor.stack.value = "java"
    assert (neighbor.release.value, neighbor.checks.disabled) == ("", True)
    assert outcome(controls.choices, "neighbor-out").state is State.FAILED
    neighbor.release.value = "cube"
    assert (neighbor.stack.value, neighbor.checks.value) == ("", Knowledge.NO)
    told = with_stack("nss")
    controls.set(told)
    assert build(controls.choices) == build(told)
