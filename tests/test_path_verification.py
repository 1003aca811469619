"""What OpenSSL's path verification tells of a handshake: both ends, each refusal, what is sent."""

import re
from dataclasses import replace

import pytest
from OpenSSL import SSL
from paths import AT, CODE, ISSUER, LEAF, NAME, Made, Shape, handshake_for, handshake_of, make, told

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Certificate, EkuProfile, utc
from ekukit.certificates.pemfile import UNSEEN, ca_views
from ekukit.connections import Cause, EkuCheck, Engine, Handshake, Protocol, Side, Verdict
from ekukit.lab import verification
from ekukit.lab.halfway import bring, certificate_message
from ekukit.lab.verification import refusals, verify
from ekukit.lab.verify_errors import CANNOT_COME, CAUSES, PURPOSE, cause_of, error_text

CLIENT, SERVER = Side.CLIENT, Side.SERVER
# OpenSSL's own words for its errors, and the cause behind them; the first that fits counts.
WORDS: tuple[tuple[str, Cause | None], ...] = (
    (r"^(ok|out of memory|no explicit policy)$", None),
    (r"proxy certificates not allowed|application verification failure|^Suite B", None),
    (r"DANE|verification context|Certificate Transparency|^Raw public key", None),
    (r"(name|Name extension) empty|^Subject empty|Missing .* Key Ident|Empty Subject Alt", None),
    (r"not marked critical|marked critical|does not include key usage ext|at least X509v3", None),
    (r"^Empty Authority Key|serial number must be paired|certificate purpose$", None),
    (r"\bCRL|OCSP", Cause.REVOCATION),
    (r"^certificate revoked$", Cause.REVOKED),
    (r"is not yet valid", Cause.NOT_YET_VALID),
    (r"has expired", Cause.EXPIRED),
    (r"^(hostname|email address|IP address) mismatch|subject name violation", Cause.NAME),
    (r"path length constraint exceeded", Cause.PATH_LENGTH),
    (r"certificate signing|non-CA cert|invalid CA|length given without", Cause.NOT_A_CA),
    (r"^key usage does not include digital signature", Cause.KEY_USAGE),
    (r"unhandled critical extension", Cause.CRITICAL_EXTENSION),
    (r"resource not subset|subtree violation|name constraint", Cause.NAME_CONSTRAINTS),
    (r"key too weak", Cause.WEAK_KEY),
    (r"digest algorithm too weak", Cause.WEAK_DIGEST),
    (r"decrypt certificate's sig|issuer public key|signature failure", Cause.SIGNATURE),
    (r"have a public key|signature algorithm", Cause.SIGNATURE),
    (r"^unspecified|format error in certificate|inconsistent certificate", Cause.MALFORMED),
    (r"extension feature|name syntax|explicit ECC", Cause.MALFORMED),
    (r"issuer|self-signed|verify the first|too long|path loop", Cause.UNTRUSTED),
    (r"^certificate (not trusted|rejected)|key identifier mismatch", Cause.UNTRUSTED),
)  # fmt: skip


def test_every_number_has_the_cause_that_openssls_words_tell() -> None:
    """A purpose alone needs more than its number; what no words tell cannot come."""
    unknown, expected = error_text(1_000_000), {}
    for number in range(300):
        text = error_text(number)
        if text != unknown:
            expected[number] = next((cause for word, cause in WORDS if re.search(word, text)), "?")
    assert {n: c for n, c in expected.items() if c is not None} == CAUSES
    assert {n for n, cause in expected.items() if cause is None} == {*CANNOT_COME, PURPOSE}


PURPOSES = [
    # Whether it has the EKU, and whether its key usage fits.
    (0, False, False, Cause.EKU), (0, False, True, Cause.EKU),
    (0, True, False, Cause.KEY_USAGE), (0, True, True, Cause.NETSCAPE_TYPE),
    (1, False, False, Cause.CA_EKU), (1, False, True, Cause.CA_EKU),
    (1, True, False, Cause.NOT_A_CA), (1, True, True, Cause.NOT_A_CA),
]  # fmt: skip


@pytest.mark.parametrize(("depth", "has_eku", "signs", "cause"), PURPOSES)
def test_one_error_of_purpose_has_five_causes(
    depth: int, cause: Cause, *, has_eku: bool, signs: bool
) -> None:
    """By EKU and key usage of the certificate, and whether it is the leaf (E14)."""
    assert cause_of(26, depth, has_eku=has_eku, signs=signs) is cause
    assert cause_of(10, depth, has_eku=has_eku, signs=signs) is Cause.EXPIRED
    assert cause_of(12345, depth, has_eku=has_eku, signs=signs) is Cause.OTHER


def leaf_of(handshake: Handshake, side: Side = CLIENT) -> Certificate:
    """Return the certificate that a side shows."""
    found = (handshake.client if side is CLIENT else handshake.server).certificate
    assert found is not None
    return found


def of_kit(**changes: object) -> Handshake:
    """Return a handshake of certificates without bytes, which the lab makes; the client changed."""
    asked = handshake_of((), SERVER)
    own = leaf_of(asked, CLIENT)
    assert not own.der
    client = replace(asked.client, certificate=own.moved(**changes), expects_name="")
    return replace(asked, client=client, at=own.not_before)


def test_a_certificate_without_bytes_is_made_and_verified() -> None:
    """Its CAs with keys of its own kind, so that signatures fit."""
    for kind in ("EC-secp256r1", "RSA-2048"):
        assert verify(of_kit(key=kind)).accepted
    assert verify(of_kit(ekus=EkuProfile.SERVER.ekus)).cause is Cause.EKU


def test_what_verification_gives_says_that_it_was_path_verification() -> None:
    """Accepted or refused."""
    good = Verdict(Cause.ACCEPTED, engine=Engine.PATH, behind=())
    assert verify(handshake_of((), CLIENT)) == good
    bad = verify(handshake_of(("leaf server",), CLIENT))
    assert (bad.engine, bad.judged, bad.behind) == (Engine.PATH, CLIENT, ())


def test_without_certificates_both_ends_are_told_the_server_first() -> None:
    """The client's alone where the server has one; nothing where none is asked of the client."""
    asked = handshake_of((), CLIENT)
    no_client = replace(asked, client=replace(asked.client, certificate=None))
    none = replace(no_client, server=replace(asked.server, certificate=None))
    missing = Verdict(Cause.NO_CERTIFICATE, CLIENT, engine=Engine.PATH)
    assert verify(none) == replace(missing, judged=SERVER, behind=(missing,))
    assert verify(no_client) == replace(missing, behind=())
    assert verify(replace(no_client, eku_check=EkuCheck.NOT_ASKED)).accepted
    unasked = verify(replace(none, eku_check=EkuCheck.NOT_ASKED))
    assert (unasked.judged, unasked.behind) == (SERVER, ())


def test_both_ends_are_verified_the_server_first() -> None:
    """Of a client of whom no certificate is asked nothing is told."""
    asked = handshake_of(("leaf expired",), CLIENT)
    shown = handshake_of(("leaf with another name",), SERVER)
    both = replace(asked, server=replace(shown.server, trusted=asked.server.trusted,
                                         expects_name=NAME))  # fmt: skip
    both = replace(both, client=replace(both.client, trusted=shown.client.trusted,
                                        expects_name=NAME))  # fmt: skip
    found = verify(both)
    assert (found.judged, told(found)) == (SERVER, (62, 0))
    assert [(v.judged, told(v)) for v in found.behind or ()] == [(CLIENT, (10, 0))]
    unasked = verify(replace(both, eku_check=EkuCheck.NOT_ASKED))
    assert (told(unasked), unasked.behind) == ((62, 0), ())


def prompting(asked: Handshake) -> Handshake:
    """Return the handshake with a person at the client."""
    return replace(asked, client=replace(asked.client, prompts=True))


def test_a_person_takes_an_untrusted_server_and_nothing_else() -> None:
    """Behind what the person takes the next refusal counts; the server takes nobody (N12)."""
    stranger = handshake_of((), SERVER, trusts=9)
    assert verify(stranger).cause is Cause.UNTRUSTED
    asked = verify(prompting(stranger))
    assert (asked.accepted, asked.prompted) == (True, True)
    good = verify(prompting(handshake_of((), SERVER)))
    assert (good.accepted, good.prompted) == (True, False)
    expired = prompting(handshake_of(("leaf expired",), SERVER, trusts=9))
    assert (verify(expired).cause, verify(expired).behind) == (Cause.EXPIRED, ())
    assert verify(prompting(handshake_of((), CLIENT, trusts=9))).cause is Cause.UNTRUSTED


LINKS = [
    ("leaf expired", ""), ("issuing CA expired", "Issuing CA"),
    ("root path length 0, two CAs", "Root"), ("issuing CA excludes these", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "link"), LINKS)
def test_the_ca_at_which_a_path_is_refused_is_named(name: str, link: str) -> None:
    """The leaf needs no name."""
    assert verify(handshake_of((name,), CLIENT)).link == link


def test_words_and_alert_are_those_of_the_first_refusal() -> None:
    """What stands behind it nobody sends; over SSH there is no alert."""
    names = ("leaf server", "leaf expired")
    first = verify(handshake_of(names, CLIENT))
    (second,) = first.behind or ()
    assert (first.alert, second.alert) == (43, None)
    assert "certificate verify failed" in first.text
    assert second.text == ""
    over_ssh = verify(handshake_of(names, CLIENT, "ssh-tunnel"))
    assert (told(over_ssh), over_ssh.alert) == (told(first), None)


def test_a_cause_that_is_not_known_is_the_fault_of_neither_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A number without a row is told as it is."""
    monkeypatch.delitem(CAUSES, 10)
    refusals.cache_clear()
    found = verify(handshake_of(("leaf expired",), CLIENT))
    assert (found.cause, found.judged, told(found)) == (Cause.OTHER, None, (10, 0))
    monkeypatch.undo()
    refusals.cache_clear()


def sending(places: tuple[int, ...], own: tuple[int, ...], *, chain: bool) -> Handshake:
    """Return a handshake of a client under three CAs: 1 issuing, 2 upper, 3 root.

    `places` are those that it has seen of its chain, `own` those in its own list; the server trusts
    the root alone.
    """
    asked = handshake_for(make(Shape(upper=ISSUER)), CLIENT, trusts=3)
    above = leaf_of(asked).chain
    seen = tuple(
        ca if place in places else replace(ca, key=UNSEEN, der=b"")
        for place, ca in enumerate(above, 1)
    )
    client = replace(
        asked.client,
        certificate=replace(leaf_of(asked), chain=seen),
        sends_chain=chain,
        trusted=asked.client.trusted | {above[place - 1] for place in own},
    )
    return replace(asked, client=client)


SENT = [
    # What it sends along as uploaded, or from its own list up to the first gap.
    ((1, 2, 3), (), True, None), ((1, 2, 3), (1, 2), False, None), ((1, 2, 3), (), False, (20, 0)),
    ((1, 2, 3), (1,), False, (20, 1)), ((1, 2, 3), (2, 3), False, (20, 0)),
    ((1, 2), (), True, None), ((1, 3), (), True, (20, 1)), ((1, 3), (1,), False, (20, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("places", "own", "chain", "expected"), SENT)
def test_what_is_sent_beside_the_leaf(
    places: tuple[int, ...],
    own: tuple[int, ...],
    expected: tuple[int, int] | None,
    *,
    chain: bool,
) -> None:
    """An uploaded chain without its root, else what its own list has; a CA not seen is not sent."""
    assert told(verify(sending(places, own, chain=chain))) == expected


def test_over_ssh_the_leaf_comes_alone() -> None:
    """So the judge must have every CA of the path (E11)."""
    asked = replace(sending((1, 2, 3), (1, 2), chain=True), protocol=Protocol.SSH)
    assert told(verify(asked)) == (20, 0)
    trusted = asked.server.trusted | {*leaf_of(asked).chain}
    assert verify(replace(asked, server=replace(asked.server, trusted=trusted))).accepted


def test_a_root_is_never_sent() -> None:
    """Else OpenSSL would tell 19, a self-signed certificate in the chain (E11)."""
    asked = sending((1, 2, 3), (1, 2, 3), chain=True)
    unknown = frozenset(ca for ca in asked.server.trusted if ca not in leaf_of(asked).chain)
    found = verify(replace(asked, server=replace(asked.server, trusted=unknown)))
    assert told(found) == (20, 2)


def long(**changes: object) -> Shape:
    """Return a path whose leaf is longer than OpenSSL takes in a handshake."""
    many = tuple(f"1.3.6.1.4.1.5.{n}" for n in range(12000))
    ekus = changes.pop("ekus", (SERVER_AUTH, CLIENT_AUTH))
    return Shape(leaf=replace(LEAF, ekus=(*many, *ekus), **changes))  # type: ignore[misc]


LENGTHY = [
    (long(), CLIENT, EkuCheck.CLIENT_AUTH, None, ""),
    (long(ekus=(SERVER_AUTH,)), CLIENT, EkuCheck.CLIENT_AUTH, (26, 0), ""),
    (long(ekus=(SERVER_AUTH,)), SERVER, EkuCheck.CLIENT_AUTH, None, ""),
    (long(ekus=(CLIENT_AUTH,)), SERVER, EkuCheck.CLIENT_AUTH, (26, 0), ""),
    (long(ekus=(SERVER_AUTH,)), CLIENT, EkuCheck.BYPASSED, None, ""),
    (long(ekus=(CODE,)), CLIENT, EkuCheck.BYPASSED, (26, 0), ""),
    (long(ekus=(CODE,)), CLIENT, EkuCheck.IGNORED, None, ""),
    (long(ekus=(CODE,)), CLIENT, EkuCheck.BY_STACK, None, ""),
    (long(ekus=(SERVER_AUTH,), last="2026-01-01"), CLIENT, EkuCheck.BYPASSED, (10, 0), ""),
    (long(last="2026-01-01"), CLIENT, EkuCheck.CLIENT_AUTH, (10, 0), ""),
    (long(names=("a.org",)), CLIENT, EkuCheck.CLIENT_AUTH, (62, 0), ""),
    (long(names=("CORE.example.com.",)), CLIENT, EkuCheck.CLIENT_AUTH, None, ""),
    (long(names=("a.org",), last="2026-01-01"), CLIENT, EkuCheck.CLIENT_AUTH, (10, 0), ""),
    (replace(long(), issuing=replace(ISSUER, ekus=(SERVER_AUTH,))), CLIENT, EkuCheck.BYPASSED,
     None, ""),
    (replace(long(), issuing=replace(ISSUER, ekus=(SERVER_AUTH,))), CLIENT, EkuCheck.CLIENT_AUTH,
     (26, 1), "Issuing CA"),
    (replace(long(), issuing=replace(ISSUER, ekus=(CODE,))), CLIENT, EkuCheck.BYPASSED,
     (26, 1), "Issuing CA"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "side", "check", "expected", "link"), LENGTHY)
def test_what_is_too_long_for_a_handshake_is_judged_by_the_same_questions(
    shape: Shape, side: Side, check: EkuCheck, expected: tuple[int, int] | None, link: str
) -> None:
    """Purpose, mode, time and name; no alert was ever sent."""
    asked = replace(handshake_for(make(shape), side), eku_check=check)
    found = verify(asked)
    assert (told(found), found.link, found.alert, found.text) == (expected, link, None, "")
    assert found.judged is (side if expected else None)


def test_off_looks_at_each_certificate_of_what_is_too_long() -> None:
    """One that passes hides none above it (E4); a CA that was not seen is not looked at."""
    barred = replace(ISSUER, ekus=(CODE,))
    leaf = long(ekus=(SERVER_AUTH,)).leaf
    for shape, expected in (
        (Shape(leaf, issuing=barred), (26, 1)),
        (Shape(leaf, upper=barred), (26, 2)),
        (Shape(leaf, issuing=replace(ISSUER, ekus=(SERVER_AUTH,)), upper=barred), (26, 2)),
        (Shape(leaf, issuing=barred, upper=barred), (26, 1)),
        (Shape(leaf, root=barred), None),
    ):
        asked = replace(handshake_for(make(shape), CLIENT), eku_check=EkuCheck.BYPASSED)
        assert told(verify(asked)) == expected
    asked = handshake_for(make(Shape(leaf, upper=ISSUER)), CLIENT)
    issuing, upper, root = leaf_of(asked).chain
    chain = (issuing, replace(upper, key=UNSEEN, der=b""), root)
    unseen = replace(asked.client, certificate=replace(leaf_of(asked), chain=chain))
    assert verify(replace(asked, client=unseen, eku_check=EkuCheck.BYPASSED)).accepted


def test_what_is_too_long_and_not_trusted_is_refused_for_that() -> None:
    """As in a handshake; a judge who expects no name looks at none."""
    stranger = handshake_for(make(long()), CLIENT, trusts=9)
    assert told(verify(stranger)) == (20, 1)
    barred = Shape(long(ekus=(SERVER_AUTH,)).leaf, issuing=replace(ISSUER, ekus=(CODE,)))
    stranger = handshake_for(make(barred), CLIENT, trusts=9)
    stranger = replace(stranger, eku_check=EkuCheck.BYPASSED)
    assert told(verify(stranger)) == (20, 1)
    assert told(verify(replace(stranger, protocol=Protocol.SSH))) == (20, 0)
    named = handshake_for(make(long(names=("a.org",))), CLIENT)
    assert verify(replace(named, server=replace(named.server, expects_name=""))).accepted


def test_a_message_of_100_kb_is_the_longest_that_openssl_takes() -> None:
    """One byte more and it does not come to the path (SSL_MAX_CERT_LIST_DEFAULT)."""
    question = verification.PathQuestion(AT, CLIENT, "", EkuCheck.CLIENT_AUTH)
    for more, comes in ((0, True), (1, False)):
        size = (100 << 10) - len(certificate_message([b""])) + 4 + more
        context = verification._judge(question, ())
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        connection = SSL.Connection(context, None)
        words = bring(connection, certificate_message([b"x" * size]), client=True)
        assert ("excessive message size" not in words) is comes, words


@pytest.mark.parametrize("side", Side)
def test_what_an_end_demands_of_the_other_is_its_own_affair(side: Side) -> None:
    """The responder's mode is for the client's certificate, `server_check` for the server's."""
    name = "leaf server" if side is CLIENT else "leaf client"
    own, other = ("eku_check", "server_check")[:: 1 if side is CLIENT else -1]
    asked = handshake_of((name,), side)
    assert verify(replace(asked, **{own: EkuCheck.IGNORED})).accepted
    assert told(verify(replace(asked, **{other: EkuCheck.IGNORED}))) == (26, 0)


def test_a_made_leaf_is_signed_by_a_made_ca_even_where_that_one_is_real() -> None:
    """Its key is the lab's, so that the real CA's bytes would not fit."""
    real = handshake_of((), CLIENT)
    asked = of_kit(chain=leaf_of(real).chain)
    trusted = real.server.trusted | asked.server.trusted
    made = replace(asked, server=replace(asked.server, trusted=trusted), at=AT)
    own = leaf_of(made).moved(not_after=leaf_of(real).not_after)
    assert verify(replace(made, client=replace(made.client, certificate=own))).accepted


def test_a_ca_that_was_not_seen_is_passed_over_in_a_list() -> None:
    """There are no bytes of it."""
    asked = sending((1, 2, 3), (1,), chain=False)
    unseen = replace(leaf_of(asked).chain[1], key=UNSEEN, der=b"")
    trusted = asked.server.trusted | {unseen}
    assert told(verify(replace(asked, server=replace(asked.server, trusted=trusted)))) == (20, 1)


def test_a_leaf_that_is_in_the_list_is_no_ca_above_itself() -> None:
    """So that it is not named as one."""
    path = make(Shape(leaf=replace(LEAF, ca=True, last="2026-01-01")))
    asked = handshake_for(path, CLIENT)
    trusted = asked.server.trusted | {ca_views(path)[path[0]]}
    found = verify(replace(asked, server=replace(asked.server, trusted=trusted)))
    assert (told(found), found.link) == ((10, 0), "")


def test_what_is_too_long_is_judged_at_the_time_of_the_handshake() -> None:
    """Not at that of this machine."""
    asked = handshake_for(make(long(last="2026-01-01")), SERVER)
    assert told(verify(asked)) == (10, 0)
    asked = replace(asked, eku_check=EkuCheck.NOT_ASKED)
    assert verify(replace(asked, at=utc("2025-06-15"))).accepted
    assert told(verify(replace(asked, at=utc("2019-06-15")))) == (9, 2)


def test_key_sizes_count_in_a_handshake_alone() -> None:
    """Nothing else is known of what is too long for one."""
    small = replace(handshake_for(make(Shape(leaf=Made(ekus=LEAF.ekus, key="1024"))), CLIENT))
    assert told(verify(small)) == (66, 0)
    assert verify(handshake_for(make(long(key="1024")), CLIENT)).accepted
