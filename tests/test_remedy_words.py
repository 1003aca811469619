"""What else mends a cause, and from whom a new certificate must come."""

import datetime as dt
import sys
from collections.abc import Iterable
from dataclasses import replace

import pytest
from test_trust_words import FOUND, ISSUING, ROOT, SHAKE, SHOWN

from ekukit.causes.alternatives import BY_USAGE, alternatives, still_given
from ekukit.causes.issuer_words import from_whom
from ekukit.causes.part import CausePlace, Kind, Part
from ekukit.causes.root_cause import Fault, RootCause
from ekukit.causes.system_words import listed, title_of
from ekukit.certificates import Certificate
from ekukit.connections import Cause, Side, Verdict, connection, handshakes
from ekukit.expressway import Deployment, FarEndKind, Mode, build, condition
from ekukit.facts import issuance, issuers, last_day
from ekukit.facts.calendar import Issuance


def fault(cause: Cause, depth: int = 0, side: Side = Side.CLIENT) -> Fault:
    """Return a refusal of Core's certificate by Edge."""
    return Fault("uc-zone", SHAKE, Verdict(cause, side, 26, depth))


def whom(cause: Cause, depth: int = 0, held: Certificate = SHOWN, usages: str = "serverAuth",
         more: Iterable[Fault] = ()) -> str:  # fmt: skip
    """Return from whom the new one must come."""
    return from_whom(held, usages, [*more, fault(cause, depth)])


def test_a_public_certificate_for_clients_comes_from_elsewhere() -> None:
    """A public CA stops giving clientAuth (S9)."""
    public = replace(SHOWN, public=True)
    told = "from a private CA, or a public one that still gives clientAuth"
    assert whom(Cause.EXPIRED, held=public, usages="serverAuth and clientAuth") == told
    assert whom(Cause.EXPIRED, held=public) == f"from {public.issuer_name}"
    assert whom(Cause.EXPIRED, usages="clientAuth") == f"from {ISSUING.name}"


@pytest.mark.parametrize("cause", [Cause.EKU, Cause.CA_EKU, Cause.NOT_A_CA, Cause.PATH_LENGTH,
                                   Cause.NAME_CONSTRAINTS])  # fmt: skip
def test_what_its_ca_may_not_issue_comes_from_one_that_may(cause: Cause) -> None:
    """Whatever else was refused."""
    assert whom(cause) == "from a CA that may issue it"
    assert whom(Cause.EXPIRED, more=[fault(cause)]) == "from a CA that may issue it"


@pytest.mark.parametrize("cause", [Cause.NOT_YET_VALID, Cause.WEAK_KEY, Cause.WEAK_DIGEST,
                                   Cause.CRITICAL_EXTENSION])  # fmt: skip
def test_a_fault_of_a_ca_itself_is_in_all_that_it_issues(cause: Cause) -> None:
    """So another CA is wanted; a fault of the leaf is not the CA's."""
    assert whom(cause, 1) == f"from a CA other than {ISSUING.name}"
    assert whom(cause, 2) == f"from a CA that is not below {ROOT.name}"
    assert whom(cause, 9) == f"from a CA that is not below {ROOT.name}"
    assert whom(cause, 0) == f"from {ISSUING.name}"
    other = [fault(Cause.NAME, 1)]
    assert whom(cause, 2, more=other) == f"from a CA that is not below {ROOT.name}"


def test_a_ca_that_expired_may_have_been_renewed() -> None:
    """With the same key its new certificate does in the judge's list."""
    told = whom(Cause.EXPIRED, 1)
    assert told == (
        f"from a CA other than {ISSUING.name}, or put that CA's renewed certificate of the same "
        f"key into {SHAKE.server.node}'s trusted CA list")  # fmt: skip
    server = Fault("uc-zone", SHAKE, Verdict(Cause.EXPIRED, Side.SERVER, 10, 1))
    assert from_whom(SHOWN, "", [server]).endswith(f"into {SHAKE.client.node}'s trusted CA list")


def test_a_renewal_comes_from_the_same_ca() -> None:
    """A self-signed one from a CA that the far side trusts."""
    assert whom(Cause.NAME, 1) == f"from {ISSUING.name}"
    alone = replace(SHOWN, chain=())
    assert whom(Cause.EXPIRED, 1, held=alone) == "from a CA that the far side trusts"


def cause_of(*faults: Fault, part: Part, effects: tuple[str, ...] = ()) -> RootCause:
    """Return a cause of these refusals."""
    return RootCause("1", (part,), faults, effects, (), (), (), frozenset(), ())


STORE = Part(CausePlace.CLIENT_STORE, Kind.CERTIFICATE, FOUND.core[0].address)
alternatives_module = sys.modules["ekukit.causes.alternatives"]
LACKING = build(condition("C2"))


def usage_faults(found: Deployment, *names: str, side: Side = Side.CLIENT) -> list[Fault]:
    """Return refusals for want of a usage, of the first handshake of each connection."""
    verdict = Verdict(Cause.EKU, side, 26, 0)
    return [Fault(name, handshakes(found, connection(name))[0], verdict) for name in names]


def test_a_list_of_a_far_end_has_another_remedy() -> None:
    """A certificate that it trusts already; a node's own list is put right there."""
    address = next(end.address for end in FOUND.far_ends if end.kind is FarEndKind.CUCM)
    far = Part(CausePlace.FAR_END, Kind.TRUST, address)
    untrusted = fault(Cause.UNTRUSTED)
    told = ["Or give Core a certificate of a CA that is trusted there already."]
    assert list(alternatives(FOUND, cause_of(untrusted, part=far))) == told
    for part in (replace(far, kind=Kind.CERTIFICATE), replace(far, place=CausePlace.TRUSTED_CA)):
        assert list(alternatives(FOUND, cause_of(untrusted, part=part))) == []


def test_what_a_usage_lacks_is_still_given_by_some_ca() -> None:
    """To clients; a server needs another usage."""
    for cause in BY_USAGE:
        client, server = fault(cause), fault(cause, side=Side.SERVER)
        assert still_given(FOUND) in alternatives(FOUND, cause_of(client, part=STORE))
        assert still_given(FOUND) not in alternatives(FOUND, cause_of(server, part=STORE))
        both = cause_of(server, client, part=STORE)
        assert still_given(FOUND) in alternatives(FOUND, both)
    beside = cause_of(fault(Cause.EXPIRED), fault(Cause.EKU), part=STORE)
    assert still_given(FOUND) in alternatives(FOUND, beside)
    assert list(alternatives(FOUND, cause_of(fault(Cause.EXPIRED), part=STORE))) == []


def off(found: Deployment, faults: list[Fault], effects: tuple[str, ...]) -> list[str]:
    """Return what is said of mode Off."""
    told = alternatives(found, cause_of(*faults, part=STORE, effects=effects))
    return [words for words in told if words.startswith("Mode Off")]


EFFECTS = ("uc-zone", "traversal-mtls", "ssh-tunnel", "mra-login", "webrtc-proxy", "cucm-tftp")


def test_mode_off_is_told_with_what_it_would_bring_back() -> None:
    """By rules: a zone comes back, the tunnels do not (E7)."""
    faults = usage_faults(LACKING, "uc-zone", "ssh-tunnel")
    zone, tunnel = title_of("uc-zone"), title_of("ssh-tunnel")
    assert off(LACKING, faults, ("uc-zone", "ssh-tunnel")) == [
        f"Mode Off on Edge would bring back {zone}; {tunnel} would stay down."]  # fmt: skip
    assert off(LACKING, faults, ("uc-zone",)) == [f"Mode Off on Edge would bring back {zone}."]
    assert off(LACKING, faults, ("ssh-tunnel",)) == [
        "Mode Off on Edge would bring back none of it."]  # fmt: skip
    many = off(LACKING, faults, EFFECTS)[0]
    stays = [title_of(name) for name in EFFECTS[2:]]
    assert many.endswith(f"; {listed(stays, most=2)} would stay down.")


def test_of_a_cluster_mode_off_brings_back_the_causes_own_pairs() -> None:
    """Another pair that is up then, or stays down, tells nothing of them."""
    two = build(condition("C2", core_peers=2))
    first, second = two.core
    gone = replace(first, client=replace(first.client, certificate=None))
    two = replace(two, core=(gone, second))
    edge = two.edge[0].address
    pairs = [("uc-zone", (core.address, edge)) for core in two.core]
    faults = usage_faults(two, "uc-zone")
    for own, back in ((pairs[1:], True), (pairs[:1], False), (pairs, False)):
        cause = replace(cause_of(*faults, part=STORE, effects=("uc-zone",)), pairs=frozenset(own))
        told = [one for one in alternatives(two, cause) if one.startswith("Mode Off on Edge")]
        assert ["none of it" not in one for one in told] == [back]


def test_mode_off_is_told_where_it_is_on_and_judges() -> None:
    """Of the node that refuses; a peer that has it Off is not asked."""
    zone = usage_faults(LACKING, "uc-zone")
    assert off(LACKING.with_edge(eku_checking=Mode.OFF), zone, ("uc-zone",)) == []
    assert off(LACKING.with_core(eku_checking=Mode.OFF), zone, ("uc-zone",)) != []
    inbound = usage_faults(LACKING, "cucm-line-in")
    assert [one[:17] for one in off(LACKING, inbound, ("cucm-line-in",))] == ["Mode Off on Core "]
    both = off(LACKING, [*zone, *inbound], ("uc-zone",))
    assert [one[:17] for one in both] == ["Mode Off on Core ", "Mode Off on Edge "]
    assert both[0] == "Mode Off on Core would bring back none of it."


def test_public_cas_that_still_give_clientauth_are_told_with_their_last_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the calendar has it on that day; of those that must be asked so is said."""
    for on in (dt.datetime(2026, 6, 15, tzinfo=dt.UTC), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)):
        told = still_given(replace(FOUND, at=on))
        assert told.startswith(f"Public CAs that give clientAuth on {on:%d %b %Y}: ")
        for subject in issuers():
            gives, end = issuance(subject, on.date()), last_day(subject)
            by_default, asked = gives is Issuance.BY_DEFAULT, gives is Issuance.ON_REQUEST
            assert (f"{subject} when asked for" in told) is asked, subject
            until = f"{subject}{' when asked for' * asked} until {end:%d %b %Y}" if end else subject
            assert (until in told) is (by_default or asked), subject
    monkeypatch.setattr(alternatives_module, "last_day", lambda _subject: None)
    assert " until " not in still_given(FOUND)
    late = dt.datetime(2035, 1, 1, tzinfo=dt.UTC)
    assert still_given(replace(FOUND, at=late)) == (
        "No public CA of the calendar gives clientAuth on 01 Jan 2035."
    )
