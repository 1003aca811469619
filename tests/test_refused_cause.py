"""Why a certificate was refused, by the words and by what the stores of the nodes hold."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from paths import AT, CODE, LEAF, Shape, make
from test_certificate_rules import held
from test_finding_set import CERTAIN, CORE, POSSIBLE, WEAK, draft, seen
from test_observations import CLIENT, SERVER, met, store

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.connections import Cause, Side
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.purposes import in_time, purpose_fault
from ekukit.diagnosis.evidence.tries import Try
from ekukit.diagnosis.findings.finding import HEALED, Draft
from ekukit.diagnosis.findings.refused_cause import RefusedCause, qualified, refused_cause
from ekukit.expressway import Store

NOBODY = Inventory({}, {}, {}, ())
SOUND = make(Shape())
OWN = replace(held(SOUND), store=Store.CLIENT)
HELD = Inventory({("core1", Store.CLIENT): OWN}, {}, {}, ())
OF_EDGE = replace(held(SOUND), store=Store.SERVER, host="edge1")
BY_EDGE = Inventory({("edge1", Store.SERVER): OF_EDGE}, {}, {}, ())
DAY = timedelta(days=1)


def why(
    found: Try, inventory: Inventory = HELD, expected: str = "", accepted: Iterable[Side] = ()
) -> RefusedCause:
    """Return why a try of the zone was refused; `accepted` are sides whose path OpenSSL takes."""
    sides = frozenset(("uc-zone", "core1", "edge1", side) for side in accepted)
    told = replace(seen(found), inventory=inventory, accepted=sides)
    return refused_cause(told, found, "uc-zone", expected)


def same(told: RefusedCause, cause: Cause) -> bool:
    """Return whether the certificate of the store is the one that was refused."""
    return told.cause is cause and told.held is not None and told.stored is None


def another(told: RefusedCause, cause: Cause) -> bool:
    """Return whether another one than that of the store was refused."""
    return told.cause is cause and told.held is None and told.stored is not None


PURPOSES: list[tuple[Shape, Cause | None, Cause | None]] = [
    # A path, the fault of it as a client's and as a server's.
    (Shape(), None, None),
    (Shape(leaf=replace(LEAF, ekus=None)), None, None),
    (Shape(leaf=replace(LEAF, ekus=(SERVER_AUTH,))), Cause.EKU, None),
    (Shape(leaf=replace(LEAF, ekus=(CLIENT_AUTH,))), None, Cause.EKU),
    (Shape(leaf=replace(LEAF, ekus=(CODE,))), Cause.EKU, Cause.EKU),
    (Shape(issuing=replace(Shape().issuing, ekus=(SERVER_AUTH,))), Cause.CA_EKU, None),
    (Shape(issuing=replace(Shape().issuing, ekus=(CLIENT_AUTH,))), None, Cause.CA_EKU),
    (Shape(leaf=replace(LEAF, usage=None)), None, None),
    (Shape(leaf=replace(LEAF, usage=("digitalSignature",))), None, None),
    (Shape(leaf=replace(LEAF, usage=("keyAgreement",))), None, None),
    (Shape(leaf=replace(LEAF, usage=("keyEncipherment",))), Cause.KEY_USAGE, None),
    (Shape(leaf=replace(LEAF, usage=("nonRepudiation",))), Cause.KEY_USAGE, Cause.KEY_USAGE),
    (Shape(leaf=replace(LEAF, netscape=0x80)), None, Cause.NETSCAPE_TYPE),
    (Shape(leaf=replace(LEAF, netscape=0x40)), Cause.NETSCAPE_TYPE, None),
    (Shape(leaf=replace(LEAF, ekus=(CODE,), usage=("nonRepudiation",))), Cause.EKU, Cause.EKU),
]


@pytest.mark.parametrize(("shape", "of_client", "of_server"), PURPOSES)
def test_unfit_for_a_purpose_has_the_fault_that_the_certificate_has(
    shape: Shape, of_client: Cause | None, of_server: Cause | None
) -> None:
    """As OpenSSL looks: usages of the path, then the key's usage, then Netscape's type (E14)."""
    found = held(make(shape))
    assert [purpose_fault(found, side) for side in (CLIENT, SERVER)] == [of_client, of_server]


def test_a_certificate_is_in_time_with_all_that_stands_above_it() -> None:
    """From its first second to its last one."""
    leaf = OWN.certificate
    first, last = leaf.not_before, leaf.not_after
    second = timedelta(seconds=1)
    times = (first - second, first, AT, last, last + second)
    assert [in_time(OWN, when) for when in times] == [False, True, True, True, False]
    above = tuple(replace(ca, not_after=AT) for ca in leaf.chain)
    short = replace(OWN, certificate=replace(leaf, chain=above))
    assert [in_time(short, when) for when in (AT, AT + second)] == [True, False]


def test_the_fault_of_the_certificate_counts_where_words_say_unfit() -> None:
    """One that has none is another one, unless a capture shows that it was refused."""
    unfit = store(make(Shape(leaf=replace(LEAF, ekus=(SERVER_AUTH,)))))
    below = store(make(Shape(issuing=replace(Shape().issuing, ekus=(SERVER_AUTH,)))))
    assert same(why(met(Cause.EKU), unfit), Cause.EKU)
    assert same(why(met(Cause.EKU), below), Cause.CA_EKU)
    assert another(why(met(Cause.EKU)), Cause.EKU)
    assert same(why(met(Cause.EKU, client_serial="7")), Cause.OTHER)
    assert another(why(met(Cause.EKU, server_serial="9")), Cause.EKU)
    assert same(why(met(Cause.EKU, SERVER, server_serial="7"), BY_EDGE), Cause.OTHER)
    assert another(why(met(Cause.EKU, SERVER, client_serial="9"), BY_EDGE), Cause.EKU)


def test_a_certificate_that_nobody_holds_was_refused_as_words_say() -> None:
    """Nor is one looked for where words do not tell whose was refused."""
    assert why(met(Cause.EKU), NOBODY) == RefusedCause(Cause.EKU, None, None)
    assert why(met(Cause.EKU, None)) == RefusedCause(Cause.EKU, None, None)


def test_what_a_capture_shows_is_not_the_stores_where_serials_differ() -> None:
    """The store's is told as replaced, the captured one where a store of the case has it."""
    told = why(met(Cause.EXPIRED, client_serial="99", time=OWN.certificate.not_after + DAY))
    assert another(told, Cause.EXPIRED)
    moved = replace(OWN, certificate=replace(OWN.certificate, serial=99))
    both = Inventory({**HELD.held, ("core1", Store.SERVER): moved}, {}, {}, ())
    unfit = why(met(Cause.EKU, client_serial="63"), both)
    assert (unfit.cause, unfit.held, unfit.stored) == (Cause.EKU, moved, OWN)


def test_where_none_was_sent_the_client_store_is_told() -> None:
    """Of a file; what a capture showed is no store, and the server store is another one."""
    none = met(Cause.NO_CERTIFICATE)
    assert why(none) == RefusedCause(Cause.NO_CERTIFICATE, None, OWN)
    assert why(none, store(SOUND, packet=3)).stored is None
    assert why(none, Inventory({("core1", Store.SERVER): OWN}, {}, {}, ())).stored is None
    assert why(replace(none, client=replace(CORE, host=None))).stored is None
    elsewhere = why(met(Cause.NO_CERTIFICATE, SERVER), BY_EDGE)
    assert elsewhere == RefusedCause(Cause.NO_CERTIFICATE, None, None)


@pytest.mark.parametrize("cause", [Cause.EXPIRED, Cause.NOT_YET_VALID])
def test_one_that_was_in_time_was_not_refused_for_its_dates(cause: Cause) -> None:
    """At the moment of the line; without a moment it may have been."""
    late = OWN.certificate.not_after + DAY
    assert another(why(met(cause)), cause)
    assert same(why(met(cause, time=late)), cause)
    assert same(why(met(cause, time=None)), cause)
    assert same(why(met(cause, client_serial="7")), cause)


def test_one_that_has_the_name_was_not_refused_for_it() -> None:
    """Capitals do not count; a capture that shows it does."""
    for name in ("core.example.com", "CORE.example.com"):
        assert another(why(met(Cause.NAME), expected=name), Cause.NAME)
        shown = met(Cause.NAME, client_serial="7")
        assert same(why(shown, expected=name), Cause.NAME)
    loud = replace(OWN.certificate, names=("CORE.example.com",))
    upper = Inventory({("core1", Store.CLIENT): replace(OWN, certificate=loud)}, {}, {}, ())
    assert another(why(met(Cause.NAME), upper, "core.example.com"), Cause.NAME)
    for name in ("core9.example.com", ""):
        assert same(why(met(Cause.NAME), expected=name), Cause.NAME)


OF_PATHS = [
    Cause.KEY_USAGE, Cause.NOT_A_CA, Cause.PATH_LENGTH, Cause.NAME_CONSTRAINTS,
    Cause.CRITICAL_EXTENSION, Cause.WEAK_KEY, Cause.WEAK_DIGEST, Cause.SIGNATURE, Cause.MALFORMED,
]  # fmt: skip


@pytest.mark.parametrize("cause", OF_PATHS)
def test_one_whose_path_openssl_accepts_was_not_refused_for_it(cause: Cause) -> None:
    """The path of that side of that connection."""
    assert another(why(met(cause), accepted=[CLIENT]), cause)
    assert same(why(met(cause), accepted=[SERVER]), cause)
    assert same(why(met(cause)), cause)
    assert another(why(met(cause, SERVER), BY_EDGE, accepted=[SERVER]), cause)


@pytest.mark.parametrize("cause", [Cause.REVOKED, Cause.OTHER, Cause.REVOCATION])
def test_what_a_path_does_not_show_is_believed(cause: Cause) -> None:
    """OpenSSL looks at no revocation here."""
    assert same(why(met(cause), accepted=[CLIENT]), cause)


def test_one_is_untrusted_unless_the_judge_lists_all_cas_above_it() -> None:
    """What stands beside it in its file may not have been sent."""
    chain = frozenset(OWN.certificate.chain)
    for some, host, is_other in (
        (chain, "edge1", True), (chain, "core1", False), (frozenset(), "edge1", False),
        (frozenset(list(chain)[:1]), "edge1", False),
    ):  # fmt: skip
        listed = replace(HELD, trusted={host: some})
        told = why(met(Cause.UNTRUSTED), listed, accepted=[CLIENT])
        assert (another if is_other else same)(told, Cause.UNTRUSTED)
        assert same(why(met(Cause.UNTRUSTED), listed), Cause.UNTRUSTED)
    by_core = replace(BY_EDGE, trusted={"core1": chain})
    assert another(why(met(Cause.UNTRUSTED, SERVER), by_core, accepted=[SERVER]), Cause.UNTRUSTED)
    by_edge = replace(BY_EDGE, trusted={"edge1": chain})
    assert same(why(met(Cause.UNTRUSTED, SERVER), by_edge, accepted=[SERVER]), Cause.UNTRUSTED)


DRAFT = draft("Refused.", words={"judge": "Edge edge1"}, todo="Renew.")
GONE = RefusedCause(Cause.NO_CERTIFICATE, None, None)


def of(told: RefusedCause, *, healed: str = "", continues: bool = False) -> Draft:
    """Return the draft with what makes it less sure."""
    return qualified(DRAFT, met(told.cause, continues=continues), told, healed=healed)


def test_a_refusal_by_the_certificate_of_the_store_is_as_sure_as_before() -> None:
    """Unless it let the connection go on, or connected later: then it is weak."""
    plain = RefusedCause(Cause.EXPIRED, OWN, None)
    assert of(plain) == DRAFT
    later = of(plain, healed=HEALED)
    assert (later.found, later.severity) == ("Refused. It connected later.", WEAK)
    goes_on = of(plain, continues=True)
    assert goes_on.found == (
        "Refused. It let the connection go on all the same (Action=Continue).")  # fmt: skip
    assert goes_on.severity is WEAK


CLOCK = " If it is the same one, the clock of Edge edge1 was wrong (NTP)."
ANOTHER = [
    (Cause.EKU, "another one was refused.", "the certificate was replaced"),
    (Cause.UNTRUSTED, ("another one was refused, or the trusted CA list, which now holds the CAs "
                       "above it, was changed since."),
     "the certificate or the trusted CA list was changed"),
    (Cause.NAME, "another one was refused, or the name that is expected was changed since.",
     "the certificate or the expected name was changed"),
    (Cause.EXPIRED, f"another one was refused.{CLOCK}", "the certificate was replaced"),
    (Cause.NOT_YET_VALID, f"another one was refused.{CLOCK}", "the certificate was replaced"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "then", "what"), ANOTHER)
def test_a_certificate_that_does_not_fit_is_to_be_looked_at_again(
    cause: Cause, then: str, what: str
) -> None:
    """With what else may have been changed since; where it connected later there is no need."""
    told = of(RefusedCause(cause, None, OWN))
    assert told.found == (
        f"Refused. The client store holds a certificate that this does not fit (serial 7), so "
        f"{then}")  # fmt: skip
    assert (told.confidence, told.severity) == (POSSIBLE, None)
    assert told.todo.startswith(f"See first whether it connects now: {what} since, or the node")
    assert told.decide.startswith("Status of the zone or tunnel now")
    healed = of(RefusedCause(cause, None, OWN), healed=HEALED)
    assert (healed.found, healed.confidence) == ("Refused. It connected later.", CERTAIN)


def test_where_none_was_sent_its_silence_may_be_for_want_of_clientauth() -> None:
    """What the store holds was uploaded since or is not sent: so look whether it connects now."""
    silent = (
        " Some stacks silently send none when theirs lacks clientAuth: look at the EKUs of the "
        "certificate that Core core1 has."
    )
    none = of(GONE)
    assert (none.found, none.todo) == (f"Refused.{silent}", "Renew.")
    assert none.decide == "Maintenance > Security > Client certificate on the initiator"
    stored = of(replace(GONE, stored=OWN))
    assert stored.found == (
        f"Refused. The client store holds one (serial 7): uploaded since, or not sent.{silent}"
    )
    assert stored.todo.startswith(
        "See first whether it connects now: the certificate was uploaded since")  # fmt: skip
    assert (stored.confidence, stored.severity) == (CERTAIN, None)
    assert of(GONE, healed=HEALED).found == f"Refused. It connected later.{silent}"
    assert of(replace(GONE, stored=OWN), continues=True).severity is WEAK
