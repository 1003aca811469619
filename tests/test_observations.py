"""What was seen to fail, as findings: under which code, how sure, beside what else was seen."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from paths import CODE, LEAF, Shape, make
from test_certificate_rules import held
from test_finding_set import (
    BROKEN,
    CERTAIN,
    CORE,
    EDGE,
    KNOWN,
    LIKELY,
    LOG,
    NOON,
    POSSIBLE,
    RULE,
    TUNNEL,
    WEAK,
    ZONE,
    draft,
    row,
    seen,
)

from ekukit.connections import Cause, Side, State
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.logged import Unknown
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.evidence.setting import Setting, Zone
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.evidence.tries import Peer, Try
from ekukit.diagnosis.evidence.tunnels import PastedRow
from ekukit.diagnosis.evidence.zones import zones_of
from ekukit.diagnosis.findings.failures import OF_STRANGER
from ekukit.diagnosis.findings.finding import Finding
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.observations import add_observations
from ekukit.expressway import Store
from ekukit.log.meanings import meaning_of
from ekukit.log.troubles import Trouble
from ekukit.log.words import Fate, WordRow, rows

CLIENT, SERVER = Side.CLIENT, Side.SERVER
PACKET = replace(LOG, kind=EvidenceKind.PACKET)
REFUSED, FAILED, WORKED, UNREACHED, DENIED = (
    Fate.REFUSED, Fate.FAILED, Fate.WORKED, Fate.UNREACHED, Fate.DENIED,
)  # fmt: skip
SSH = replace(EDGE, port=2222)
CALLER = Peer("192.0.2.77", 40000)
MTLS = replace(EDGE, port=5062)


def words(text: str) -> WordRow:
    """Return the row of the table that has these words."""
    return next(one for one in rows() if text in one.texts)


def met(cause: Cause = Cause.OTHER, side: Side | None = CLIENT, fate: Fate = REFUSED,
        minutes: int | None = 0, **changes: object) -> Try:  # fmt: skip
    """Return a try of the zone, so many minutes after noon."""
    at = None if minutes is None else NOON + dt.timedelta(minutes=minutes)
    made = Try(CORE, EDGE, fate, cause, side, (LOG,), words="bad", time=at)
    return replace(made, **changes)  # type: ignore[arg-type]


def found_in(all_seen: Seen, *before: str) -> dict[str, Finding]:
    """Return findings by code; `before` are codes that were found before."""
    gathered = Gathered()
    for code in before:
        gathered.add(draft(code=code, evidence=[RULE]))
    add_observations(gathered, all_seen)
    return {one.code: one for one in gathered.all()}


def one(*tries: Try, before: tuple[str, ...] = (), **changes: object) -> Finding:
    """Return the one finding of tries."""
    (found,) = found_in(replace(seen(*tries), **changes), *before).values()
    return found


def code_of(*tries: Try, before: tuple[str, ...] = (), **changes: object) -> set[str]:
    """Return the codes of tries."""
    return set(found_in(replace(seen(*tries), **changes), *before))


CODES: list[tuple[dict[str, object], str, object]] = [
    ({"cause": Cause.EXPIRED}, "uc-zone.client-expired", CERTAIN),
    ({"cause": Cause.EXPIRED, "side": SERVER}, "uc-zone.server-expired", CERTAIN),
    ({"cause": Cause.EXPIRED, "evidence": (PACKET,)}, "uc-zone.client-expired", LIKELY),
    ({"cause": Cause.EXPIRED, "evidence": (LOG, PACKET)}, "uc-zone.client-expired", CERTAIN),
    ({"trouble": Trouble.REFUSED}, "uc-zone.client-refused", LIKELY),
    ({"cause": Cause.EXPIRED, "trouble": Trouble.REFUSED}, "uc-zone.client-expired", CERTAIN),
    ({"trouble": Trouble.REFUSED, "side": SERVER}, "uc-zone.server-refused", LIKELY),
    ({"trouble": Trouble.REFUSED, "side": None}, "uc-zone.other", POSSIBLE),
    ({}, "uc-zone.other", POSSIBLE),
    ({"server": Peer("192.0.2.1", 9)}, "log.unknown-reason", POSSIBLE),
    ({"server": Peer("192.0.2.1", 9), "trouble": Trouble.REFUSED}, "log.refused", POSSIBLE),
    ({"server": Peer("192.0.2.1", 9), "cause": Cause.EXPIRED}, "log.refused", POSSIBLE),
    ({"server": SSH, "trouble": Trouble.REFUSED}, "tunnel.client-refused", LIKELY),
]  # fmt: skip


@pytest.mark.parametrize(("how", "code", "sure"), CODES)
def test_a_refusal_has_the_code_that_its_words_tell(
    how: dict[str, Any], code: str, sure: object
) -> None:
    """A log knows why; a capture shows an alert, which may stand for more than one reason."""
    found = one(met(**how))
    assert (found.code, found.confidence) == (code, sure)


FORESEEN: list[tuple[dict[str, object], set[str], str, object]] = [
    ({"cause": Cause.EXPIRED, "evidence": (PACKET,)}, {"uc-zone.client-expired"},
     "uc-zone.client-expired", CERTAIN),
    ({}, {ZONE}, ZONE, LIKELY), ({"side": None}, {ZONE}, ZONE, LIKELY),
    ({"side": SERVER}, {ZONE}, "uc-zone.other", POSSIBLE),
    ({"trouble": Trouble.REFUSED}, {ZONE}, ZONE, LIKELY),
    ({}, {"uc-zone.client-expired", ZONE}, ZONE, LIKELY),
    ({"cause": Cause.EKU}, {"uc-zone.client-issuing-ca-eku"}, "uc-zone.client-issuing-ca-eku",
     LIKELY),
    ({"cause": Cause.CA_EKU}, {ZONE}, ZONE, LIKELY),
    ({"cause": Cause.EKU}, {ZONE}, ZONE, CERTAIN),
    ({"cause": Cause.EKU}, {"uc-zone.client-expired"}, ZONE, CERTAIN),
    ({"cause": Cause.EXPIRED}, {ZONE}, "uc-zone.client-expired", CERTAIN),
    ({"cause": Cause.EKU, "side": SERVER}, {ZONE}, "uc-zone.server-eku-missing", CERTAIN),
]  # fmt: skip


@pytest.mark.parametrize(("how", "foreseen", "code", "sure"), FORESEEN)
def test_what_was_foreseen_explains_what_was_seen(
    how: dict[str, Any], foreseen: set[str], code: str, sure: object
) -> None:
    """Of the same side; one word for usages stands for leaf and issuing CA."""
    found = one(met(**how), foreseen={"uc-zone": frozenset(foreseen)})
    assert (found.code, found.confidence) == (code, sure)


def test_another_view_of_a_known_cause_is_evidence_of_it() -> None:
    """Between the same ends, or found before; what names none is told by itself."""
    expired = met(Cause.EXPIRED)
    view = met(minutes=1, evidence=(replace(LOG, text="view"),))
    found = one(view, expired)
    assert (found.code, [e.text for e in found.evidence]) == (
        "uc-zone.client-expired", ["line", "view"])  # fmt: skip
    elsewhere = replace(view, server=replace(EDGE, host="edge2"))
    assert code_of(expired, elsewhere) == {"uc-zone.client-expired", "uc-zone.other"}
    known = found_in(replace(seen(view), foreseen={"uc-zone": frozenset({ZONE})}), ZONE)[ZONE]
    assert [e.text for e in known.evidence] == ["follows", "view"]
    assert "bad" not in known.found
    refused = met(trouble=Trouble.REFUSED, words="first")
    again = met(trouble=Trouble.REFUSED, words="second", minutes=1)
    told = one(refused, again)
    assert ("first" in told.found, "second" in told.found) == (True, True)
    told = one(met(words="first"), met(words="second", minutes=1))
    assert (told.code, "second" in told.found) == ("uc-zone.other", True)


def test_what_names_a_cause_is_told_first() -> None:
    """Then what is known to be no certificate, then the vague; known ends, lasting failures."""
    vague = words("core server certificate verification failed")
    tries = [
        met(fate=FAILED, trouble=Trouble.CLOSED, row=vague, side=None, words="vague"),
        met(fate=FAILED, trouble=Trouble.VERSION, side=None, words="plain"),
        met(Cause.EXPIRED, words="named"),
    ]
    found = found_in(seen(*tries))
    assert set(found) == {"uc-zone.client-expired", "uc-zone.no-common-version"}
    ends = {"server": MTLS, "words": ""}
    known = replace(KNOWN, configured=frozenset({"198.51.100.5"}))
    stranger = met(Cause.UNTRUSTED, client=CALLER, **ends)
    partner = met(Cause.UNTRUSTED, client=replace(CALLER, address="198.51.100.5"), **ends)
    both = one(stranger, partner, known=known)
    assert both.found.startswith("B2B call, inbound: Edge edge1 found no path from 198.51.100.5's")
    healed = met(Cause.EXPIRED, minutes=0)
    lasting = met(Cause.EXPIRED, minutes=9, client=replace(CORE, host="core9"))
    worked = met(fate=WORKED, minutes=5)
    first = one(healed, lasting, worked)
    assert first.found.startswith("UC traversal zone: Edge edge1 refused Core core9's")
    assert first.severity is BROKEN


HEALED = [
    (((WORKED, 1), ), True), (((WORKED, 0),), False), (((WORKED, -1),), False),
    (((WORKED, None),), False), (((WORKED, -1), (WORKED, 5)), True),
    (((WORKED, 5), (WORKED, -1)), True), (((REFUSED, 1),), False),
]  # fmt: skip


@pytest.mark.parametrize(("others", "healed"), HEALED)
@pytest.mark.parametrize("fate", [REFUSED, FAILED, UNREACHED])
def test_what_connected_later_is_weak(
    fate: Fate, others: tuple[tuple[Fate, int | None], ...], *, healed: bool
) -> None:
    """By the last success between the same two ends, after it."""
    found = found_in(seen(
        met(Cause.EXPIRED if fate is REFUSED else Cause.OTHER, fate=fate,
            trouble=None if fate is REFUSED else Trouble.TIMED_OUT),
        *(met(Cause.NAME, fate=other, minutes=at) for other, at in others),
    ))  # fmt: skip
    told = next(one for code, one in found.items() if "name" not in code)
    assert (told.severity is WEAK) is healed
    assert ("It connected later." in told.found) is healed


def test_only_the_same_ends_and_connection_heal() -> None:
    """Another node that works says nothing; a try without a time is not known to be before."""
    expired = met(Cause.EXPIRED)
    later = met(fate=WORKED, minutes=5)
    for other in (replace(later, client=replace(CORE, host="core2")),
                  replace(later, server=replace(EDGE, host="edge2")),
                  replace(later, server=SSH)):  # fmt: skip
        assert one(expired, other).severity is BROKEN
    assert one(replace(expired, time=None), later).severity is BROKEN


def test_of_many_alike_a_hundred_are_told_and_all_are_counted() -> None:
    """By connection, fate, cause, trouble and side."""
    many = [met(Cause.EXPIRED, minutes=n, words="") for n in range(100)]
    assert "times in all" not in one(*many).found
    assert one(*many, met(Cause.EXPIRED, minutes=200)).found.endswith(" Seen 101 times in all.")
    other = met(Cause.EXPIRED, SERVER)
    assert not any("times in all" in f.found for f in found_in(seen(*many, other)).values())
    late = met(Cause.EXPIRED, minutes=300, client=replace(CORE, host="core7"))
    assert "core7" not in one(*many, late).found
    assert "core7" in one(*many[:99], late).found


OUT = {"client": EDGE, "server": Peer("203.0.113.9", 5061), "name": "far.example.net"}


def test_a_caller_whom_nobody_knows_is_possible_and_weak() -> None:
    """Whoever misses nothing has nothing to do; a peer that is configured is known."""
    caller = met(Cause.UNTRUSTED, client=CALLER, server=MTLS)
    found = one(caller)
    assert (found.severity, found.confidence) == (WEAK, POSSIBLE)
    assert f" {OF_STRANGER} 192.0.2.77 is: a scanner" in found.found
    assert found.todo.startswith(
        "Find out whether anybody misses a call or a login; if not, "
        "nothing; if so: put root and issuing CA of the certificate "
    )
    known = one(caller, known=replace(KNOWN, configured=frozenset({CALLER.address})))
    assert (known.severity, OF_STRANGER in known.found) == (BROKEN, False)
    assert known.todo.startswith("Put root and issuing CA")
    own = met(Cause.UNTRUSTED, client=CALLER, server=MTLS, row=words("plugin failed the origin "
              "certificate check"))  # fmt: skip
    assert "; if so: " in one(own).todo
    its_step = met(trouble=Trouble.REFUSED, client=CALLER, server=MTLS,
                   row=words("algorithm constraints check failed"))  # fmt: skip
    assert "; if so: re-issue it with an RSA key of at least 2048 bits" in one(its_step).todo
    failed = met(fate=FAILED, trouble=Trouble.CLOSED, client=CALLER, server=MTLS)
    told = one(failed)
    assert (told.severity, told.confidence, told.todo) == (
        WEAK, POSSIBLE, "Find out whether anybody misses a call or a login; if not, nothing.",
    )  # fmt: skip
    partner = one(failed, known=replace(KNOWN, configured=frozenset({CALLER.address})))
    assert (partner.severity, partner.confidence) == (BROKEN, CERTAIN)


def store(path: tuple[Any, ...], kind: Store = Store.CLIENT, **changes: object) -> Inventory:
    """Return an inventory in which Core holds the leaf of a path."""
    found = replace(held(path), store=kind, **changes)
    return Inventory({("core1", kind): found}, {}, {}, ())


def test_the_refused_certificate_is_evidence_and_named() -> None:
    """With its serial; a fault that it has counts before the word for several faults."""
    odd = store(make(Shape(leaf=replace(LEAF, ekus=(CODE,)))))
    found = one(met(Cause.EKU), inventory=odd)
    assert (found.code, found.confidence) == (ZONE, CERTAIN)
    assert "(serial 7)" in found.found
    assert [e.kind for e in found.evidence] == [EvidenceKind.LOG, EvidenceKind.CERTIFICATE]
    usage = store(make(Shape(leaf=replace(LEAF, usage=("keyCertSign",)))))
    assert one(met(Cause.EKU), inventory=usage).code == "uc-zone.client-key-usage"


def test_a_certificate_that_fits_was_another_one() -> None:
    """Then the store's is evidence too, and nothing is certain."""
    sound = store(make(Shape()))
    found = one(met(Cause.EKU), inventory=sound)
    assert (found.code, found.confidence) == (ZONE, POSSIBLE)
    assert "(serial 7), so another one was refused" in found.found
    assert [e.kind for e in found.evidence] == [EvidenceKind.LOG, EvidenceKind.CERTIFICATE]
    shown = met(Cause.EKU, client_serial="7")
    captured = one(shown, inventory=sound)
    assert (captured.code, captured.decide[:11]) == ("uc-zone.other", "The capture")
    assert '("bad")' in captured.found
    assert one(met(Cause.EXPIRED), inventory=Inventory({}, {}, {}, ())).decide == ""


def test_words_that_name_no_cause_are_quoted() -> None:
    """Two hundred letters of them, unless the table has a sentence of its own."""
    long = "x" * 201
    assert one(met(words=long)).found.endswith(f'("{"x" * 200}").')
    assert '("' not in one(met(words="")).found
    assert '("bad")' not in one(met(Cause.EXPIRED)).found
    said = next(row for row in rows() if row.said and row.cause is Cause.OTHER
                and row.trouble is Trouble.REFUSED)  # fmt: skip
    own = one(met(trouble=Trouble.REFUSED, row=said))
    assert '("bad")' not in own.found
    assert set(said.facts) <= set(own.facts)
    silent = words("plugin failed the origin certificate check")
    assert '("bad")' in one(met(trouble=Trouble.REFUSED, row=silent)).found


def test_what_is_to_be_done_is_the_rows_the_causes_or_the_codes() -> None:
    """The row's where its cause counts; the cause's where no connection is told."""
    far = {"server": Peer("192.0.2.1", 9)}
    assert one(met(Cause.EXPIRED, **far)).todo.startswith("Renew it (")
    assert one(met(**far)).todo == "Read the line; look at the capture."
    assert one(met(Cause.EXPIRED)).todo.startswith("Renew it (Maintenance")
    said = next(row for row in rows() if row.todo and row.cause is Cause.OTHER
                and row.trouble is Trouble.REFUSED)  # fmt: skip
    assert (
        one(met(trouble=Trouble.REFUSED, row=said)).todo != one(met(trouble=Trouble.REFUSED)).todo
    )
    eku = replace(said, cause=Cause.EKU, todo="Do as the row says.")
    usage = store(make(Shape(leaf=replace(LEAF, usage=("keyCertSign",)))))
    assert one(met(Cause.EKU, row=eku)).todo == "Do as the row says."
    assert one(met(Cause.EKU, row=eku), inventory=usage).todo.startswith("Re-issue")


def test_what_is_to_be_done_is_that_of_the_code_under_which_it_is_told() -> None:
    """One word for usages is told as what was foreseen, the leaf's fault, with its step."""
    foreseen = {"uc-zone": frozenset({ZONE})}
    assert one(met(Cause.CA_EKU)).todo != one(met(Cause.EKU)).todo
    assert one(met(Cause.CA_EKU), foreseen=foreseen).todo == one(met(Cause.EKU)).todo


def test_the_trusted_ca_list_is_evidence_of_what_is_not_trusted() -> None:
    """That of the node that judges, the first twelve of it."""

    def listed(count: int, host: str) -> Inventory:
        cas = tuple((held().parsed, Evidence(EvidenceKind.CERTIFICATE, "ca.pem", f"CA {n}", line=n))
                    for n in range(1, count + 1))  # fmt: skip
        return Inventory({}, {}, {host: cas}, ())

    def texts(found: Finding) -> list[tuple[str, int | None, str]]:
        return [(e.file, e.line, e.text) for e in found.evidence if e.store == "ca"]

    untrusted = met(Cause.UNTRUSTED)
    assert texts(one(untrusted, inventory=listed(2, "edge1"))) == [
        ("ca.pem", 1, "the trusted CA list of Edge edge1 holds 2: CA 1; CA 2")]  # fmt: skip
    assert texts(one(untrusted, inventory=listed(2, "core1"))) == []
    assert texts(one(met(Cause.UNTRUSTED, SERVER), inventory=listed(1, "core1"))) == [
        ("ca.pem", 1, "the trusted CA list of Core core1 holds 1: CA 1")]  # fmt: skip
    assert texts(one(met(Cause.EXPIRED), inventory=listed(2, "edge1"))) == []
    twelve = "; ".join(f"CA {n}" for n in range(1, 13))
    assert texts(one(untrusted, inventory=listed(12, "edge1")))[0][2].endswith(f"12: {twelve}")
    assert texts(one(untrusted, inventory=listed(14, "edge1")))[0][2].endswith(
        f"14: {twelve}; and 2 more")  # fmt: skip
    kinds = {e.kind for e in one(untrusted, inventory=listed(2, "edge1")).evidence}
    assert kinds == {EvidenceKind.LOG, EvidenceKind.CERTIFICATE}


def zones(host: str, *settings: tuple[str, str]) -> dict[str, Any]:
    """Return the zones of a node with one UC traversal zone."""
    kind = "TraversalServer" if host == "edge1" else "TraversalClient"
    told = [("CollaborationEdge", "On"), *settings]
    found = tuple(Setting(f"Zones Zone 1 {kind} {key}", value, "xconf.txt", line)
                  for line, (key, value) in enumerate(told, 1))  # fmt: skip
    found += (Setting("Zones Zone 1 Name", "big", "xconf.txt", 9),)
    return zones_of([NodeSettings(host, found, (Zone(1, kind.lower(), found),))])


def test_settings_that_looked_for_a_name_are_told_with_it() -> None:
    """The name, its line, and a sentence; without settings that a name was looked for."""
    told = zones("edge1", ("SIP TLS Verify Subject Name", "zone.example.com"))
    name = met(Cause.NAME, inbound=True)
    found = one(name, zones=told)
    assert "did not find the name zone.example.com in" in found.found
    assert found.found.endswith('. The TLS verify subject name there is "zone.example.com".')
    assert [e.line for e in found.evidence] == [1, 2]
    assert "The name zone.example.com among" in found.required
    assert "the name that it expects in" in one(name).found
    assert "The name that is expected among" in one(name).required


def test_a_server_that_was_called_by_its_address_is_to_be_called_by_name() -> None:
    """For its name alone; a client is not called."""
    by = "Enter a name that stands in the certificate as the peer address"

    def todo(cause: Cause = Cause.NAME, side: Side = SERVER, name: str = "192.0.2.5") -> str:
        host = "core1" if side is SERVER else "edge1"
        return one(met(cause, side, name=name, inbound=side is CLIENT), zones=zones(host)).todo

    assert todo().startswith(by)
    assert [todo(Cause.EXPIRED)[:5], todo(name="far.example.net")[:5], todo(side=CLIENT)[:5]] == [
        "Renew", "Re-is", "Re-is"]  # fmt: skip
    told = zones("edge1", ("SIP TLS Verify Subject Name", "192.0.2.5"))
    assert one(met(Cause.NAME, inbound=True), zones=told).todo.startswith("Re-issue")


def test_lines_that_nobody_understands_are_told() -> None:
    """Beside what failed."""
    line = Unknown(LOG, "strange words")
    assert code_of(met(Cause.EXPIRED), unknown=(line,)) == {
        "uc-zone.client-expired", "log.not-understood"}  # fmt: skip


def test_a_denied_tunnel_is_told_and_other_denials_are_not() -> None:
    """Of a zone, permission is not what is denied."""
    assert code_of(met(fate=DENIED, server=SSH, side=None)) == {"tunnel.unexplained"}
    assert code_of(met(fate=DENIED, side=None)) == set()
    for fate in (WORKED, Fate.REACHED, Fate.ELSEWHERE):
        assert code_of(met(fate=fate)) == set()


def test_a_directory_server_is_no_connection_of_the_kit() -> None:
    """On whatever port; what comes behind it is told all the same."""
    lookup = met(Cause.EXPIRED, SERVER, directory=True)
    assert code_of(lookup) == {"directory.refused"}
    assert code_of(lookup, met(Cause.EXPIRED, minutes=1)) == {
        "directory.refused", "uc-zone.client-expired"}  # fmt: skip


FITTING: list[tuple[dict[str, object], str, bool]] = [
    # A failure without a certificate's name, a code that is known, whether it is a view of it.
    ({"trouble": Trouble.CLOSED}, "uc-zone.client-expired", True),
    ({"trouble": Trouble.HANDSHAKE}, "uc-zone.client-expired", True),
    ({"trouble": Trouble.VERSION}, "uc-zone.client-expired", False),
    ({"trouble": Trouble.CLOSED}, "uc-zone.server-expired", False),
    ({"trouble": Trouble.CLOSED, "inbound": True}, "uc-zone.server-expired", True),
    ({"trouble": Trouble.CLOSED, "inbound": True}, "uc-zone.client-expired", False),
    ({"trouble": Trouble.CLOSED, "server": SSH}, "ssh-tunnel.client-expired", False),
    ({"trouble": Trouble.HOST_KEY, "server": SSH}, "ssh-tunnel.server-expired", True),
    ({"trouble": Trouble.HOST_KEY, "server": SSH}, "ssh-tunnel.client-expired", False),
    ({"trouble": Trouble.CLOSED, "server": replace(EDGE, port=9)}, "uc-zone.client-expired", False),
]  # fmt: skip


@pytest.mark.parametrize(("how", "known", "is_view"), FITTING)
def test_a_failure_may_be_another_view_of_a_refusal(
    how: dict[str, Any], known: str, *, is_view: bool
) -> None:
    """Of the certificate that the far end judges, where it only closed or ended it."""
    failed = met(fate=FAILED, side=None, **how)
    name = known.partition(".")[0]
    found = found_in(replace(seen(failed), foreseen={name: frozenset({known})}), known)
    assert (set(found) == {known}) is is_view
    assert (LOG in found[known].evidence) is is_view
    alone = found_in(replace(seen(failed), foreseen={name: frozenset({known})}))
    assert known not in alone != {}


def test_a_failure_is_a_view_of_what_was_refused_between_the_same_ends() -> None:
    """Not of others."""
    expired = met(Cause.EXPIRED)
    closed = met(fate=FAILED, side=None, trouble=Trouble.CLOSED, minutes=1)
    assert code_of(expired, closed) == {"uc-zone.client-expired"}
    other = replace(closed, server=replace(EDGE, host="edge2"))
    assert code_of(expired, other) == {"uc-zone.client-expired", "uc-zone.closed"}


def test_views_are_told_behind_what_they_are_views_of() -> None:
    """In whatever order they are read; two refusals for one reason are both told."""
    expired = met(Cause.EXPIRED, minutes=5)
    closed = met(fate=FAILED, side=None, trouble=Trouble.CLOSED)
    assert code_of(closed, expired) == {"uc-zone.client-expired"}
    version = met(fate=FAILED, side=None, trouble=Trouble.VERSION, minutes=5)
    vague = words("core server certificate verification failed")
    for refused in (met(side=None), met(side=None, trouble=Trouble.REFUSED, row=vague)):
        for words_row in (None, next(r for r in rows() if r.trouble is Trouble.VERSION)):
            assert code_of(refused, replace(version, row=words_row)) == {
                "uc-zone.no-common-version"
            }
    plain = met(side=None, trouble=Trouble.REFUSED)
    assert code_of(plain, version) == {"uc-zone.other", "uc-zone.no-common-version"}
    other = replace(expired, client=replace(CORE, host="core9"))
    assert "core9" in one(expired, other).found
    reset = words("connection reset by")
    assert set(reset.facts) <= set(one(met(Cause.EXPIRED, row=reset)).facts)


def test_a_failure_is_told_with_its_words_once() -> None:
    """As certain as its words; two hundred letters of them."""
    closed = met(fate=FAILED, side=None, trouble=Trouble.VERSION, words="y" * 201)
    found = one(closed)
    assert (found.code, found.confidence) == ("uc-zone.no-common-version", CERTAIN)
    assert found.found.endswith(f'("{"y" * 200}").')
    assert found.found.startswith("UC traversal zone: ")
    again = replace(closed, evidence=(replace(LOG, text="again"),), words="other",
                    time=NOON + dt.timedelta(minutes=1))  # fmt: skip
    both = one(closed, again)
    assert (both.found, [e.text for e in both.evidence]) == (found.found, ["line", "again"])
    assert '("' not in one(replace(closed, words="")).found
    assert one(replace(closed, trouble=None)).code == "uc-zone.internal-error"
    nameless = one(replace(closed, server=Peer("192.0.2.1", 9)))
    assert (nameless.code, nameless.found[:4] != "UC t") == ("log.no-common-version", True)
    vague = words("connection reset by")
    unsure = met(fate=FAILED, side=None, trouble=Trouble.CLOSED, row=vague, server=SSH)
    assert one(unsure).confidence is POSSIBLE
    assert set(vague.facts) <= set(one(unsure).facts)
    assert one(unsure).todo.startswith("Look in the log of ")
    assert '("bad")' in one(unsure).found
    alert = next(row for row in rows() if "(alert" in row.said and row.trouble)
    told = met(fate=FAILED, side=None, trouble=alert.trouble, row=alert)
    assert ('("bad")' in one(told).found, one(told).confidence) == (False, CERTAIN)
    assert '("bad")' in one(met(fate=FAILED, side=None, trouble=Trouble.CLOSED)).found


def test_a_failure_tells_which_zone_it_met() -> None:
    """As the settings of the node that tells of it have it."""
    told = zones("core1", ("Peer 1 Address", "10.106.80.31"))
    closed = met(fate=FAILED, side=None, trouble=Trouble.VERSION,
                 server=Peer("10.106.80.31", 7001))  # fmt: skip
    found = one(closed, zones=told)
    assert '"). 10.106.80.31 is a peer of the traversal zone "big".' in found.found
    assert [e.kind.value for e in found.evidence] == ["log", "configuration"]


def lost(trouble: Trouble | None = Trouble.TIMED_OUT, **changes: object) -> Try:
    """Return a try that did not reach the other end."""
    return met(fate=UNREACHED, side=None, trouble=trouble, words="z" * 121, **changes)  # type: ignore[arg-type]


def test_what_is_not_reached_is_certain_unless_it_once_was() -> None:
    """With the screen to look at; a row of a page that is Active shows it, too."""
    found = one(lost())
    assert (found.code, found.confidence) == ("zone.unreached", CERTAIN)
    assert found.decide == (
        "Configuration > Zones on both nodes; a connection to that port from the initiator's "
        "network"
    )
    assert found.found.endswith(f'("{"z" * 120}").')
    whole = "At another time it was reached"
    assert whole not in found.found
    for fate in (Fate.REACHED, REFUSED, WORKED, DENIED):
        other = met(Cause.EXPIRED, fate=fate, minutes=-5)
        told = found_in(seen(lost(), other))["zone.unreached"]
        assert (told.confidence, whole in told.found) == (POSSIBLE, True)
    for fate in (FAILED, UNREACHED, Fate.ELSEWHERE):
        other = met(fate=fate, side=None, minutes=-5, trouble=Trouble.NO_NAME)
        assert found_in(seen(lost(), other))["zone.unreached"].confidence is CERTAIN
    elsewhere = met(fate=WORKED, server=SSH, minutes=-5)
    assert one(lost(), elsewhere).confidence is CERTAIN
    later = one(lost(), met(fate=WORKED, minutes=5))
    assert (later.severity, whole in later.found) == (WEAK, False)
    for state, sure in ((State.ACTIVE, POSSIBLE), (State.FAILED, CERTAIN)):
        pages = found_in(seen(lost(), rows=(row(state, "uc-zone"),)))
        assert pages["zone.unreached"].confidence is sure
    other_row = one(lost(), rows=(row(State.ACTIVE),))
    assert other_row.confidence is CERTAIN
    many = [met(fate=Fate.REACHED, minutes=-n, evidence=(replace(LOG, text=str(n)),))
            for n in range(1, 5)]  # fmt: skip
    assert [e.text for e in one(lost(), *many).evidence] == ["line", "1", "2"]


def test_what_is_not_reached_over_ssh_has_its_screen_and_denial() -> None:
    """A row that says Permission denied shows that Edge was reached."""
    found = one(lost(server=SSH))
    assert (found.code, found.confidence) == ("tunnel.unreached", CERTAIN)
    assert found.decide.startswith("Status > Unified Communications > SSH tunnels status on both")
    denied = PastedRow("ssh-tunnel", State.FAILED, "edge", "Permission denied", LOG)
    assert meaning_of("Permission denied", ssh=True) is not None
    told = found_in(seen(lost(server=SSH), rows=(denied,)))["tunnel.unreached"]
    assert told.confidence is POSSIBLE


def test_what_is_not_reached_is_to_be_looked_at_by_what_it_is() -> None:
    """A port that is closed, a name that does not resolve; anything else timed out."""
    assert one(lost()).todo == "Look at firewall, DNS and whether the far node is up."
    assert one(lost(Trouble.PORT_CLOSED)).todo != one(lost()).todo
    assert one(lost(Trouble.VERSION)).found == one(lost()).found
    assert one(lost(None)).found == one(lost()).found
    assert one(lost(Trouble.NO_NAME)).todo != one(lost()).todo
    nobody = lost(server=Peer("192.0.2.1", 9))
    assert code_of(nobody) == set()
    named = replace(nobody, name="far.example.net")
    assert code_of(named) == {"log.unreached"}
    reached = met(fate=WORKED, server=Peer("192.0.2.1", 9), minutes=-5)
    assert one(named, reached).confidence is CERTAIN
    told = zones("core1", ("Peer 1 Address", "10.106.80.31"))
    zoned = one(lost(server=Peer("10.106.80.31", 7001)), zones=told)
    assert zoned.found.endswith('"). 10.106.80.31 is a peer of the traversal zone "big".')
    assert [e.kind.value for e in zoned.evidence] == ["log", "configuration"]


def page(name: str, reason: str = "", state: State = State.FAILED, target: str = "edge9") -> Seen:
    """Return what a row of a pasted page shows."""
    shown = Evidence(EvidenceKind.PASTED, "page", "row")
    return seen(rows=(PastedRow(name, state, target, reason, shown),))


def test_a_row_of_a_zone_that_failed_is_evidence_of_what_is_known() -> None:
    """Of what is foreseen, or that it was not reached; else nothing explains it."""
    (alone,) = found_in(page("uc-zone")).values()
    assert (alone.code, alone.confidence) == ("zone.unexplained", POSSIBLE)
    assert alone.decide.startswith("The logs of both nodes at a moment")
    assert found_in(page("uc-zone", state=State.ACTIVE)) == {}
    for code in (ZONE, "zone.unreached"):
        foreseen = replace(page("uc-zone"), foreseen={"uc-zone": frozenset({ZONE})})
        found = found_in(foreseen, code)
        assert set(found) == {code}
        assert found[code].evidence[-1].kind is EvidenceKind.PASTED
    found = found_in(page("uc-zone"), "uc-zone.closed")
    assert set(found) == {"uc-zone.closed"}
    assert found["uc-zone.closed"].evidence == (RULE,)
    assert set(found_in(page("uc-zone"), TUNNEL)) == {TUNNEL, "zone.unexplained"}


def test_a_row_of_a_tunnel_tells_its_reason() -> None:
    """What is denied or not understood is evidence of what fits, else unexplained."""
    code = "tunnel.unexplained"
    denied = found_in(page("ssh-tunnel", "Permission denied"))[code]
    assert "did not let Core in (Permission denied)" in denied.found
    assert denied.todo.startswith("Look in Edge's log at that moment")
    plain = found_in(page("ssh-tunnel", "no such words"))[code]
    assert plain.found.startswith("SSH tunnels are Failed, and no certificate")
    assert plain.todo.startswith("Check port 2222")
    assert (plain.confidence, plain.decide[:12]) == (POSSIBLE, "Status > Uni")
    for known in (TUNNEL, "tunnel.untrusted-issuing-ca", "certificate.unknown-oid",
                  "certificate.no-common-name"):  # fmt: skip
        told = replace(page("ssh-tunnel"), foreseen={"ssh-tunnel": frozenset({TUNNEL})})
        found = found_in(told, known)
        assert (set(found), len(found[known].evidence)) == ({known}, 2)
    assert set(found_in(page("ssh-tunnel"), "certificate.expired")) == {code, "certificate.expired"}
    reason = "Connection timed out"
    meaning = meaning_of(reason, ssh=True)
    assert meaning is not None
    found = found_in(page("ssh-tunnel", reason))
    assert [(f.code, f.confidence) for f in found.values()] == [("tunnel.unreached", LIKELY)]
    assert found["tunnel.unreached"].found.startswith("The tunnel to edge9 failed: ")
    assert found["tunnel.unreached"].found.endswith(f"({reason}).")


def test_a_row_of_a_tunnel_whose_words_name_a_certificate_is_explained_by_none() -> None:
    """Nor one that was denied after many tries; where no target stands it is Edge."""
    refused = found_in(page("ssh-tunnel", "certificate has expired"))["tunnel.unexplained"]
    assert refused.found.startswith("SSH tunnels are Failed")
    often = found_in(page("ssh-tunnel", "Too many authentication failures"))
    assert "did not let Core in" in often["tunnel.unexplained"].found
    for target, name in (("edge9", "edge9"), ("", "Edge")):
        for reason, said in (
            ("Host key verification failed", f"issuing CA of {name}'s server certificate"),
            ("Connection closed", f"in the log of {name} at that moment"),
        ):
            (found,) = found_in(page("ssh-tunnel", reason, target=target)).values()
            assert said in found.todo


def test_a_tunnel_that_failed_too_often_is_told_so() -> None:
    """Unless a cause that fits is known."""
    often = met(fate=DENIED, server=SSH, side=None, trouble=Trouble.TOO_MANY)
    found = one(often)
    assert (found.code, found.confidence) == ("tunnel.too-many-failures", POSSIBLE)
    assert found.decide.startswith("Status > Unified Communications")
    assert code_of(often, before=(TUNNEL,), foreseen={"ssh-tunnel": frozenset({TUNNEL})}) == {
        TUNNEL
    }
    plain = one(replace(often, trouble=Trouble.REFUSED))
    assert (plain.code, "did not let Core in" in plain.found) == ("tunnel.unexplained", True)
