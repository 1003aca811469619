"""A tunnel of the lab ends with what AsyncSSH and OpenSSL refuse, each end's leaf sent alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from faults import CODE_SIGNING, FAULTS
from paths import handshake_of
from test_engines import faulty

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, utc
from ekukit.connections import Cause, Handshake, Side, Verdict, connection, handshakes
from ekukit.connections.rules import judge
from ekukit.errors import InputError
from ekukit.expressway import build, condition
from ekukit.lab import ssh
from ekukit.lab.ssh import run_ssh
from ekukit.lab.tape import Transcript

CLIENT, SERVER = Side.CLIENT, Side.SERVER
SOUND = faulty("ssh-tunnel")
DENIED = "Permission denied"

ENDS = [
    # The fault, whose certificate has it, the cause, OpenSSL's error and depth.
    ("expired", CLIENT, Cause.EXPIRED, 10, 0), ("expired", SERVER, Cause.EXPIRED, 10, 0),
    ("not-yet-valid", CLIENT, Cause.NOT_YET_VALID, 9, 0),
    ("not-yet-valid", SERVER, Cause.NOT_YET_VALID, 9, 0),
    ("wrong-name", CLIENT, Cause.NAME, 62, 0), ("wrong-name", SERVER, Cause.NAME, 62, 0),
    ("wrong-ca", CLIENT, Cause.UNTRUSTED, 20, 0), ("wrong-ca", SERVER, Cause.UNTRUSTED, 20, 0),
    ("issuing-ca-not-trusted", CLIENT, Cause.UNTRUSTED, 20, 0),
    ("issuing-ca-not-trusted", SERVER, Cause.UNTRUSTED, 20, 0),
    ("serverauth-only", CLIENT, Cause.EKU, 26, 0),
    ("serverauth-only-issuing-ca", CLIENT, Cause.CA_EKU, 26, 1),
    ("foreign-eku", CLIENT, Cause.EKU, 26, 0), ("foreign-eku", SERVER, Cause.EKU, 26, 0),
    ("no-certificate", CLIENT, Cause.NO_CERTIFICATE, None, None),
    ("no-certificate", SERVER, Cause.NO_CERTIFICATE, None, None),
]  # fmt: skip


@pytest.mark.parametrize("row", ENDS, ids=lambda row: f"{row[0]} {row[1]}")
def test_a_fault_ends_a_tunnel_with_its_error(row: tuple[object, ...]) -> None:
    """What a client shows is denied; its issuing CA has to be in the acceptor's list (E11)."""
    name, side, *_ = row
    assert isinstance(side, Side)
    found = run_ssh(FAULTS[str(name)](SOUND, side))
    assert (name, found.judged, found.cause, found.error, found.depth) == row
    assert (DENIED in found.text) is (side is CLIENT)
    assert found.text != ""
    assert (found.alert, found.engine) == (None, None)


def test_a_sound_tunnel_carries_bytes() -> None:
    """Into the transcript of both ends as well."""
    tape = Transcript()
    assert run_ssh(SOUND, tape) == Verdict(Cause.ACCEPTED)
    assert tape.flights[0][1].startswith(b"SSH-2.0-")
    assert {side for side, _ in tape.flights} == {CLIENT, SERVER}


@pytest.mark.parametrize("name", ["serverauth-only", "serverauth-only-issuing-ca"])
def test_a_host_certificate_needs_no_clientauth(name: str) -> None:
    """Core checks it for serverAuth."""
    assert run_ssh(FAULTS[name](SOUND, SERVER)).accepted


def test_a_host_certificate_is_judged_with_its_chain() -> None:
    """AsyncSSH looks at the leaf alone, so OpenSSL's word on the chain ends the tunnel (E12)."""
    shown, client = SOUND.server.certificate, SOUND.client
    assert shown is not None
    issuing, *above = shown.chain
    limited = replace(issuing, ekus=(CLIENT_AUTH,))
    trusted = frozenset(limited if ca == issuing else ca for ca in client.trusted)
    server = replace(SOUND.server, certificate=shown.moved(chain=(limited, *above)))
    found = run_ssh(replace(SOUND, client=replace(client, trusted=trusted), server=server))
    assert (found.judged, found.cause, found.error, found.depth) == (SERVER, Cause.CA_EKU, 26, 1)
    assert found.text == "the host certificate's chain is refused (E12)"


EKUS = [((SERVER_AUTH, CLIENT_AUTH), True), ((CLIENT_AUTH,), True), (None, True),
        ((SERVER_AUTH,), False), (("2.5.29.37.0",), False), ((CODE_SIGNING,), False)]  # fmt: skip


@pytest.mark.parametrize(("ekus", "passes"), EKUS)
def test_a_client_needs_clientauth_or_no_eku(ekus: tuple[str, ...] | None, *, passes: bool) -> None:
    """As E13 has it, whatever the mode says of SIP."""
    shown = SOUND.client.certificate
    assert shown is not None
    client = replace(SOUND.client, certificate=shown.moved(ekus=ekus))
    assert run_ssh(replace(SOUND, client=client)).accepted is passes


def test_the_host_is_judged_before_the_client() -> None:
    """Of two faults the host's is told."""
    both = FAULTS["expired"](FAULTS["wrong-name"](SOUND, SERVER), CLIENT)
    found = run_ssh(both)
    assert (found.judged, found.cause) == (SERVER, Cause.NAME)
    none = FAULTS["no-certificate"](FAULTS["expired"](SOUND, SERVER), CLIENT)
    assert run_ssh(none).cause is Cause.EXPIRED


def test_no_name_is_looked_for_where_none_is_expected() -> None:
    """At either end, as the rules have it."""
    for side in (CLIENT, SERVER):
        bad = FAULTS["wrong-name"](SOUND, side)
        if side is CLIENT:
            asked = replace(bad, server=replace(bad.server, expects_name=""))
        else:
            asked = replace(bad, client=replace(bad.client, expects_name=""))
        assert (run_ssh(asked).accepted, judge(asked).accepted) == (True, True)


def test_time_is_that_of_the_handshake() -> None:
    """To half a minute, on either side of the clock on the wall."""
    shown = SOUND.client.certificate
    assert shown is not None
    for seconds, accepted in ((120, True), (-120, False)):
        ends = SOUND.at + timedelta(seconds=seconds)
        client = replace(SOUND.client, certificate=shown.moved(not_after=ends))
        found = run_ssh(replace(SOUND, client=client))
        assert (found.accepted, found.cause is Cause.EXPIRED) == (accepted, not accepted)
    later = replace(SOUND, at=utc("2026-08-01"))
    host = SOUND.server.certificate
    assert host is not None
    late = replace(SOUND.server, certificate=host.moved(not_after=utc("2026-07-15")))
    assert run_ssh(replace(SOUND, server=late)).accepted
    assert run_ssh(replace(later, server=late)).cause is Cause.EXPIRED


@pytest.mark.parametrize("side", Side)
def test_a_shift_of_time_is_kept_for_half_a_minute(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that stand-ins are made once; then it is counted anew."""
    del side
    clock = [1000.0]
    monkeypatch.setattr(ssh.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(ssh, "_shifts", {})
    first = ssh._shift(SOUND.at)
    assert ssh._shift(SOUND.at) is first
    clock[0] += 30
    assert ssh._shift(SOUND.at) is first
    clock[0] += 1
    assert ssh._shift(SOUND.at) is not first
    other = ssh._shift(SOUND.at + timedelta(days=1))
    assert round((first - other) / timedelta(days=1)) == 1


DAMAGED = [("client", "leaf"), ("client", "chain"), ("client", "list"), ("server", "leaf"),
           ("server", "chain"), ("server", "list")]  # fmt: skip


@pytest.mark.parametrize(("which", "place"), DAMAGED)
def test_a_certificate_that_asyncssh_cannot_read_is_told(which: str, place: str) -> None:
    """Before anything runs: its own, one above it, or one in a list."""
    end = getattr(SOUND, which)
    odd = ("1.2.3.4", "1.2.3.5")
    shown = end.certificate
    if place == "leaf":
        broken = replace(end, certificate=replace(
            shown, limits=replace(shown.limits, unreadable=odd)))  # fmt: skip
    elif place == "chain":
        issuing, *above = shown.chain
        limited = replace(issuing, limits=replace(issuing.limits, unreadable=odd))
        broken = replace(end, certificate=replace(shown, chain=(limited, *above)))
    else:
        one, *others = end.trusted
        limited = replace(one, limits=replace(one.limits, unreadable=odd))
        broken = replace(end, trusted=frozenset((limited, *others)))
    with pytest.raises(InputError, match=r"no certificate with the extension 1\.2\.3\.4 empty"):
        run_ssh(replace(SOUND, **{which: broken}))


def test_what_asyncssh_takes_and_openssl_refuses_is_no_tunnel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Told as what differs, so that it is seen."""
    monkeypatch.setattr(ssh, "_ASYNCSSH_REFUSES", (*ssh._ASYNCSSH_REFUSES, Cause.NAME))
    found = run_ssh(FAULTS["wrong-name"](SOUND, CLIENT))
    assert (found.cause, found.judged) == (Cause.OTHER, None)
    assert found.text == "AsyncSSH accepted what OpenSSL refuses: error 62"


def test_a_tunnel_that_does_not_carry_what_was_sent_is_not_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever was accepted."""

    async def other(reader: object, writer: object) -> None:
        await reader.read()  # type: ignore[attr-defined]
        writer.write(b"something else")  # type: ignore[attr-defined]
        writer.write_eof()  # type: ignore[attr-defined]

    monkeypatch.setattr(ssh, "_echo", other)
    found = run_ssh(SOUND)
    assert (found.cause, found.text) == (Cause.OTHER, "the tunnel did not carry what was sent")


def test_what_goes_wrong_elsewhere_reaches_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is raised there, as it was."""

    def broken(_handshake: Handshake, _side: Side) -> None:
        raise RuntimeError(_side)

    monkeypatch.setattr(ssh, "_look", broken)
    with pytest.raises(RuntimeError, match=r"server|client"):
        run_ssh(SOUND)


def test_an_error_of_the_calling_end_is_not_hidden_by_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which still waits for it, and is stopped."""

    def broken(*_words: object, **_options: object) -> None:
        raise RuntimeError(_words[0])

    monkeypatch.setattr(ssh.asyncssh, "connect", broken)
    with pytest.raises(RuntimeError, match=SOUND.client.expects_name):
        run_ssh(SOUND)


LEFT = [("expired", True), ("not-yet-valid", True), ("serverauth-only", True), ("wrong-ca", True),
        ("wrong-name", False), ("serverauth-only-issuing-ca", False)]  # fmt: skip


@pytest.mark.parametrize(("name", "left"), LEFT)
def test_asyncssh_decides_what_it_can_see(
    name: str, monkeypatch: pytest.MonkeyPatch, *, left: bool
) -> None:
    """Usages, dates and issuer of a leaf; a name and the path above are refused beside it."""
    answers: list[object] = []
    own = ssh._Authorizer.validate_x509

    def noted(self: ssh._Authorizer, *asked: object) -> object:
        answers.append(own(self, *asked)[0])
        return answers[-1], None

    monkeypatch.setattr(ssh._Authorizer, "validate_x509", noted)
    assert not run_ssh(FAULTS[name](SOUND, CLIENT)).accepted
    assert answers == [{"principals": True} if left else None]


def expired_ca(side: Side) -> Handshake:
    """Return a tunnel in which the issuing CA of one side expired an hour ago."""
    end, other = ("client", "server") if side is CLIENT else ("server", "client")
    shows, judges = getattr(SOUND, end), getattr(SOUND, other)
    issuing, *above = shows.certificate.chain
    old = replace(issuing, not_after=SOUND.at - timedelta(hours=1))
    trusted = frozenset(old if ca == issuing else ca for ca in judges.trusted)
    shown = replace(shows.certificate, chain=(old, *above))
    return replace(SOUND, **{
        end: replace(shows, certificate=shown), other: replace(judges, trusted=trusted)
    })  # fmt: skip


def test_an_issuing_ca_that_expired_is_refused_at_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By OpenSSL, whose word on what is above a leaf counts before AsyncSSH's."""
    assert run_ssh(expired_ca(CLIENT)).error == run_ssh(expired_ca(SERVER)).error == 10
    found = run_ssh(expired_ca(CLIENT))
    assert (found.cause, found.judged, found.depth) == (Cause.EXPIRED, CLIENT, 1)
    answers: list[object] = []
    own = ssh._Authorizer.validate_x509
    monkeypatch.setattr(
        ssh._Authorizer,
        "validate_x509",
        lambda self, *asked: answers.append(own(self, *asked)) or (None, None),
    )
    run_ssh(expired_ca(CLIENT))
    assert answers == [(None, None)]


def test_a_host_that_asyncssh_alone_refuses_is_no_fault_of_the_client(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Told as what differs, whatever the client shows."""
    bad = FAULTS["no-certificate"](FAULTS["wrong-ca"](SOUND, SERVER), CLIENT)
    monkeypatch.setattr(ssh, "_look", lambda *_: None)
    found = run_ssh(bad)
    assert (found.cause, found.judged) == (Cause.OTHER, None)


def test_a_host_of_another_name_is_refused_by_asyncssh() -> None:
    """It looks for the name that was called."""
    found = run_ssh(FAULTS["wrong-name"](SOUND, SERVER))
    assert "host principal mismatch" in found.text


@pytest.mark.parametrize("key", ["RSA-2048", "EC-secp256r1"])
def test_ends_with_other_keys_meet(key: str) -> None:
    """CAs of each list are made with the keys of the certificates that they issued."""
    found = build(condition("C3", key=key))
    asked = handshakes(found, connection("ssh-tunnel"))[0]
    assert run_ssh(asked).accepted


@pytest.mark.parametrize("side", Side)
def test_a_key_that_the_lab_does_not_make_is_told(side: Side) -> None:
    """Before anything runs."""
    with pytest.raises(InputError):
        run_ssh(handshake_of(("leaf RSA-1024",), side, "ssh-tunnel"))
