"""Findings while they are gathered, and what becomes of them where what was seen contradicts."""

import datetime as dt
from dataclasses import replace

import pytest

from ekukit.connections import Cause, Engine, Side, State, Verdict, connection, handshakes
from ekukit.connections.predict import predict, verdict_words
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind, Observed
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.evidence.tries import Map, Peer, Try
from ekukit.diagnosis.evidence.tunnels import PastedRow
from ekukit.diagnosis.findings import finding_set
from ekukit.diagnosis.findings.codes import CODES
from ekukit.diagnosis.findings.contradictions import (
    add_contested,
    add_differences,
    failing,
    observed_states,
)
from ekukit.diagnosis.findings.finding import (
    CONTINUED,
    HEALED,
    SHOWN_UP,
    SIGNS,
    Confidence,
    Draft,
    Finding,
    Severity,
    first_sentence,
    ranked,
)
from ekukit.diagnosis.findings.finding_set import MOST_EVIDENCE, MOST_OF_A_KIND, Gathered
from ekukit.diagnosis.findings.foreseen_refusals import ForeseenRefusal
from ekukit.diagnosis.findings.predictions import ASK_MODE
from ekukit.diagnosis.rebuild.case_nodes import Place
from ekukit.expressway import Role, build, condition
from ekukit.log.troubles import Trouble, trouble_code
from ekukit.log.words import Fate

CERTAIN, LIKELY, POSSIBLE = Confidence
BROKEN, WILL, WEAK, NOTE = Severity
EXPIRED, ZONE, TUNNEL = (
    "certificate.expired", "uc-zone.client-eku-missing", "ssh-tunnel.client-eku-missing",
)  # fmt: skip
LOG = Evidence(EvidenceKind.LOG, "messages", "line", line=1)
RULE = Evidence(EvidenceKind.RULE, "", "follows")


def draft(text: str = "It is.", code: str = EXPIRED, **changes: object) -> Draft:
    """Return a draft of a finding."""
    return replace(Draft(code, text, [LOG]), **changes)  # type: ignore[arg-type]


def gathered(*drafts: Draft) -> Finding:
    """Return the one finding of drafts of one code."""
    found = Gathered()
    for one in drafts:
        found.add(one)
    (only,) = found.all()
    return only


def test_a_finding_is_filled_in_from_the_table() -> None:
    """With general words for what the case does not tell; what is given counts before it."""
    told = gathered(draft(facts=("S3", "RFC-TIME")))
    assert (told.severity, told.todo) == (BROKEN, "Renew it (Maintenance > Security).")
    assert (told.facts, told.confidence) == (("RFC-TIME", "S3"), CERTAIN)
    own = gathered(draft(severity=NOTE, todo="Rest.", words={"page": "There"}, engine=Engine.LAB))
    assert (own.severity, own.todo, own.engine) == (NOTE, "Rest.", Engine.LAB)
    assert gathered(draft(words={"page": "There"})).todo == "Renew it (There)."
    assert Gathered().todo(EXPIRED, {"page": "Here"}) == "Renew it (Here)."


def test_every_sentence_of_the_table_can_be_filled_in() -> None:
    """Without any word of the case; a new row may use what reasons use."""
    found = Gathered()
    for code in CODES:
        found.add(draft(code=code))
    assert [one.code for one in found.all() if "{" in f"{one.required}{one.todo}"] == []
    assert {one.engine for one in found.all()} == {Engine.RULES}
    assert set(verdict_words(SHAKE, MISSING.verdict)) - set(finding_set._GENERAL) == set()


def test_a_severity_has_a_sign_of_its_own() -> None:
    """Color is never the only cue."""
    assert SIGNS == {BROKEN: "✗", WILL: "!", WEAK: "△", NOTE: "·"}
    assert draft().weak(" So.") == draft("It is. So.", severity=WEAK)
    assert Finding(EXPIRED, BROKEN, CERTAIN, "", "", "", (), ()).engine is Engine.RULES


def test_a_finding_without_evidence_or_of_no_code_is_refused() -> None:
    """Nothing is said that nothing shows."""
    with pytest.raises(ValueError, match=r"certificate\.expired: a finding needs evidence"):
        Gathered().add(draft(evidence=[]))
    with pytest.raises(KeyError):
        Gathered().add(draft(code="no.such"))


def test_of_two_the_worse_and_the_surer_counts() -> None:
    """In either order; the decision of the surer one goes with it."""
    one = draft(severity=WEAK, confidence=POSSIBLE, decide="Look.")
    other = draft(severity=BROKEN, confidence=LIKELY, decide="Ask.")
    for told in (gathered(one, other), gathered(other, one)):
        assert (told.severity, told.confidence, told.decide) == (BROKEN, LIKELY, "Ask.")
    alike = gathered(one, replace(one, decide="Later."))
    assert alike.decide == "Look."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("core1.example.com: 2 CAs are called Root.", "e1.example.com: 2 CAs are called Root."),
        ("The CA Old Root expired.", "Old Root expired."),
        ("It is from CA 1.", "It is from CA 1.2."),
        ("It is from CA 12.", "It is from CA 1."),
        ("A was not reached by B.", "A was not reached."),
    ],
)
def test_a_sentence_within_another_one_is_said_all_the_same(first: str, second: str) -> None:
    """A host whose name ends as another's had lost its finding, and its remedy."""
    one, other = draft(first, todo=first), draft(second, todo=second)
    told = gathered(one, other)
    assert (told.found, told.todo, told.others) == (f"{first} {second}", f"{first} {second}", 1)
    found = Gathered()
    found.add(one)
    assert not found.tells(EXPIRED, second)
    assert found.tells(EXPIRED, first.removesuffix("."))


def test_a_sentence_with_its_quotation_is_told_already() -> None:
    """Behind another sentence as well."""
    found = Gathered()
    found.add(draft('So it is. Edge refused ("unknown ca"). It is On.'))
    for told in ("Edge refused", "Edge refused.", "It is On.", "So it is"):
        assert found.tells(EXPIRED, told)
    assert not found.tells(EXPIRED, "refused")


def test_what_is_alike_is_said_once_and_counted() -> None:
    """Of certificates each text is of another one; of a connection it is not."""
    told = gathered(draft("A ended."), draft("B ended."), draft("B ended."), draft("C ended."))
    assert (told.found, told.others) == ("A ended. B ended. C ended.", 2)
    assert told.first == "A ended; 2 more like it."
    assert gathered(draft("A ended."), draft("A ended.")).first == "A ended."
    for code in (ZONE, "archive.peer-missing", "prediction.differs"):
        of_one = gathered(draft("A.", code), draft("B.", code))
        assert (of_one.found, of_one.others) == ("A. B.", 0)
    for code in ("store.public-client-auth", "issuer.limited-to-server-auth", "trust.ca-expired",
                 "mode.off-hides-missing-client-auth"):  # fmt: skip
        assert gathered(draft("A.", code), draft("B.", code)).others == 1


LONG = "x" * 600


def test_what_is_long_already_gets_no_more_text() -> None:
    """Though it is counted; so with what is to be done."""
    assert gathered(draft(LONG), draft("B.")).found == f"{LONG} B."
    told = gathered(draft(f"{LONG}y"), draft("B."))
    assert (told.found, told.others) == (f"{LONG}y", 1)
    short, long = "t" * 200, "t" * 201
    assert gathered(draft(todo=short), draft(todo="Do.")).todo == f"{short} Do."
    assert gathered(draft(todo=long), draft(todo="Do.")).todo == long
    assert gathered(draft(todo="Do it, then."), draft(todo="Do it.")).todo == "Do it, then."
    assert gathered(draft(todo="Do it."), draft(todo="Do it, then.")).todo == "Do it. Do it, then."
    assert gathered(draft(todo="Do it now."), draft(todo="Do it now.")).todo == "Do it now."


def test_what_was_assumed_is_shown_by_a_refusal() -> None:
    """Once something certain is added; what is as sure stays as it is."""
    assumed = draft("It checks (E1, assumed).", ZONE, confidence=LIKELY)
    seen = draft("Seen.", ZONE)
    assert gathered(assumed, seen).found == "It checks (E1, as the refusal shows). Seen."
    likely = replace(seen, confidence=LIKELY)
    assert gathered(assumed, likely).found == "It checks (E1, assumed). Seen."
    certain = replace(assumed, confidence=CERTAIN)
    assert gathered(certain, seen).found == "It checks (E1, assumed). Seen."


def test_who_made_a_handshake_counts_before_rules() -> None:
    """In either order."""
    lab = draft(engine=Engine.LAB)
    assert [gathered(draft(), lab).engine, gathered(lab, draft()).engine] == [Engine.LAB] * 2
    assert gathered(draft(), draft()).engine is Engine.RULES
    assert gathered(draft(engine=Engine.PATH), draft()).engine is Engine.PATH


def lines(number: int, kind: EvidenceKind = EvidenceKind.LOG) -> list[Evidence]:
    """Return so many pieces of evidence of a kind."""
    return [Evidence(kind, "f", f"{kind.value} {n}") for n in range(number)]


def test_no_kind_of_evidence_crowds_out_another() -> None:
    """Five of a kind, twelve together, each once."""
    told = gathered(draft(evidence=[*lines(7), *lines(7, EvidenceKind.RULE)]))
    assert [one.kind.value for one in told.evidence] == ["log"] * 5 + ["rule"] * 5
    assert (MOST_OF_A_KIND, MOST_EVIDENCE) == (5, 12)
    kinds = (EvidenceKind.LOG, EvidenceKind.RULE, EvidenceKind.PACKET)
    every = [one for kind in kinds for one in lines(5, kind)]
    assert gathered(draft(evidence=every)).evidence == tuple(every[:12])
    assert gathered(draft(evidence=[LOG, RULE, LOG])).evidence == (LOG, RULE)
    assert gathered(draft(), draft(evidence=[RULE, LOG])).evidence == (LOG, RULE)


def test_a_finding_can_be_asked_for_and_added_to() -> None:
    """Where there is none nothing happens."""
    found = Gathered()
    found.add_evidence(EXPIRED, [RULE])
    found.say(EXPIRED, "More.")
    found.contest(EXPIRED, "", [RULE], WEAK, "")
    assert (found.all(), found.has(EXPIRED), found.evidence(EXPIRED)) == ((), False, ())
    assert not found.tells(EXPIRED, "")
    found.add(draft("It is. So."))
    found.add(draft(code=ZONE))
    assert found.has(EXPIRED)
    assert (found.tells(EXPIRED, "So."), found.tells(EXPIRED, "No.")) == (True, False)
    assert found.codes("certificate.") == [EXPIRED]
    found.say(EXPIRED, "More.")
    found.add_evidence(EXPIRED, [RULE])
    told = next(one for one in found.all() if one.code == EXPIRED)
    assert (told.found, told.evidence) == ("It is. So. More.", (LOG, RULE))
    found.contest(EXPIRED, " Yet.", [RULE], WEAK, "Look.")
    told = next(one for one in found.all() if one.code == EXPIRED)
    assert (told.severity, told.confidence, told.decide) == (WEAK, POSSIBLE, "Look.")
    assert (told.found, told.evidence) == ("It is. So. More. Yet.", (RULE, LOG))


def test_findings_are_ranked_the_worst_first_then_the_surest() -> None:
    """Else as they were added."""
    found = Gathered()
    rows = [
        (EXPIRED, WEAK, CERTAIN), (ZONE, BROKEN, POSSIBLE), (TUNNEL, BROKEN, CERTAIN),
        ("certificate.wildcard", BROKEN, POSSIBLE), ("certificate.no-eku", WILL, CERTAIN),
    ]  # fmt: skip
    for code, severity, confidence in rows:
        found.add(draft(code=code, severity=severity, confidence=confidence))
    assert [one.code for one in found.all()] == [
        TUNNEL, ZONE, "certificate.wildcard", "certificate.no-eku", EXPIRED]  # fmt: skip


SENTENCES = [
    ("It is. So.", "It is"), ("It is.", "It is"), ("It is", "It is"),
    ('The zone "a. b" failed. So.', 'The zone "a. b" failed'),
    ('"a. b. c" is. So.', '"a. b. c" is'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_a_full_stop_inside_of_quotes_ends_no_sentence(text: str, expected: str) -> None:
    """A name from a customer's settings may hold one."""
    assert first_sentence(text) == expected


CASE = build(condition("C2"))
CORE, EDGE = (Peer(node.address, 7001, name, node.role) for node, name in (
    (CASE.core[0], "core1"), (CASE.edge[0], "edge1")))  # fmt: skip
KNOWN = Map(uc_ports=frozenset({7001}))
NOON = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
SHAKE = handshakes(CASE, connection("uc-zone"))[0]
MISSING = ForeseenRefusal(
    "uc-zone", SHAKE, Verdict(Cause.EKU, Side.CLIENT, 26, 0),
    Place("core1", Role.CORE, CASE.core[0], {}), Place("edge1", Role.EDGE, CASE.edge[0], {}),
)  # fmt: skip


def met(fate: Fate, minutes: int | None = 0, **changes: object) -> Try:
    """Return a try of the zone, so many minutes after noon."""
    at = None if minutes is None else NOON + dt.timedelta(minutes=minutes)
    shown = replace(LOG, text=f"{fate.value} {minutes}")
    made = Try(CORE, EDGE, fate, Cause.OTHER, None, (shown,), words="words", time=at)
    return replace(made, **changes)  # type: ignore[arg-type]


def row(state: State, name: str = "ssh-tunnel", line: int = 1) -> PastedRow:
    """Return a row of a pasted page."""
    shown = Evidence(EvidenceKind.PASTED, "page", state.value, line=line)
    return PastedRow(name, state, "", "reason", shown)


def seen(*tries: Try, rows: tuple[PastedRow, ...] = ()) -> Seen:
    """Return what was seen."""
    return Seen(tries, rows, Inventory({}, {}, {}, ()), KNOWN)


FATES = {
    Fate.WORKED: "Active", Fate.REFUSED: "Failed", Fate.UNREACHED: "Failed",
    Fate.DENIED: "Failed", Fate.FAILED: "Failed", Fate.REACHED: None, Fate.ELSEWHERE: None,
}  # fmt: skip


@pytest.mark.parametrize("fate", Fate)
def test_what_became_of_a_try_is_a_state_of_its_connection(fate: Fate) -> None:
    """What was only reached shows none."""
    found = observed_states(seen(met(fate)))
    assert [one.state.value for one in found] == [FATES[fate]] * (FATES[fate] is not None)
    if found:
        assert (found[0].connection, found[0].detail) == (
            "uc-zone",
            "Core core1 to Edge edge1: words",
        )
    nobody = replace(met(fate), server=Peer("192.0.2.1", 1))
    assert observed_states(seen(nobody)) == ()


LAST = [
    (((Fate.WORKED, 0), (Fate.REFUSED, 1)), "Failed"),
    (((Fate.REFUSED, 1), (Fate.WORKED, 0)), "Failed"),
    (((Fate.REFUSED, 1), (Fate.WORKED, 1)), "Active"),
    (((Fate.REFUSED, 5), (Fate.WORKED, None)), "Active"),
    (((Fate.WORKED, None), (Fate.REFUSED, 1)), "Failed"),
    (((Fate.REFUSED, 5), (Fate.WORKED, None), (Fate.WORKED, 1)), "Active"),
    (((Fate.WORKED, 3), (Fate.REFUSED, 9), (Fate.WORKED, 6)), "Failed"),
]  # fmt: skip


@pytest.mark.parametrize(("tries", "expected"), LAST)
def test_the_last_state_between_two_ends_counts(
    tries: tuple[tuple[Fate, int | None], ...], expected: str
) -> None:
    """In whatever order it is read; without a time what is read later."""
    (found,) = observed_states(seen(*(met(*one) for one in tries)))
    assert found.state.value == expected


def test_ends_and_kinds_of_evidence_are_told_apart() -> None:
    """A capture beside a log, another peer, and each row of a page."""
    packet = met(Fate.REFUSED, evidence=(replace(LOG, kind=EvidenceKind.PACKET),))
    other = met(Fate.REFUSED, server=replace(EDGE, host="edge2"))
    rows = (row(State.ACTIVE), row(State.FAILED, line=2))
    found = observed_states(seen(met(Fate.WORKED), packet, other, rows=rows))
    assert [one.state.value for one in found] == ["Active", "Failed", "Failed", "Active", "Failed"]
    assert (found[-1].connection, found[-1].detail) == ("ssh-tunnel", "reason")
    assert failing(found) == frozenset()
    assert failing(found[1:3]) == {"uc-zone"}
    assert failing([*found[1:3], found[-1]]) == {"uc-zone", "ssh-tunnel"}


def differing(observed: State, *foreseen: State, found: str = "") -> str:
    """Return what is said where a state was observed and others were foreseen."""
    gathered_ = Gathered()
    if found:
        gathered_.add(draft(code=found))
    states = [replace(next(o for o in predict(CASE) if o.connection == "uc-zone"), state=one)
              for one in foreseen]  # fmt: skip
    add_differences(gathered_, [Observed("uc-zone", observed, LOG)], states)
    return next((one.found for one in gathered_.all() if one.code == "prediction.differs"), "")


UP, NOT_UP, OPEN = State.ACTIVE, State.FAILED, State.UNKNOWN


def test_what_was_observed_and_not_foreseen_is_told() -> None:
    """On known ground alone; a failure for which no certificate is named is foreseen by none."""
    assert differing(NOT_UP, UP) == "UC traversal zone: observed Failed, foreseen Active."
    assert differing(UP, NOT_UP) == "UC traversal zone: observed Active, foreseen Failed."
    assert [differing(NOT_UP, NOT_UP), differing(NOT_UP), differing(NOT_UP, UP, OPEN),
            differing(NOT_UP, UP, NOT_UP)] == [""] * 4  # fmt: skip
    assert differing(OPEN, UP, NOT_UP) == (
        "UC traversal zone: observed Unknown, foreseen Active and Failed."
    )
    for trouble in Trouble:
        if (code := trouble_code("uc-zone", trouble)) in CODES and trouble is not Trouble.REFUSED:
            assert differing(NOT_UP, UP, found=code) == ""
            assert differing(UP, NOT_UP, found=code) != ""
    assert differing(NOT_UP, UP, found=trouble_code("uc-zone", Trouble.REFUSED)) != ""


def contested(
    *refusals: ForeseenRefusal, tries: tuple[Try, ...] = (), rows: tuple[PastedRow, ...] = (),
    code: str = ZONE,
) -> Finding:  # fmt: skip
    """Return the finding of a code after it was held against what was seen."""
    found = Gathered()
    found.add(draft(code=code, evidence=[RULE]))
    add_contested(found, refusals, seen(*tries, rows=rows))
    return next(one for one in found.all() if one.code == code)


def is_contested(*refusals: ForeseenRefusal, **seen_: object) -> bool:
    """Return whether the certainty was taken from the zone's finding."""
    return contested(*refusals, **seen_).confidence is POSSIBLE  # type: ignore[arg-type]


def test_what_was_last_seen_to_work_is_not_certain_to_fail() -> None:
    """Then it will break; who decides about the mode is told."""
    told = contested(MISSING, tries=(met(Fate.WORKED),))
    assert (told.severity, told.confidence, told.decide) == (WILL, POSSIBLE, ASK_MODE)
    assert "Yet it was last seen to work" in told.found
    assert [one.text for one in told.evidence] == ["worked 0", "follows"]
    untrusted = replace(MISSING, verdict=Verdict(Cause.UNTRUSTED, Side.CLIENT, 20, 0))
    other = contested(untrusted, tries=(met(Fate.WORKED),), code="uc-zone.client-untrusted")
    assert (other.confidence, other.decide.partition(":")[0]) == (POSSIBLE, "Its status now")


AGAIN = [
    ((met(Fate.WORKED), met(Fate.REFUSED, 1)), False),
    ((met(Fate.REFUSED, 1), met(Fate.WORKED)), False),
    ((met(Fate.REFUSED), met(Fate.WORKED, 1)), True),
    ((met(Fate.WORKED), met(Fate.REACHED, 1)), True),
    ((met(Fate.REFUSED, 1), met(Fate.WORKED, 1)), True),
    ((met(Fate.REFUSED, None), met(Fate.WORKED, 1)), True),
    ((met(Fate.WORKED, 1), met(Fate.REFUSED, None)), False),
    ((met(Fate.REFUSED),), False), ((), False),
    ((met(Fate.WORKED, server=Peer("192.0.2.9", 7001, "edge2", Role.EDGE)),), False),
    ((met(Fate.WORKED, client=Peer("192.0.2.9", 7001, "core2", Role.CORE)),), False),
    ((met(Fate.WORKED, server=replace(EDGE, port=5061)),), False),
    ((met(Fate.WORKED, client=Peer(CORE.address, 1), server=Peer(EDGE.address, 7001)),), True),
]  # fmt: skip


@pytest.mark.parametrize(("tries", "expected"), AGAIN)
def test_only_the_last_try_between_these_ends_counts(
    tries: tuple[Try, ...], *, expected: bool
) -> None:
    """By host or address; what was only reached says nothing."""
    assert is_contested(MISSING, tries=tries) is expected


def test_all_ends_that_a_code_is_about_must_have_worked() -> None:
    """A node that only the other side names fits any; a page counts where all its rows work."""
    edge2 = replace(CASE.edge[0], address="192.0.2.9")
    other = replace(MISSING, judges=replace(MISSING.judges, host="edge2", node=edge2))
    works = (met(Fate.WORKED),)
    assert not is_contested(MISSING, other, tries=works)
    second = met(Fate.WORKED, server=Peer("192.0.2.9", 7001, "edge2", Role.EDGE))
    assert is_contested(MISSING, other, tries=(*works, second))
    nameless = replace(MISSING, judges=replace(MISSING.judges, host=""))
    assert is_contested(nameless, tries=(second,))
    unnamed = replace(MISSING, shows=replace(MISSING.shows, host=""))
    stranger = met(Fate.WORKED, client=Peer("192.0.2.8", 1, "core2", Role.CORE))
    assert is_contested(unnamed, tries=(stranger,))
    pages = (row(UP, "uc-zone"), row(UP, "uc-zone", 2))
    assert is_contested(MISSING, rows=pages)
    assert not is_contested(MISSING, rows=(*pages, row(NOT_UP, "uc-zone", 3)))
    assert not is_contested(MISSING, rows=(row(UP),))


def test_a_refusal_for_its_eku_shows_that_the_mode_was_not_off_all_the_time() -> None:
    """Where logs or captures have it; what only follows shows nothing."""
    hidden = "mode.off-hides-missing-client-auth"
    for shown, is_told in (
        (LOG, True),
        (replace(LOG, kind=EvidenceKind.PACKET), True),
        (RULE, False),
    ):
        found = Gathered()
        found.add(draft(code=hidden, evidence=[RULE]))
        found.add(
            draft(code=ZONE, evidence=[shown, replace(LOG, text="second")] if is_told else [shown])
        )
        add_contested(found, (), seen())
        told = next(one for one in found.all() if one.code == hidden)
        assert ("the mode was not Off all the time" in told.found) is is_told
        assert told.evidence == ((shown, RULE) if is_told else (RULE,))
        assert (told.severity, told.decide) == ((NOTE, ASK_MODE) if is_told else (WEAK, ""))


def test_what_takes_a_failure_back_stands_behind_its_first_sentence() -> None:
    """It is weak then; what the connection went on in spite of keeps its own To do."""
    for words in (HEALED, SHOWN_UP):
        back = draft("It failed. At noon.", todo="Mend it.").taken_back(words)
        assert (back.found, back.severity, back.todo) == (
            f"It failed.{words} At noon.", WEAK,
            "Nothing while it connects; see whether it still does.",
        )  # fmt: skip
        assert gathered(back).first == f"It failed.{words}"
    back = draft("It failed.", todo="Mend it.").taken_back(CONTINUED)
    assert (back.found, back.severity, back.todo) == (f"It failed.{CONTINUED}", WEAK, "Mend it.")
    assert gathered(back).first == f"It failed.{CONTINUED}"
    assert gathered(draft("It failed. At noon.")).first == "It failed."


@pytest.mark.parametrize("kind", [EvidenceKind.LOG, EvidenceKind.PACKET, EvidenceKind.PASTED])
def test_what_was_seen_broken_comes_before_what_follows(kind: EvidenceKind) -> None:
    """Of what is broken and equally sure alone; one piece of evidence is enough."""
    follows = gathered(draft("It follows.", evidence=[RULE], severity=BROKEN))
    seen = gathered(
        draft("It was seen.", evidence=[RULE, replace(LOG, kind=kind)], severity=BROKEN)
    )
    assert ranked([follows, seen]) == (seen, follows)
    assert ranked([seen, follows]) == (seen, follows)
    surer, less = (replace(one, confidence=two) for one, two in (
        (follows, CERTAIN), (seen, LIKELY)))  # fmt: skip
    assert ranked([less, surer]) == (surer, less)
    for severity in (WILL, WEAK, NOTE):
        first, second = (replace(one, severity=severity) for one in (follows, seen))
        assert ranked([first, second]) == (first, second)
        assert ranked([second, first]) == (second, first)
    for other in (EvidenceKind.CERTIFICATE, EvidenceKind.RULE):
        only = replace(follows, evidence=(replace(LOG, kind=other),))
        assert ranked([only, seen]) == (seen, only)
