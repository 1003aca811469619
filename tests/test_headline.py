"""The case in one sentence: what it says first, what it leaves out, and what it never claims."""

from dataclasses import replace

import pytest

from ekukit.connections import Cause, State
from ekukit.connections.predict import predict
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.evidence.tries import Map, Peer, Try
from ekukit.diagnosis.evidence.tunnels import PastedRow
from ekukit.diagnosis.findings.failures import OF_STRANGER
from ekukit.diagnosis.findings.finding import Confidence, Finding, Severity, ranked
from ekukit.diagnosis.findings.headline import failures_seen, headline, is_refused_caller
from ekukit.expressway import build, condition
from ekukit.log.words import Fate

LOG = Evidence(EvidenceKind.LOG, "messages", "line")
RULE = Evidence(EvidenceKind.RULE, "", "follows")
WORKS = predict(build(condition("C1")))
BROKEN, WILL, WEAK, NOTE = Severity
CERTAIN, LIKELY, POSSIBLE = Confidence
ZONE, TUNNEL = "uc-zone.client-eku-missing", "ssh-tunnel.client-eku-missing"
NOTHING = "Nothing is broken in what this archive shows."
UNSURE = "Nothing broken was found, but the archive does not show enough to be sure."


def finding(code: str, severity: Severity = BROKEN, **changes: object) -> Finding:
    """Return a finding that was seen in a log."""
    made = Finding(code, severity, CERTAIN, f"{code} was found. More.", "", "Mend it. Then rest.",
                   (LOG,), ())  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def told(*findings: Finding, unread: tuple[str, ...] = (), works: bool = True) -> str:
    """Return the sentence for findings in a deployment of which zone and tunnels work."""
    return headline(findings, WORKS if works else (), unread)


def states(**changed: State) -> str:
    """Return the sentence without findings, where connections have these states."""
    names = {name.replace("_", "-"): state for name, state in changed.items()}
    return headline((), [replace(o, state=names.get(o.connection, o.state)) for o in WORKS])


def test_nothing_is_broken_where_zone_and_tunnels_are_known_to_work() -> None:
    """Where one of the two is not known to, or not foreseen at all, that is not claimed."""
    assert told() == NOTHING
    assert told(works=False) == UNSURE
    assert states(uc_zone=State.UNKNOWN) == UNSURE
    assert states(ssh_tunnel=State.UNKNOWN) == UNSURE
    assert states(webex=State.UNKNOWN) == NOTHING


def test_that_nothing_is_broken_is_told_as_what_follows_where_nothing_was_seen_to_work() -> None:
    """Certificates and settings alone are no proof that zone and tunnels are up."""
    follows = headline((), WORKS, worked=False)
    assert follows.startswith(f"{NOTHING} That follows from certificates and settings")
    assert headline((), (), worked=False) == UNSURE


def test_what_was_seen_to_break_comes_before_what_only_follows_to() -> None:
    """Of equally sure findings; what is surer or worse comes first all the same."""
    follows = finding(TUNNEL, evidence=(RULE,))
    assert [f.code for f in ranked([follows, finding(ZONE)])] == [ZONE, TUNNEL]
    unsure = finding(ZONE, confidence=POSSIBLE)
    assert [f.code for f in ranked([unsure, follows])] == [TUNNEL, ZONE]


def test_nothing_is_broken_is_never_said_beside_a_part_that_was_not_read() -> None:
    """The first part is named, the others are counted."""
    start = "Nothing broken was found, but part of the archive could not be read: a.log"
    assert told(unread=("a.log.",)) == f"{start}."
    assert told(unread=("a.log", "b.log")) == f"{start} (and 1 more)."
    assert told(unread=("a.log", "b.log", "c.log")) == f"{start} (and 2 more)."
    broken = told(finding(ZONE), unread=("a.log",))
    assert broken.endswith(" Beware: part of the archive could not be read: a.log.")
    assert "Beware" not in told(finding(ZONE))


def test_what_will_break_or_is_weak_comes_behind_that_nothing_is_broken() -> None:
    """The first of them; a note is no news."""
    first, second = finding("certificate.expires", WILL), finding("certificate.weak-key", WEAK)
    assert told(first, second) == f"{NOTHING} certificate.expires was found. Mend it."
    assert told(finding("mode.off", NOTE)) == NOTHING
    more = replace(first, others=2)
    assert told(more) == f"{NOTHING} certificate.expires was found; 2 more like it. Mend it."


CALLER = finding(
    "b2b-in.client-eku-missing", WEAK, confidence=POSSIBLE,
    found=f"b2b-in.client-eku-missing was found. {OF_STRANGER}",
)  # fmt: skip
FAR = finding("b2b-out.unreached", WEAK)
REFUSED = "a connection with a caller whom it does not name failed."


def test_somebody_who_is_not_known_was_refused() -> None:
    """That Core and Edge work together is said where it is known; the caller before a far end."""
    both = f"Core and Edge work together in what this archive shows; {REFUSED}"
    assert told(CALLER) == f"{both} Possibly: b2b-in.client-eku-missing was found. Mend it."
    assert told(FAR, CALLER) == told(CALLER)
    alone = told(CALLER, works=False)
    assert alone.startswith("A connection with a caller whom the archive does not name failed;")
    gap = told(CALLER, unread=("a.log",))
    assert gap.startswith("Nothing broken was found, but part of the archive could not be read")
    assert gap.endswith("Possibly: b2b-in.client-eku-missing was found. Mend it.")


def test_a_line_of_another_program_tells_of_tls() -> None:
    """That program's own view breaks nothing here."""
    wrote = finding("program.wrote", WEAK)
    words = "line of another program tells of TLS that failed"
    assert told(wrote) == (
        f"Core and Edge work together in what this archive shows; a {words}. "
        "program.wrote was found. Mend it."
    )
    assert told(wrote, works=False).startswith(f"A {words}; nothing else broken was found.")


def test_a_far_end_was_not_reached() -> None:
    """Somebody else's host may be down: that breaks nothing here."""
    assert told(FAR) == (
        "Core and Edge work together in what this archive shows; a far end was not reached. "
        "b2b-out.unreached was found. Mend it."
    )
    assert told(FAR, works=False).startswith("A far end was not reached; nothing else broken")
    assert told(finding("certificate.weak-key", WEAK), FAR).endswith(
        "unreached was found. Mend it."
    )


IS_CALLER = [
    ({}, True), ({"severity": BROKEN}, False), ({"severity": NOTE}, False),
    ({"confidence": LIKELY}, False), ({"confidence": CERTAIN}, False),
    ({"evidence": (RULE,)}, False), ({"evidence": (RULE, LOG)}, True),
    ({"evidence": (replace(LOG, kind=EvidenceKind.PACKET),)}, True),
    ({"evidence": (replace(LOG, kind=EvidenceKind.PASTED),)}, True),
    ({"evidence": (replace(LOG, kind=EvidenceKind.CONFIGURATION),)}, False),
    ({"code": "certificate.weak-key"}, False), ({"found": "A node was refused."}, False),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), IS_CALLER)
def test_a_refused_caller_is_somebody_who_was_seen_and_is_not_known(
    changes: dict[str, object], *, expected: bool
) -> None:
    """On a connection of the catalog, weak and possible."""
    assert is_refused_caller(replace(CALLER, **changes)) is expected  # type: ignore[arg-type]


PUZZLE = finding("log.not-understood", WEAK, found="Three lines are not understood. They are.")


def test_beside_a_line_that_is_not_understood_nothing_is_said_to_work() -> None:
    """Nor are the lines told twice; another finding tells more than what to do with them."""
    start = "No broken thing that the kit knows was found, but: three lines are not understood."
    assert told(PUZZLE) == f"{start} Mend it."
    weak = finding("certificate.weak-key", WEAK)
    assert told(PUZZLE, weak) == f"{start} certificate.weak-key was found. Mend it."
    assert told(PUZZLE, CALLER).startswith(f"{start} Possibly: ")
    noted = replace(PUZZLE, severity=NOTE)
    assert told(noted) == f"{start} Mend it."
    gap = told(PUZZLE, unread=("a.log",))
    assert gap == f"{start} Mend it. Part of the archive could not be read: a.log."


def test_what_cannot_be_placed_comes_before_all_else() -> None:
    """A connection that is none of the catalog's, or a failure of nobody knows what."""
    odd = finding("log.unplaced", WEAK)
    expected = "Something failed that the kit cannot place. log.unplaced was found. Mend it."
    assert [told(odd), told(CALLER, odd), told(FAR, odd)] == [expected] * 3
    away = finding("log.unreached", WEAK)
    assert told(away) == (
        "A connection failed that is none of those that the kit judges. log.unreached was found. "
        "Mend it."
    )
    assert told(replace(odd, severity=NOTE)) == NOTHING


APART = finding("archive.two-systems", WEAK, found="Files of two systems. They differ.")


def test_files_of_two_systems_make_everything_doubtful() -> None:
    """Whether or not anything is broken, and said once."""
    assert told(APART) == f"{NOTHING} Beware: files of two systems."
    weak = finding("certificate.weak-key", WEAK)
    assert told(APART, weak) == (
        f"{NOTHING} certificate.weak-key was found. Mend it. Beware: files of two systems."
    )
    assert told(finding(ZONE), APART).endswith(" Beware: files of two systems.")


def test_a_broken_thing_is_told_with_what_was_seen_and_what_is_to_be_done() -> None:
    """The first sentences alone; how sure it is stands before it."""
    one = finding(ZONE, found="UC traversal zone: EKU. More.")
    assert told(one) == "UC traversal zone: EKU. Seen: failed. Mend it."
    assert told(replace(one, confidence=LIKELY)).startswith("Likely: UC traversal zone: EKU.")
    assert told(replace(one, confidence=POSSIBLE)).startswith("Possibly: UC traversal zone: EKU.")
    assert told(replace(one, others=3)) == "UC traversal zone: EKU. Seen: failed. Mend it."
    assert told(replace(one, evidence=(RULE, LOG))) == told(one)
    follows = replace(one, evidence=(RULE,))
    assert told(follows) == (
        "UC traversal zone: EKU. Not seen in these files; it follows. Mend it."
    )
    own = finding("certificate.expired", found="Expired. More.")
    assert told(own) == "Expired. Mend it."


def test_connections_that_fail_for_one_certificate_are_named_together() -> None:
    """By one cause of one node; what is less sure is not."""
    zone = finding(ZONE, found="UC traversal zone: EKU. More.")
    tunnel = finding(TUNNEL, found="SSH tunnel: EKU. More.", evidence=(RULE,))
    both = "UC traversal zone and SSH tunnel fail: EKU. "
    assert (
        told(zone, tunnel) == f"{both}Seen: UC traversal zone failed; follows: SSH tunnel. Mend it."
    )
    unseen = replace(zone, evidence=(RULE,))
    assert told(unseen, tunnel) == (
        f"{both}Not seen in these files; follows: UC traversal zone, SSH tunnel. Mend it."
    )
    seen = replace(tunnel, evidence=(LOG,))
    assert told(zone, seen) == f"{both}Seen: UC traversal zone failed, SSH tunnel failed. Mend it."
    doubtful = replace(tunnel, confidence=POSSIBLE)
    assert told(zone, doubtful) == "UC traversal zone: EKU. Seen: failed. Mend it."
    likely = [replace(one, confidence=LIKELY) for one in (zone, tunnel)]
    assert told(*likely).startswith("Likely: UC traversal zone: EKU. Seen: UC traversal zone")
    maybe = [replace(one, confidence=POSSIBLE) for one in (zone, tunnel)]
    assert told(*maybe).startswith(
        "Possibly: UC traversal zone: EKU. Seen: UC traversal zone failed; follows: SSH tunnel."
    )
    bare = replace(zone, found="Core lacks it.")
    assert told(bare, tunnel).startswith("Core lacks it. Seen: UC traversal zone failed;")


def test_other_broken_things_are_counted() -> None:
    """Not the same fault of the same certificate, nor a certificate's own finding of it."""
    zone = finding(ZONE, found="UC traversal zone: EKU.")
    edge = finding("b2b-out.client-eku-missing")
    server = finding("uc-zone.server-expired")
    alone = "UC traversal zone: EKU. Seen: failed. Mend it."
    assert told(zone, edge) == f"{alone} (1 more broken thing below.)"
    assert told(zone, edge, server).endswith(" Mend it. (2 more broken things below.)")
    assert "more broken" not in told(zone, finding(TUNNEL))
    own = finding("certificate.eku-missing")
    assert "more broken" not in told(zone, own)
    assert told(zone, finding("certificate.expired")).endswith("(1 more broken thing below.)")
    assert "more broken" not in told(finding("cluster.server-expired"), finding("mode.expired"))


def test_codes_of_families_stand_for_their_connection() -> None:
    """Tunnel and zone, as findings of their own begin."""
    tunnel = finding("tunnel.untrusted-issuing-ca", found="It is not trusted.")
    shown = headline([tunnel], WORKS, (), {"ssh-tunnel": {Fate.REFUSED: 2}})
    assert shown == "It is not trusted. Seen: refused twice. Mend it."
    zone = finding("zone.unexplained", found="It fails.")
    other = finding("uc-zone.unexplained", evidence=(RULE,))
    third = finding("tunnel.unexplained", evidence=(RULE,))
    assert told(zone, other) == "It fails. Seen: failed. Mend it."
    assert told(zone, other, third) == (
        "It fails. Seen: UC traversal zone failed; follows: SSH tunnel. Mend it."
    )
    shown = headline([zone], WORKS, (), {"uc-zone": {Fate.FAILED: 1}})
    assert shown == "It fails. Seen: failed once. Mend it."


OFTEN = [
    ({Fate.REFUSED: 1}, "refused once"), ({Fate.REFUSED: 2, Fate.FAILED: 9}, "refused twice"),
    ({Fate.REFUSED: 1234}, "refused 1,234 times"), ({Fate.FAILED: 1, Fate.DENIED: 2},
     "failed 3 times"), ({}, "failed"), ({Fate.UNREACHED: 2}, "failed twice"),
]  # fmt: skip


@pytest.mark.parametrize(("failures", "words"), OFTEN)
def test_how_often_it_was_seen(failures: dict[Fate, int], words: str) -> None:
    """Refused counts before failed otherwise."""
    shown = headline([finding(ZONE)], WORKS, (), {"uc-zone": failures})
    assert f"Seen: {words}." in shown


def test_failures_are_counted_by_connection_and_fate() -> None:
    """Of tries and of pasted rows; what worked is none."""
    client, server = Peer("10.0.0.1", 25011), Peer("10.0.0.2", 7001)
    fates = (*Fate, Fate.REFUSED)
    tries = tuple(Try(client, server, fate, Cause.OTHER, None, (LOG,)) for fate in fates)
    rows = tuple(
        PastedRow("ssh-tunnel", state, "", "", LOG)
        for state in (State.FAILED, State.ACTIVE, State.FAILED)
    )
    seen = Seen(tries, rows, Inventory({}, {}, {}, ()), Map(uc_ports=frozenset({7001})))
    found = failures_seen(seen)
    assert {name: dict(counts) for name, counts in found.items()} == {
        "uc-zone": {Fate.REFUSED: 2, Fate.DENIED: 1, Fate.UNREACHED: 1, Fate.FAILED: 1},
        "ssh-tunnel": {Fate.FAILED: 2},
    }


DIRECTORY = finding("directory.refused", WEAK)


@pytest.mark.parametrize("code", ["directory.refused", "directory.failed"])
def test_a_directory_server_could_not_be_used(code: str) -> None:
    """It breaks no zone; a caller and a far end come before it."""
    one = finding(code, WEAK)
    assert told(one) == (
        "Core and Edge work together in what this archive shows; a directory server could not be "
        f"used. {code} was found. Mend it."
    )
    assert told(one, works=False) == (
        "A directory server could not be used; nothing else broken was found. "
        f"{code} was found. Mend it."
    )
    assert [told(one, other) for other in (CALLER, FAR)] == [told(CALLER), told(FAR)]
    assert told(replace(one, severity=NOTE)) == NOTHING
    gap = told(one, unread=("a.log",))
    assert gap.startswith("Nothing broken was found, but part of the archive could not be read")
    assert gap.endswith(f"{code} was found. Mend it.")


@pytest.mark.parametrize("code", ["test.refused", "test.alert"])
def test_a_test_that_somebody_ran_failed(code: str) -> None:
    """It is told last of what stands outside, and one that went well not at all."""
    one = finding(code, WEAK)
    expected = (
        "Nothing broken was found in the archive, but a test that somebody ran failed. "
        f"{code} was found. Mend it."
    )
    assert [told(one), told(one, works=False)] == [expected] * 2
    assert told(one, DIRECTORY) == told(DIRECTORY)
    assert told(finding("test.verified", NOTE)) == NOTHING


def test_that_core_and_edge_work_together_needs_to_have_been_seen() -> None:
    """What only follows from certificates is not said to work."""
    for one in (CALLER, FAR, DIRECTORY):
        assert headline([one], WORKS, worked=False) == told(one, works=False)


LOOSE = finding("archive.loose-certificates", NOTE, found="Two are not judged: a. They are b.")


def test_certificates_of_no_known_store_are_told_where_nothing_else_is_known() -> None:
    """Beside anything weak, a gap, a puzzle or a node that is judged they are no headline."""
    alone = "Nothing broken was found, but two are not judged: a. Mend it."
    assert headline([LOOSE], ()) == alone
    assert headline([LOOSE], WORKS) == headline([], WORKS)
    weak = finding("certificate.weak-key", WEAK)
    assert headline([LOOSE, weak], ()) == headline([weak], ())
    assert headline([LOOSE, PUZZLE], ()) == headline([PUZZLE], ())
    noted = replace(PUZZLE, severity=NOTE)
    assert headline([LOOSE, noted], ()) == headline([noted], ())
    assert headline([LOOSE], (), ("a.log",)) == headline([], (), ("a.log",))
