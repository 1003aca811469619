"""A handshake of the lab ends with the refusal that its verify callback met, and its alert."""

from dataclasses import replace

import pytest
from faults import FAULTS
from OpenSSL import SSL, crypto
from paths import LEAF, Shape, handshake_for, handshake_of, make, told
from test_engines import faulty

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.connections import Cause, EkuCheck, Handshake, Side, Verdict
from ekukit.connections.handshake import Talk
from ekukit.connections.rules import judge
from ekukit.lab import talk
from ekukit.lab.tape import Transcript
from ekukit.lab.tls import TLS_1_3, cause_at, run_tls, waived, words
from ekukit.lab.verification import verify

CLIENT, SERVER = Side.CLIENT, Side.SERVER
SOUND = faulty("uc-zone")
CODE = "1.3.6.1.5.5.7.3.3"

ENDS = [
    # The fault, whose certificate has it, the cause, OpenSSL's error and depth, the alert.
    ("expired", CLIENT, Cause.EXPIRED, 10, 0, 45), ("expired", SERVER, Cause.EXPIRED, 10, 0, 45),
    ("not-yet-valid", CLIENT, Cause.NOT_YET_VALID, 9, 0, 42),
    ("not-yet-valid", SERVER, Cause.NOT_YET_VALID, 9, 0, 42),
    ("wrong-name", CLIENT, Cause.NAME, 62, 0, 42), ("wrong-name", SERVER, Cause.NAME, 62, 0, 42),
    ("wrong-ca", CLIENT, Cause.UNTRUSTED, 20, 1, 48),
    ("wrong-ca", SERVER, Cause.UNTRUSTED, 20, 1, 48),
    ("serverauth-only", CLIENT, Cause.EKU, 26, 0, 43),
    ("serverauth-only-issuing-ca", CLIENT, Cause.CA_EKU, 26, 1, 43),
    ("foreign-eku", CLIENT, Cause.EKU, 26, 0, 43), ("foreign-eku", SERVER, Cause.EKU, 26, 0, 43),
    ("no-certificate", CLIENT, Cause.NO_CERTIFICATE, None, None, 40),
    ("no-certificate", SERVER, Cause.NO_CERTIFICATE, None, None, 40),
]  # fmt: skip


@pytest.mark.parametrize("row", ENDS, ids=lambda row: f"{row[0]} {row[1]}")
def test_a_fault_ends_with_its_error_and_alert(row: tuple[object, ...]) -> None:
    """As the refused end reads it."""
    name, side, *_ = row
    assert isinstance(side, Side)
    found = run_tls(FAULTS[str(name)](SOUND, side))
    assert (name, found.judged, found.cause, found.error, found.depth, found.alert) == row
    assert "alert" in found.text


@pytest.mark.parametrize("name", ["serverauth-only", "serverauth-only-issuing-ca",
                                  "issuing-ca-not-trusted"])  # fmt: skip
def test_what_is_no_fault_of_a_server_comes_up(name: str) -> None:
    """A server needs no clientAuth, and sends its chain."""
    assert run_tls(FAULTS[name](SOUND, SERVER)) == Verdict(Cause.ACCEPTED)


def test_both_versions_end_alike() -> None:
    """TLS 1.3 tells the client of its refusal only when it reads on."""
    for name in ("expired", "serverauth-only"):
        found = run_tls(FAULTS[name](SOUND, CLIENT), version=TLS_1_3)
        older = run_tls(FAULTS[name](SOUND, CLIENT))
        assert (found.cause, found.error, found.alert) == (older.cause, older.error, older.alert)
        assert found.text != ""
    assert run_tls(SOUND, version=TLS_1_3).accepted


def test_each_version_is_the_only_one_that_is_spoken() -> None:
    """Secrets and flights are kept, the first flight is the client's."""
    tapes = [Transcript(), Transcript()]
    run_tls(SOUND, tapes[0])
    run_tls(SOUND, tapes[1], version=TLS_1_3)
    assert [tape.flights[0][0] for tape in tapes] == [CLIENT, CLIENT]
    assert tapes[0].secrets != []
    assert all(line.startswith(b"CLIENT_RANDOM ") for line in tapes[0].secrets)
    assert not any(line.startswith(b"CLIENT_RANDOM ") for line in tapes[1].secrets)
    assert b"core.example.com" not in tapes[0].flights[0][1]
    assert b"edge.example.com" in tapes[0].flights[0][1]


WAIVED = [
    (EkuCheck.CLIENT_AUTH, (SERVER_AUTH,), False), (EkuCheck.BYPASSED, (SERVER_AUTH,), True),
    (EkuCheck.BYPASSED, (CODE,), False), (EkuCheck.BYPASSED, (CODE, CLIENT_AUTH), True),
    (EkuCheck.IGNORED, (CODE,), True), (EkuCheck.BY_STACK, (CODE,), True),
    (EkuCheck.NOT_ASKED, (CODE,), True), (EkuCheck.CLIENT_AUTH, None, True),
]  # fmt: skip


@pytest.mark.parametrize(("check", "ekus", "passes"), WAIVED)
def test_a_purpose_is_passed_over_where_the_server_looks_at_none(
    check: EkuCheck, ekus: tuple[str, ...] | None, *, passes: bool
) -> None:
    """In Off where one of the two usages is there (E4); a client's own demand is another."""
    shown = SOUND.client.certificate
    assert shown is not None
    client = replace(SOUND.client, certificate=shown.moved(ekus=ekus))
    asked = replace(SOUND, client=client, eku_check=check)
    assert run_tls(asked).accepted is passes
    bad = FAULTS["foreign-eku"](replace(SOUND, eku_check=EkuCheck.IGNORED), SERVER)
    assert run_tls(bad).cause is Cause.EKU
    assert run_tls(replace(bad, server_check=EkuCheck.IGNORED)).accepted


def test_no_mode_passes_over_anything_else() -> None:
    """An expired certificate is refused whatever is said of EKUs; where none is asked for not."""
    for check in (EkuCheck.BYPASSED, EkuCheck.IGNORED):
        bad = replace(FAULTS["expired"](SOUND, CLIENT), eku_check=check)
        assert run_tls(bad).cause is Cause.EXPIRED
    unasked = replace(FAULTS["expired"](SOUND, CLIENT), eku_check=EkuCheck.NOT_ASKED)
    assert run_tls(unasked).accepted
    none = replace(FAULTS["no-certificate"](SOUND, CLIENT), eku_check=EkuCheck.NOT_ASKED)
    assert run_tls(none).accepted


def test_the_server_is_judged_before_the_client() -> None:
    """Of two faults the server's is met first; of one path the upper one."""
    both = FAULTS["expired"](FAULTS["wrong-name"](SOUND, SERVER), CLIENT)
    found = run_tls(both)
    assert (found.judged, found.cause) == (SERVER, Cause.NAME)
    two = FAULTS["expired"](FAULTS["serverauth-only"](SOUND, CLIENT), CLIENT)
    assert run_tls(two).cause is Cause.EKU


def test_a_person_takes_an_untrusted_server_and_nothing_else() -> None:
    """Nor does anybody take an untrusted client (N12)."""

    def prompting(asked: Handshake) -> Handshake:
        return replace(asked, client=replace(asked.client, prompts=True))

    stranger = FAULTS["wrong-ca"](SOUND, SERVER)
    assert run_tls(stranger).cause is Cause.UNTRUSTED
    assert run_tls(prompting(stranger)) == Verdict(Cause.ACCEPTED, prompted=True)
    assert run_tls(prompting(SOUND)) == Verdict(Cause.ACCEPTED)
    named = run_tls(prompting(FAULTS["wrong-name"](SOUND, SERVER)))
    assert (named.cause, named.prompted) == (Cause.NAME, False)
    assert run_tls(prompting(FAULTS["wrong-ca"](SOUND, CLIENT))).cause is Cause.UNTRUSTED


def test_a_chain_is_sent_where_it_was_uploaded() -> None:
    """Else it is completed from the sender's own list; its root comes along where that is so."""
    bare = FAULTS["issuing-ca-not-trusted"](SOUND, CLIENT)
    shown = bare.client.certificate
    assert shown is not None
    own = replace(bare.client, sends_chain=False)
    assert run_tls(replace(bare, client=own)).accepted
    lone = replace(own, trusted=own.trusted - {shown.chain[0]})
    assert told(run_tls(replace(bare, client=lone))) == (20, 0)
    stranger = replace(bare, server=replace(bare.server, trusted=frozenset()))
    rooted = replace(stranger, client=replace(stranger.client, sends_root=True))
    assert [told(run_tls(asked)) for asked in (stranger, rooted)] == [(20, 1), (19, 2)]


BOTH = (SERVER_AUTH, CLIENT_AUTH)
USES = [
    # Who judges, the usages of the key and of the leaf, the cause of an error of purpose.
    (SERVER, ("digitalSignature",), BOTH, Cause.NETSCAPE_TYPE),
    (SERVER, ("keyAgreement",), BOTH, Cause.NETSCAPE_TYPE),
    (SERVER, ("keyEncipherment",), BOTH, Cause.KEY_USAGE),
    (CLIENT, ("digitalSignature",), BOTH, Cause.NETSCAPE_TYPE),
    (CLIENT, ("keyAgreement",), BOTH, Cause.NETSCAPE_TYPE),
    (CLIENT, ("keyEncipherment",), BOTH, Cause.NETSCAPE_TYPE),
    (CLIENT, ("nonRepudiation",), BOTH, Cause.KEY_USAGE),
    (SERVER, None, BOTH, Cause.NETSCAPE_TYPE), (SERVER, None, None, Cause.NETSCAPE_TYPE),
    (SERVER, None, (SERVER_AUTH,), Cause.EKU), (CLIENT, None, (SERVER_AUTH,), Cause.NETSCAPE_TYPE),
    (CLIENT, None, (CLIENT_AUTH,), Cause.EKU),
]  # fmt: skip


def shown_as(usage: tuple[str, ...] | None, ekus: tuple[str, ...] | None) -> crypto.X509:
    """Return a leaf with these usages, as OpenSSL has it."""
    leaf = make(Shape(leaf=replace(LEAF, usage=usage, ekus=ekus)))[0]
    return crypto.X509.from_cryptography(leaf)


@pytest.mark.parametrize(("judge_", "usage", "ekus", "cause"), USES)
def test_what_an_error_of_purpose_is_about(
    judge_: Side, usage: tuple[str, ...] | None, ekus: tuple[str, ...] | None, cause: Cause
) -> None:
    """The EKU first, then the key usage, each by who judges (E14)."""
    assert cause_at(26, 0, shown_as(usage, ekus), judge_) is cause


OFF = [((SERVER_AUTH,), True), ((CLIENT_AUTH,), True), (None, True), ((CODE,), False)]


@pytest.mark.parametrize(("ekus", "passes"), OFF)
def test_off_passes_over_a_purpose_of_either_usage_or_of_none(
    ekus: tuple[str, ...] | None, *, passes: bool
) -> None:
    """As E4 reads it."""
    assert waived(EkuCheck.BYPASSED, shown_as(None, ekus)) is passes
    assert not waived(EkuCheck.CLIENT_AUTH, shown_as(None, ekus))


def test_what_ends_for_another_reason_is_told_in_the_librarys_words() -> None:
    """A server whose key may not sign has no cipher of TLS 1.2."""
    path = make(Shape(leaf=replace(LEAF, usage=("keyAgreement",))))
    found = run_tls(handshake_for(path, SERVER))
    assert (found.cause, found.judged, found.error) == (Cause.OTHER, None, None)
    assert found.text != ""


def test_the_client_looks_whatever_the_server_asks_for() -> None:
    """And says a name where it expects none."""
    unasked = replace(FAULTS["wrong-name"](SOUND, SERVER), eku_check=EkuCheck.NOT_ASKED)
    assert run_tls(unasked).cause is Cause.NAME
    tape = Transcript()
    run_tls(replace(SOUND, client=replace(SOUND.client, expects_name="")), tape)
    assert b"\x00\x06server" in tape.flights[0][1]


def test_no_name_is_looked_for_where_none_is_expected() -> None:
    """Case does not count; a wildcard and a name that is none match nothing (T5)."""
    bad = FAULTS["wrong-name"](SOUND, CLIENT)

    def expecting(asked: Handshake, name: str) -> Verdict:
        return run_tls(replace(asked, server=replace(asked.server, expects_name=name)))

    assert expecting(bad, "").accepted
    assert expecting(bad, "OTHER.example.com").accepted
    wild = handshake_of(("leaf with a wildcard",), CLIENT)
    assert run_tls(wild).cause is Cause.NAME


ODD = [
    "*.example.com", "core.example.com ", " core.example.com", "core .example.com",
    "core..example.com", f"{'a' * 64}.example.com", "ö" * 80, "10.106.80.16", "a\x00b",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_a_name_that_is_none_is_looked_for_all_the_same(name: str) -> None:
    """OpenSSL takes no such name, which is no reason to look for none: rules, path, handshake."""
    asked = replace(SOUND, server=replace(SOUND.server, expects_name=name))
    for found in (judge(asked), run_tls(asked), verify(asked)):
        assert (found.cause, found.judged, found.error, found.alert) == (Cause.NAME, CLIENT, 62, 42)


def test_a_certificate_that_bears_such_a_name_letter_for_letter_has_it() -> None:
    """As OpenSSL compared it before; case and a last dot do not count."""
    shown = SOUND.client.certificate
    assert shown is not None
    client = replace(SOUND.client, certificate=shown.moved(names=("*.Example.com",)))
    for name in ("*.example.com", "*.example.COM."):
        server = replace(SOUND.server, expects_name=name)
        asked = replace(SOUND, client=client, server=server)
        assert [f(asked).accepted for f in (judge, run_tls, verify)] == [True] * 3
    none = replace(SOUND, server=replace(SOUND.server, expects_name="*.a"),
                   client=replace(SOUND.client, certificate=None))  # fmt: skip
    assert run_tls(none).cause is Cause.NO_CERTIFICATE


def test_a_connection_without_its_answer_is_not_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something is said over it; else both ends completed it."""
    monkeypatch.setattr(talk, "answered", lambda *_: False)
    found = run_tls(SOUND)
    assert (found.cause, found.text) == (Cause.OTHER, "no answer over the established connection")
    monkeypatch.undo()
    assert run_tls(replace(SOUND, talk=Talk.NONE)).accepted
    assert [run_tls(replace(SOUND, talk=one)).accepted for one in talk.DIALOGS] == [True] * 4


@pytest.mark.parametrize("kind", talk.DIALOGS)
def test_only_the_right_answer_counts(kind: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says something else gives no service."""
    dialog = replace(talk.DIALOGS[kind], answer=lambda _request: b"503")
    monkeypatch.setitem(talk.DIALOGS, kind, dialog)
    assert run_tls(replace(SOUND, talk=kind)).cause is Cause.OTHER


def test_words_of_an_error_are_the_librarys() -> None:
    """Each part's last one; without parts its own text."""
    assert words(SSL.Error([("lib", "func", "one"), ("lib", "func", "two")])) == "one; two"
    assert words(SSL.Error()) == ""
    assert words(SSL.Error("plain")) == "plain"
