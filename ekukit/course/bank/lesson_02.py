"""Questions of lesson 02: until when which CA issues clientAuth, and when to renew."""

import datetime as dt
from dataclasses import replace

from ekukit.certificates import EkuProfile, utc
from ekukit.course.forms import choose
from ekukit.course.places import CORE_SERVER, EDGE_CLIENT, EDGE_SERVER, STORES, place
from ekukit.course.question import Question
from ekukit.expressway import CertificateStore, Deployment, Expressway, Store, build, condition
from ekukit.expressway.build import CA2
from ekukit.facts import (
    STOPS,
    calendar,
    deciding,
    issuance,
    last_day,
    latest_renewal,
    validity_limits,
)
from ekukit.facts.calendar import Issuance

_ASKED = dt.date(2027, 2, 1)
_SCHEDULED = dt.date(2026, 8, 1)
_ISSUED = dt.date(2026, 3, 20)
_STOPS = dt.date(2027, 3, 1)


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def _sectigo() -> dict[str, str]:
    """Return the days on which Sectigo stops, as its sources say, by ISO date."""
    rows = [row for row in calendar() if (row.subject, row.event) == ("Sectigo", STOPS)]
    return {row.date.isoformat(): f"{_day(row.date)}, {row.source}" for row in rows}


def _sectigo_counts() -> str:
    row = deciding("Sectigo", STOPS)
    return _sectigo()[row.date.isoformat()] if row else ""


_NOT_LONGER = "no: DigiCert ended clientAuth on 1 May 2026"
_ANSWERS = {
    Issuance.ON_REQUEST: "yes, but only when it is asked for in the order",
    Issuance.BY_DEFAULT: "yes, every certificate has both EKUs",
    Issuance.NO: _NOT_LONGER,
    Issuance.NOT_SAID: "no source says",
}

_RENEWED = {
    Issuance.NO: "one with serverAuth only",
    Issuance.BY_DEFAULT: "one with both EKUs, as every time before",
    Issuance.ON_REQUEST: "one with both EKUs, if the tlsclient profile is chosen",
    Issuance.NOT_SAID: "none: Let's Encrypt has stopped issuing certificates",
}
_ENDS = {row.days: _ISSUED + dt.timedelta(days=row.days) for row in validity_limits()}
_DECIDES = {
    398: "398 days ended with certificates issued up to 14 Mar 2026, six days before this one.",
    100: "100 days come with certificates issued from 15 Mar 2027 on.",
    47: "47 days come with certificates issued from 15 Mar 2029 on.",
}


def _longest() -> dict[str, str]:
    last, earlier = last_day("DigiCert") or _STOPS, dt.date(2026, 4, 30)
    return {
        _day(last): "That is the last day for issuing one. An issued certificate lives to its "
        "own end (E9).",
        _day(latest_renewal(earlier, "DigiCert")): "That reckons from 1 May 2026, which DigiCert "
        "has moved since.",
        _digicert_end(): "",
        _day(_STOPS + dt.timedelta(days=200)): "On 1 Mar 2027 DigiCert has stopped: the last good "
        "day is the one before (D1). And 200 days are what the CA/B Forum allows; DigiCert itself "
        "gives 199 (D2).",
        _day(last + dt.timedelta(days=398)): "398 days are gone since 15 Mar 2026; in February "
        "2027 it is 200 days, and 100 from 15 Mar 2027 on.",
    }


def _digicert_end() -> str:
    last = last_day("DigiCert")
    return _day(latest_renewal(last, "DigiCert")) if last else ""


def _copies_expired() -> Deployment:
    """Return two nodes with new server certificates and client copies that ended yesterday."""
    found = build(condition("C2", at=utc("2026-10-07")))

    def at_hand(node: Expressway) -> Expressway:
        days = latest_renewal(_ISSUED) - _ISSUED
        copy = CA2.issue(
            node.fqdn, eku=EkuProfile.BOTH, issued=utc(_ISSUED.isoformat()), days=days.days
        )
        new = CA2.issue(node.fqdn, eku=EkuProfile.SERVER, issued=utc("2026-10-05"))
        return replace(
            node,
            server=CertificateStore(Store.SERVER, new),
            client=CertificateStore(Store.CLIENT, copy),
        )

    core, edge = (tuple(map(at_hand, peers)) for peers in (found.core, found.edge))
    return replace(found, core=core, edge=edge)


QUESTIONS = (
    Question(
        "02.sectigo",
        "Three sources give three days on which Sectigo stops clientAuth. Which of them counts in "
        "this kit?",
        choose(tuple(_sectigo().values()), _sectigo_counts),
        hint="Who decides what Sectigo issues: Sectigo, or those who sell it?",
        why="A CA's own page decides over its resellers (K7). The others stay visible: they may "
        "have news first. Before you rely on any of the three, ask Sectigo.",
        facts=("K7",),
        mistakes={
            _sectigo()["2026-10-31"]: "A reseller's date. It may be true for an order through that "
            "reseller; the CA itself says otherwise.",
            _sectigo()["2027-02-10"]: "The latest date is the most welcome one, not the best known "
            "one: it is a reseller's.",
        },
    ),
    Question(
        "02.digicert",
        f"A customer wants a DigiCert certificate with both EKUs, to be ordered on {_day(_ASKED)}. "
        "By the dates in the calendar, is that possible?",
        choose(tuple(_ANSWERS.values()), lambda: _ANSWERS[issuance("DigiCert", _ASKED)]),
        hint="Find DigiCert's bar in the figure, and what its hatching means on that day.",
        why="DigiCert moved its end from 1 May 2026 to 1 Mar 2027. Since 1 Oct 2025 it leaves "
        "clientAuth out unless it is asked for. Both dates stand in the calendar.",
        facts=("R5", "D1"),
        mistakes={
            _ANSWERS[
                Issuance.BY_DEFAULT
            ]: "Not since 1 Oct 2025: unasked, it comes with serverAuth "
            "only. Many learn that after the renewal.",
            _NOT_LONGER: "That was the first announcement. It is a hollow mark in the figure now: "
            "a later one counts.",
            _ANSWERS[Issuance.NOT_SAID]: "DigiCert has said it, twice; look at its row.",
        },
    ),
    Question(
        "02.renewal",
        f"A public certificate with both EKUs was issued on {_day(_ISSUED)} with the longest "
        "validity that was allowed. When must it be renewed at the latest?",
        choose(tuple(_day(end) for end in _ENDS.values()), lambda: _day(latest_renewal(_ISSUED))),
        hint="CA/B Forum's limits go by the day of issue. Which step came before that day?",
        why="From 15 Mar 2026 on 200 days are the most. Shorter validity means that renewals, and "
        "with them the loss of clientAuth, come sooner (E9).",
        facts=("E9", "R5"),
        mistakes={_day(_ENDS[days]): said for days, said in _DECIDES.items()},
    ),
    Question(
        "02.longest",
        "DigiCert stops clientAuth on 1 Mar 2027. Until when can a DigiCert certificate with "
        "clientAuth be valid at all?",
        choose(tuple(_longest()), _digicert_end),
        hint="Which is the last day on which it can be issued? And two limits of validity meet: "
        "the CA/B Forum's and DigiCert's own.",
        why="The last good day is 28 Feb 2027 (D1), plus DigiCert's 199 days (D2). After that no "
        "valid public certificate of this CA has clientAuth: this is the day by which your "
        "deployment must not need it (E9).",
        facts=("E9", "R5", "D1", "D2"),
        mistakes={day: said for day, said in _longest().items() if said},
    ),
    Question(
        "02.acme",
        "Edge's certificate comes from Let's Encrypt and is renewed by Expressway's ACME "
        f"scheduler. The scheduler runs on {_day(_SCHEDULED)}. What does it bring?",
        choose(tuple(_RENEWED.values()), lambda: _RENEWED[issuance("Let's Encrypt", _SCHEDULED)]),
        hint="When did Let's Encrypt's last way to clientAuth end?",
        why="Since 8 Jul 2026 no Let's Encrypt certificate has clientAuth, and the scheduler "
        "renews without asking. Stop it before it overwrites a certificate with both EKUs (R9). "
        "What Edge loses are the calls that it opens to far ends that check (C4-far).",
        facts=("R9", "E9", "C4-far"),
        mistakes={
            _RENEWED[Issuance.BY_DEFAULT]: "The classic profile dropped clientAuth on 11 Feb 2026.",
            _RENEWED[Issuance.ON_REQUEST]: "That profile ended on 8 Jul 2026.",
            _RENEWED[Issuance.NOT_SAID]: "It issues as ever; only clientAuth is gone.",
        },
    ),
    Question(
        "02.place",
        "Diagnosis. It is 7 Oct 2026. Both nodes got new public server certificates two days ago, "
        "copy checkbox empty; nothing else was touched since March. Zone and tunnels are Failed "
        "since this morning. On which page is that put right?",
        place(_copies_expired, "uc-zone", STORES),
        hint="Who opens zone and tunnels, with which certificate, and until when is it valid?",
        why="The old copy in Core's client store lived to its last day (E9). A new public one is "
        "serverAuth only, which that page refuses (S6): it takes another CA (R1, R4).",
        facts=("E9", "S2", "S6", "R1", "R4"),
        mistakes={
            CORE_SERVER: "It is new, and not shown: Core opens here (S2).",
            EDGE_SERVER: "It is new and has serverAuth, which is all that Core looks for in it.",
            EDGE_CLIENT: "It has expired as well, and nobody is shown it: Edge opens neither of "
            "them (S2). It is next, when Edge calls somebody.",
        },
    ),
)
