"""What the rules say of a path at each boundary, as OpenSSL's path verification says it too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from paths import (
    AT,
    BOTH,
    CODE,
    ISSUER,
    LEAF,
    NAME,
    Made,
    Shape,
    handshake_for,
    handshake_of,
    make,
    told,
)  # fmt: skip

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Certificate
from ekukit.connections import Cause, EkuCheck, Engine, Handshake, Protocol, Side, Verdict
from ekukit.connections.pathrules import Link, limit_errors, weak_leaf
from ekukit.connections.rules import judge, prompts, verdicts
from ekukit.lab.verification import verify

CLIENT, SERVER = Side.CLIENT, Side.SERVER
Error = tuple[int, int] | None


def leaf(**changes: object) -> Shape:
    """Return a path whose leaf is made with changes."""
    return Shape(leaf=replace(LEAF, **changes))


def issuing(**changes: object) -> Shape:
    """Return a path whose issuing CA is made with changes."""
    return Shape(issuing=replace(ISSUER, **changes))


def three(root: int | None, upper: int | None = None, low: int | None = None) -> Shape:
    """Return a path with two CAs below the root, each with its path length."""
    made = [replace(ISSUER, path_length=length) for length in (low, upper, root)]
    return Shape(issuing=made[0], upper=made[1], root=made[2])


EDGES: list[tuple[str, Shape, Side, Error, Cause]] = [
    ("RSA of 2048 bits", leaf(key="2048"), CLIENT, None, Cause.ACCEPTED),
    ("RSA of 1963 bits", leaf(key="1963"), CLIENT, None, Cause.ACCEPTED),
    ("RSA of 1962 bits", leaf(key="1962"), CLIENT, (66, 0), Cause.WEAK_KEY),
    ("EC of 224 bits", leaf(key="secp224r1"), CLIENT, None, Cause.ACCEPTED),
    ("EC of 192 bits", leaf(key="secp192r1"), CLIENT, (66, 0), Cause.WEAK_KEY),
    ("issuing CA, EC of 192 bits", issuing(key="secp192r1"), CLIENT, (67, 1), Cause.WEAK_KEY),
    ("issuing CA, EC of 224 bits", issuing(key="secp224r1"), CLIENT, None, Cause.ACCEPTED),
    ("path length 0 at the root, two CAs", three(0), CLIENT, (25, 3), Cause.PATH_LENGTH),
    ("path length 1 at the root, two CAs", three(1), CLIENT, (25, 3), Cause.PATH_LENGTH),
    ("path length 2 at the root, two CAs", three(2), CLIENT, None, Cause.ACCEPTED),
    ("path length 0 of the upper CA", three(None, 0), CLIENT, (25, 2), Cause.PATH_LENGTH),
    ("path length 1 of the upper CA", three(None, 1), CLIENT, None, Cause.ACCEPTED),
    ("path length 0 of the issuing CA", three(None, None, 0), CLIENT, None, Cause.ACCEPTED),
    ("leaf may sign", leaf(usage=("digitalSignature",)), CLIENT, None, Cause.ACCEPTED),
    ("leaf may agree", leaf(usage=("keyAgreement",)), CLIENT, None, Cause.ACCEPTED),
    ("leaf may encipher", leaf(usage=("keyEncipherment",)), CLIENT, (26, 0), Cause.KEY_USAGE),
    ("server may encipher", leaf(usage=("keyEncipherment",)), SERVER, None, Cause.ACCEPTED),
    ("server may sign", leaf(usage=("digitalSignature",)), SERVER, None, Cause.ACCEPTED),
    ("server may agree", leaf(usage=("keyAgreement",)), SERVER, None, Cause.ACCEPTED),
    ("server may repudiate", leaf(usage=("nonRepudiation",)), SERVER, (26, 0), Cause.KEY_USAGE),
    ("leaf without key usage", leaf(usage=None), CLIENT, None, Cause.ACCEPTED),
    ("Netscape server as client", leaf(netscape=0x40), CLIENT, (26, 0), Cause.NETSCAPE_TYPE),
    ("Netscape server as server", leaf(netscape=0x40), SERVER, None, Cause.ACCEPTED),
    ("Netscape client as server", leaf(netscape=0x80), SERVER, (26, 0), Cause.NETSCAPE_TYPE),
    ("Netscape client and server", leaf(netscape=0xC0), CLIENT, None, Cause.ACCEPTED),
    ("Netscape type for nothing", leaf(netscape=0), CLIENT, (26, 0), Cause.NETSCAPE_TYPE),
    ("Netscape server, may encipher", leaf(netscape=0x40, usage=("keyEncipherment",)), CLIENT,
     (26, 0), Cause.KEY_USAGE),
    ("Netscape type of the issuing CA", issuing(netscape=0x40), CLIENT, None, Cause.ACCEPTED),
    ("leaf without clientAuth", leaf(ekus=(SERVER_AUTH,)), CLIENT, (26, 0), Cause.EKU),
    ("leaf without serverAuth", leaf(ekus=(CLIENT_AUTH,)), SERVER, (26, 0), Cause.EKU),
    ("CA without clientAuth", issuing(ekus=(SERVER_AUTH,)), CLIENT, (26, 1), Cause.CA_EKU),
    ("root without clientAuth", Shape(root=replace(ISSUER, ekus=(SERVER_AUTH,))), CLIENT, (26, 2),
     Cause.CA_EKU),
    ("CA without serverAuth", issuing(ekus=(CLIENT_AUTH,)), SERVER, (26, 1), Cause.CA_EKU),
    ("CA that may not sign", issuing(usage=("cRLSign",)), CLIENT, (79, 1), Cause.NOT_A_CA),
    ("CA flag false", issuing(ca=False), CLIENT, (79, 1), Cause.NOT_A_CA),
    ("CA flag absent, may sign", issuing(ca=None), CLIENT, (79, 1), Cause.NOT_A_CA),
    ("CA flag absent in the root", Shape(root=replace(ISSUER, ca=None)), CLIENT, None,
     Cause.ACCEPTED),
    ("CA flag and usage absent in the root", Shape(root=replace(ISSUER, ca=None, usage=None)),
     CLIENT, (79, 2), Cause.NOT_A_CA),
    ("CA flag false in the root", Shape(root=replace(ISSUER, ca=False)), CLIENT, (79, 2),
     Cause.NOT_A_CA),
    ("CA flag absent, no usage", issuing(ca=None, usage=None), CLIENT, (79, 1), Cause.NOT_A_CA),
    ("critical in the CA", issuing(critical=True), CLIENT, (34, 1), Cause.CRITICAL_EXTENSION),
    ("leaf SHA-1", leaf(digest="sha1"), CLIENT, (68, 0), Cause.WEAK_DIGEST),
    ("issuing CA SHA-1", issuing(digest="sha1"), CLIENT, (68, 1), Cause.WEAK_DIGEST),
    ("a name below", issuing(permitted=("example.com",)), CLIENT, None, Cause.ACCEPTED),
    ("the name itself", issuing(permitted=(NAME,)), CLIENT, None, Cause.ACCEPTED),
    ("in other case", issuing(permitted=("EXAMPLE.com",)), CLIENT, None, Cause.ACCEPTED),
    ("one of two", issuing(permitted=("a.org", NAME)), CLIENT, None, Cause.ACCEPTED),
    ("ends alike", issuing(permitted=("ample.com",)), CLIENT, (47, 0), Cause.NAME_CONSTRAINTS),
    ("below the name", issuing(permitted=(f"a.{NAME}",)), CLIENT, (47, 0), Cause.NAME_CONSTRAINTS),
    ("every name", issuing(permitted=("",)), CLIENT, None, Cause.ACCEPTED),
    ("no name", issuing(excluded=("",)), CLIENT, (48, 0), Cause.NAME_CONSTRAINTS),
    ("excluded", issuing(excluded=("a.org", NAME)), CLIENT, (48, 0), Cause.NAME_CONSTRAINTS),
    ("another excluded", issuing(excluded=("ample.com",)), CLIENT, None, Cause.ACCEPTED),
    ("one name of two is permitted", Shape(
        leaf=replace(LEAF, names=(NAME, "a.org")), issuing=replace(ISSUER, permitted=(NAME,))
    ), CLIENT, (47, 0), Cause.NAME_CONSTRAINTS),
    ("one name of two is excluded", Shape(
        leaf=replace(LEAF, names=(NAME, "a.org")), issuing=replace(ISSUER, excluded=("a.org",))
    ), CLIENT, (48, 0), Cause.NAME_CONSTRAINTS),
    ("name in other case", leaf(names=("CORE.example.com",)), CLIENT, None, Cause.ACCEPTED),
    ("another name", leaf(names=("edge.example.com",)), CLIENT, (62, 0), Cause.NAME),
    ("a second name", leaf(names=("a.org", NAME)), CLIENT, None, Cause.ACCEPTED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "side", "expected", "cause"), [row[1:] for row in EDGES], ids=[r[0] for r in EDGES]
)
def test_rules_and_openssl_draw_the_line_at_the_same_place(
    shape: Shape, side: Side, expected: Error, cause: Cause
) -> None:
    """Cause, error and depth as written here, by the rules and by path verification."""
    asked = handshake_for(make(shape), side)
    for found in (judge(asked), verify(asked)):
        assert (told(found), found.cause) == (expected, cause)
        assert found.judged is (None if expected is None else side)


ALERTS = [
    (leaf(ekus=(SERVER_AUTH,)), 43), (leaf(key="1024"), 42), (issuing(key="1024"), 42),
    (leaf(digest="sha1"), 42), (issuing(ca=False), 48), (issuing(critical=True), 46),
    (issuing(permitted=("a.org",)), 46), (issuing(excluded=(NAME,)), 46), (three(0), 48),
    (leaf(names=("a.org",)), 42), (leaf(last="2026-01-01"), 45),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "alert"), ALERTS, ids=lambda told: str(told)[:0] or None)
def test_each_error_has_the_alert_that_openssl_sends(shape: Shape, alert: int) -> None:
    """Over TLS; over SSH there are no alerts."""
    path = make(shape)
    asked = handshake_for(path, CLIENT)
    assert [judge(asked).alert, verify(asked).alert] == [alert, alert]
    over_ssh = judge(handshake_for(path, CLIENT, "ssh-tunnel"))
    assert (over_ssh.alert, over_ssh.accepted) == (None, False)


def sound(name: str = "uc-zone") -> Handshake:
    """Return a handshake in which the client shows a sound path, the server one of the kit's."""
    return handshake_of((), CLIENT, name)


def shown(handshake: Handshake) -> Certificate:
    """Return the certificate that the client shows."""
    found = handshake.client.certificate
    assert found is not None
    return found


Moved = Callable[[Handshake, timedelta], Handshake]


def _leaf_ends(asked: Handshake, late: timedelta) -> Handshake:
    return replace(asked, at=shown(asked).not_after + late)


def _leaf_begins(asked: Handshake, late: timedelta) -> Handshake:
    return replace(asked, at=shown(asked).not_before + late)


SECOND = timedelta(seconds=1)
DATES: list[tuple[Moved, timedelta, Cause]] = [
    (_leaf_ends, -SECOND, Cause.ACCEPTED),
    (_leaf_ends, 0 * SECOND, Cause.ACCEPTED),
    (_leaf_ends, 0.999 * SECOND, Cause.ACCEPTED),
    (_leaf_ends, SECOND, Cause.EXPIRED),
    (_leaf_begins, -SECOND, Cause.NOT_YET_VALID),
    (_leaf_begins, 0 * SECOND, Cause.ACCEPTED),
]


@pytest.mark.parametrize(("moved", "late", "cause"), DATES)
def test_a_certificate_is_valid_from_its_first_second_to_its_last(
    moved: Moved, late: timedelta, cause: Cause
) -> None:
    """Both ends belong to it, and OpenSSL counts whole seconds."""
    asked = moved(replace(sound(), server=replace(sound().server, certificate=None)), late)
    client = [v for v in verdicts(asked) if v.judged is CLIENT]
    own = replace(
        asked,
        server=replace(asked.server, certificate=shown(asked)),
        client=replace(asked.client, trusted=asked.server.trusted, expects_name=""),
    )
    errors = {v.cause for v in client}
    assert (cause in errors) if cause is not Cause.ACCEPTED else not errors
    alerts = {Cause.EXPIRED: 45, Cause.NOT_YET_VALID: 42}
    assert all(v.alert == alerts[v.cause] for v in client)
    assert verify(own).alert == alerts.get(cause)
    assert (verify(own).cause, judge(own).cause) == (cause, cause)


def test_dates_are_judged_from_the_root_down() -> None:
    """Of two expired certificates OpenSSL tells the upper one first."""
    old = {"last": "2026-01-01"}
    asked = handshake_for(make(Shape(replace(LEAF, **old), replace(ISSUER, **old))), CLIENT)
    assert [told(v) for v in verdicts(asked)] == [(10, 1), (10, 0)]
    assert [told(verify(asked)), *map(told, verify(asked).behind or ())] == [(10, 1), (10, 0)]


def test_errors_come_in_openssls_order() -> None:
    """Key, extensions, CA flag, purpose, CA keys, digests, name, dates, name constraints."""
    bad = replace(LEAF, key="1024", ekus=(CODE,), critical=True, digest="sha1",
                  names=("a.org",), last="2026-01-01")  # fmt: skip
    weak = replace(ISSUER, key="1024", permitted=("a.net",), critical=True)
    asked = handshake_for(make(Shape(bad, weak)), CLIENT)
    expected = [(66, 0), (34, 0), (26, 0), (34, 1), (68, 0), (67, 1), (62, 0), (10, 0), (47, 0)]
    assert [told(v) for v in verdicts(asked)] == expected
    assert [told(verify(asked)), *map(told, verify(asked).behind or ())] == expected


WAIVED = [
    (EkuCheck.BYPASSED, (SERVER_AUTH,), True), (EkuCheck.BYPASSED, (CODE,), False),
    (EkuCheck.BYPASSED, (CODE, SERVER_AUTH), True), (EkuCheck.BYPASSED, (), False),
    (EkuCheck.IGNORED, (CODE,), True), (EkuCheck.BY_STACK, (CODE,), True),
    (EkuCheck.CLIENT_AUTH, (SERVER_AUTH,), False), (EkuCheck.CLIENT_AUTH, None, True),
    (EkuCheck.NOT_ASKED, (CODE,), True),
]  # fmt: skip


@pytest.mark.parametrize(("check", "ekus", "passes"), WAIVED)
def test_what_a_mode_passes_over(
    check: EkuCheck, ekus: tuple[str, ...] | None, *, passes: bool
) -> None:
    """Off wants one of the two usages (E4); who ignores or does not ask takes all."""
    asked = replace(handshake_for(make(leaf(ekus=ekus)), CLIENT), eku_check=check)
    assert [judge(asked).accepted, verify(asked).accepted] == [passes, passes]


@pytest.mark.parametrize("check", [EkuCheck.BYPASSED, EkuCheck.IGNORED, EkuCheck.BY_STACK])
def test_no_mode_passes_over_anything_but_a_purpose(check: EkuCheck) -> None:
    """An unknown critical extension and a missing CA flag are refused in every mode."""
    for shape in (leaf(critical=True), issuing(ca=False)):
        asked = replace(handshake_for(make(shape), CLIENT), eku_check=check)
        assert [judge(asked).accepted, verify(asked).accepted] == [False, False]


def test_a_server_is_judged_where_no_certificate_is_asked_of_the_client() -> None:
    """The initiator looks at the responder whatever is asked of itself."""
    asked = handshake_for(make(leaf(critical=True)), SERVER)
    found = judge(replace(asked, eku_check=EkuCheck.NOT_ASKED))
    assert (found.judged, told(found)) == (SERVER, (34, 0))


def test_a_purpose_that_lacks_at_a_ca_with_the_eku_is_told_of_its_usage() -> None:
    """Behind error 79 OpenSSL tells 26 at the same certificate: it is no CA, not an EKU's fault."""
    found = list(verdicts(handshake_for(make(issuing(ca=False)), CLIENT)))
    expected = [((79, 1), Cause.NOT_A_CA), ((26, 1), Cause.NOT_A_CA)]
    assert [(told(one), one.cause) for one in found] == expected


def test_off_takes_a_client_whose_key_usage_alone_is_wrong() -> None:
    """OpenSSL's error is the same one, and the certificate lists clientAuth."""
    path = make(leaf(ekus=(CLIENT_AUTH,), usage=("keyEncipherment",)))
    asked = replace(handshake_for(path, CLIENT), eku_check=EkuCheck.BYPASSED)
    assert judge(asked).accepted
    assert verify(asked).accepted
    none = replace(asked, client=handshake_for(make(
        leaf(ekus=None, usage=("keyEncipherment",))), CLIENT).client)  # fmt: skip
    assert judge(none).accepted


@pytest.mark.parametrize("side", Side)
def test_what_an_initiator_demands_is_its_own_affair(side: Side) -> None:
    """The responder's mode is for the client's certificate, `server_check` for the server's."""
    lacking = (SERVER_AUTH,) if side is CLIENT else (CLIENT_AUTH,)
    asked = handshake_for(make(leaf(ekus=lacking)), side)
    ignoring = {CLIENT: "eku_check", SERVER: "server_check"}
    other = ignoring[SERVER if side is CLIENT else CLIENT]
    assert judge(replace(asked, **{ignoring[side]: EkuCheck.IGNORED})).accepted
    assert not judge(replace(asked, **{other: EkuCheck.IGNORED})).accepted


def test_who_is_asked_for_no_certificate_needs_none() -> None:
    """Where one is asked for, none is a refusal with alert 40, and over SSH without one."""
    none = replace(sound(), client=replace(sound().client, certificate=None))
    assert judge(none) == Verdict(Cause.NO_CERTIFICATE, CLIENT, alert=40)
    assert judge(replace(none, eku_check=EkuCheck.NOT_ASKED)).accepted
    tunnel = replace(none, protocol=Protocol.SSH)
    assert judge(tunnel) == Verdict(Cause.NO_CERTIFICATE, CLIENT)


def test_without_a_certificate_on_either_end_both_are_told() -> None:
    """The server's comes first, and the client's is told behind it."""
    asked = sound()
    none = replace(asked, client=replace(asked.client, certificate=None),
                   server=replace(asked.server, certificate=None))  # fmt: skip
    assert [(v.judged, v.cause) for v in verdicts(none)] == [
        (SERVER, Cause.NO_CERTIFICATE), (CLIENT, Cause.NO_CERTIFICATE)]  # fmt: skip


def asking(**changes: object) -> Handshake:
    """Return a handshake whose client asks a person, in which the server shows a path."""
    asked = handshake_of((), SERVER)
    return replace(asked, client=replace(asked.client, prompts=True, **changes))


def test_a_person_is_asked_about_an_untrusted_server_alone() -> None:
    """Not about its EKU or name, and never about the client's own certificate (N12)."""
    stranger = asking(trusted=frozenset())
    assert judge(stranger) == Verdict(Cause.ACCEPTED, prompted=True)
    assert judge(asking()) == Verdict(Cause.ACCEPTED)
    named = asking(trusted=frozenset(), expects_name="a.org")
    assert (judge(named).cause, judge(named).prompted) == (Cause.NAME, False)
    untrusted = Verdict(Cause.UNTRUSTED, CLIENT)
    assert not prompts(stranger, untrusted)
    assert not prompts(stranger, Verdict(Cause.NAME, SERVER))
    assert prompts(stranger, Verdict(Cause.UNTRUSTED, SERVER))
    unasking = replace(stranger, client=replace(stranger.client, prompts=False))
    assert not prompts(unasking, Verdict(Cause.UNTRUSTED, SERVER))


LISTS: list[tuple[tuple[int, ...], tuple[int, ...], Error]] = [
    # Sent beside the leaf, in the judge's list (1: issuing CA, 2: upper CA, 3: root), the error.
    ((1, 2), (3,), None), ((1, 2), (1,), (2, 1)), ((1, 2), (), (20, 2)), ((), (1, 2, 3), None),
    ((), (1, 2), (2, 2)), ((), (2, 3), (20, 0)), ((1,), (2, 3), None), ((1,), (3,), (20, 1)),
    ((1, 2), (1, 3), (2, 1)), ((1, 2), (2,), (2, 2)), ((), (1, 3), (2, 1)),
    ((1, 2, 3), (), (19, 3)), ((1, 2, 3), (1,), (2, 1)), ((1, 2, 3), (1, 2), (2, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "listed", "expected"), LISTS)
def test_how_a_path_breaks_depends_on_where_it_left_the_trusted_list(
    sent: tuple[int, ...], listed: tuple[int, ...], expected: Error
) -> None:
    """20 outside the list, 2 inside it, 19 at a root that came along; each at the last found."""
    asked = handshake_for(make(three(None)), CLIENT, trusts=4)
    chain = shown(asked).chain
    own = frozenset(chain[place - 1] for place in sent)
    theirs = frozenset(chain[place - 1] for place in listed)
    asked = replace(asked, client=replace(asked.client, sends_chain=False,
                                          trusted=own | asked.client.trusted),
                    server=replace(asked.server, trusted=theirs))  # fmt: skip
    found = [judge(asked), verify(asked)]
    assert [told(one) for one in found] == [expected, expected]
    if expected:
        assert [(one.cause, one.alert) for one in found] == [(Cause.UNTRUSTED, 48)] * 2


def test_over_ssh_a_chain_is_neither_sent_nor_missed_in_the_list() -> None:
    """The leaf comes alone (E11): without its issuing CA in the list it has no issuer."""
    path = make(three(None))
    for uploaded in (True, False):
        asked = handshake_for(path, CLIENT, "ssh-tunnel")
        own = frozenset(shown(asked).chain) | asked.client.trusted
        asked = replace(asked, client=replace(asked.client, sends_chain=uploaded, trusted=own))
        assert judge(asked).accepted
        root = frozenset(shown(asked).chain[-1:])
        alone = replace(asked, server=replace(asked.server, trusted=root))
        assert (told(judge(alone)), judge(alone).alert) == ((20, 0), None)


@pytest.mark.parametrize(("root", "expected"), [(False, (20, 1)), (True, (19, 2))])
def test_a_root_is_sent_where_it_was_uploaded(*, root: bool, expected: Error) -> None:
    """With an uploaded chain OpenSSL sends what stands in it, whatever the own list has."""
    asked = handshake_for(make(Shape()), CLIENT, trusts=3)
    asked = replace(asked, client=replace(asked.client, sends_chain=True, sends_root=root))
    asked = replace(asked, server=replace(asked.server, trusted=frozenset()))
    assert [told(judge(asked)), told(verify(asked))] == [expected, expected]


def test_a_leaf_without_issuer_is_self_signed() -> None:
    """OpenSSL's error 18 at the leaf, with alert 48."""
    alone = make(Shape())[3:] or make(Shape())[2:]
    root = handshake_for((alone[0],), CLIENT)
    found = judge(root)
    assert (told(found), found.cause, found.alert) == ((18, 0), Cause.UNTRUSTED, 48)
    assert told(verify(root)) == (18, 0)


def test_of_two_certificates_of_one_ca_the_valid_one_counts() -> None:
    """Else the one that stands first in the list."""
    asked = sound()
    issuer, root = shown(asked).chain
    expired = replace(issuer, not_after=AT - timedelta(days=1), der=b"")
    later = replace(issuer, not_before=AT + timedelta(days=1), der=b"")
    others = {root} | {ca for ca in asked.server.trusted if ca.identity != issuer.identity}

    def found(*listed: object) -> Error:
        trusted = frozenset({*others, *listed})  # type: ignore[arg-type]
        return told(judge(replace(asked, server=replace(asked.server, trusted=trusted))))

    assert found(replace(expired, place=1), replace(issuer, place=2)) is None
    assert found(replace(issuer, place=1), replace(expired, place=2)) is None
    assert found(replace(later, place=1), replace(issuer, place=2)) is None
    assert found(replace(expired, place=1), replace(later, place=2)) == (10, 1)
    assert found(replace(later, place=1), replace(expired, place=2)) == (9, 1)
    assert found(replace(issuer, not_after=AT, place=2, der=b""), replace(later, place=1)) is None
    assert found(replace(issuer, not_before=AT, place=2, der=b""), replace(later, place=1)) is None


def test_an_unreached_handshake_is_judged_no_further() -> None:
    """Whatever the certificates are."""
    found = judge(replace(sound(), unreached=Cause.UNRESOLVED))
    assert found == Verdict(Cause.UNRESOLVED, engine=Engine.RULES)


@pytest.mark.parametrize(
    ("kind", "weak"),
    [("RSA-1962", True), ("RSA-1963", False), ("RSA-2048", False), ("RSA-16384", False),
     ("EC-secp192r1", True), ("EC-secp224r1", False), ("EC-secp160r1", True),
     ("EC-sect163k1", True),
     ("EC-secp256r1", False), ("EC-secp384r1", False), ("EC-secp521r1", False),
     ("EC-brainpoolP512r1", False), ("Ed25519PublicKey", False), ("", False), ("XY-1024", False)],
)  # fmt: skip
def test_which_keys_are_too_small(kind: str, *, weak: bool) -> None:
    """Below 112 bits of security, OpenSSL's level 2; what cannot be told is not called weak."""
    assert weak_leaf(replace(shown(sound()), key=kind)) is weak


def test_a_weak_digest_at_the_end_of_a_path_does_not_matter() -> None:
    """Nobody verifies that signature, be it a root's or not; further down it counts, MD5 too."""
    ca = shown(sound()).chain
    links = [Link.of_leaf(shown(sound())), *map(Link.of_ca, ca)]

    def with_digest(place: int, digest: str) -> list[tuple[int, int]]:
        made = list(links)
        made[place] = replace(made[place], limits=replace(made[place].limits, digest=digest))
        return list(limit_errors(made, CLIENT_AUTH))

    assert with_digest(2, "sha1") == []
    assert with_digest(1, "sha1") == [(68, 1)]
    assert with_digest(0, "md5") == [(68, 0)]
    links = links[:2]
    assert with_digest(1, "sha1") == []


def test_a_broken_path_is_told_like_openssl_tells_it() -> None:
    """The list lacks the root: error 2 above the issuing CA, whose weak digest nobody looks at."""
    asked = handshake_for(make(issuing(digest="sha1")), CLIENT, trusts=3)
    issuer = frozenset({shown(asked).chain[0]})
    asked = replace(asked, client=replace(asked.client, sends_chain=False),
                    server=replace(asked.server, trusted=issuer))  # fmt: skip
    assert [told(v) for v in verdicts(asked)] == [(2, 1)]
    assert [told(verify(asked)), *(verify(asked).behind or ())] == [(2, 1)]


def test_both_usages_are_enough_for_both_sides() -> None:
    """The plain certificate of Expressway is taken in either place."""
    for side in Side:
        assert judge(handshake_for(make(Shape(leaf=Made(ekus=BOTH))), side)).accepted
