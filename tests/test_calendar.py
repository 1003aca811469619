"""When clientAuth is gone, and what goes down: against tables made by hand from the ledger."""

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT

import ekukit
from ekukit.certificates import utc
from ekukit.certificates.credential import FAST_KEY
from ekukit.cli.main import main
from ekukit.connections import State
from ekukit.course import question
from ekukit.course.disputed_stop import DisputedStop
from ekukit.diagnosis.planned_case import PlanStart
from ekukit.expressway import Mode, Role, Store, build, condition
from ekukit.facts.calendar import renewals
from ekukit.planning.lead_times import LeadKind, LeadTimes
from ekukit.renewals import mending_plan
from ekukit.renewals.ca_words import calendar_ca, keeps_giving
from ekukit.renewals.dark_words import headline
from ekukit.renewals.mending_plan import Mender
from ekukit.renewals.model_pair import model_effect
from ekukit.renewals.stops import losing, stops_of
from ekukit.renewals.worst_first import act_by
from ekukit.verbs.calendar_output import CALENDAR_COLUMNS
from ekukit.verbs.moment import moment
from ekukit.views.figures.dark_figure import dark_svg

ESTATE, FROM = ROOT / "data" / "estate.csv", "2026-11-28"
# By hand, from facts/calendar.toml. A CA's last day is the one before it stops (D1). DigiCert
# stops on 1 Mar 2027, so that 20 Jan 2027 can be renewed for 199 days: 7 Aug 2027. Sectigo's FAQ
# says 15 May 2026; by the reseller's 10 Feb 2027, 15 Dec 2026 can be renewed for 200 days: 3 Jul
# 2027. Let's Encrypt and GoDaddy have stopped; of Entrust no source tells a day. The last good day
# to act is the one before, less 14 days where a certificate is ordered (R1), 30 where a far end is
# asked (R3); both are assumed.
BY_HAND = {
    "Edge edge1.rome": (None, None, None, "2027-01-05", None),
    "Core core1.wien": ("2026-07-07", "2026-12-05", "2026-12-05", "2026-12-05", "2026-11-20"),
    "Core core1.paris": ("2026-05-14", "2026-12-15", "2027-07-03", "2026-12-15", "2026-11-30"),
    "Edge edge1.paris": ("2026-05-14", "2027-03-03", "2027-03-03", "2027-03-03", "2027-01-31"),
    "Edge edge1.oslo": (None, "2027-04-11", "2027-04-11", "2027-04-11", "2027-03-11"),
    "Core core1.berlin": ("2027-02-28", "2027-08-07", "2027-08-07", "2027-01-20", "2027-07-23"),
    "Edge edge1.berlin": ("2027-02-28", "2027-08-28", "2027-08-28", "2027-02-10", "2027-07-28"),
    "Core server core1.rome": (None, None, None, "2027-01-05", None),
    "Core client core1.oslo": (None, None, None, "2027-06-01", None),
    "Core client core1.rome": (None, None, None, "2028-05-31", None),
}
HEAD = "host,role,store,issuer,eku,not_after"
BETWEEN = {"uc-zone", "ssh-tunnel", "traversal-mtls", "mra-login", "webrtc-proxy"}


def day(text: str | None) -> dt.date | None:
    """Return the day of an ISO text."""
    return None if text is None else dt.date.fromisoformat(text)


def down(found: "ekukit.RenewalCalendar", side: str) -> set[str]:
    """Return what goes down by the certificate of a side."""
    row = next(row for row in found.rows if row.holders[0].role == side)
    return set(row.down or ())


def write(folder: Path, *lines: str) -> Path:
    """Write a table and return its path."""
    path = folder / "estate.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def events(text: bytes) -> list[dict[str, str]]:
    """Return the events of an iCalendar file, read as RFC 5545 3.1 says, without the library."""
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, text.split(b"\r\n"))) <= 75
    unfolded = text.decode("utf-8").replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in unfolded:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            plain = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")
            found[-1].setdefault(name.partition(";")[0], plain)
    return found


def test_the_sample_estate_has_the_dates_that_were_computed_by_hand() -> None:
    """Last day, renewal without clientAuth, latest of all sources, expiry, day to act."""
    found = ekukit.calendar(ESTATE, at=FROM)
    told = {
        row.where[0].replace("server + client ", "").replace(".example.com", ""): (
            row.last_issue.decided, row.gone.decided, row.gone.latest, row.expires,
            act_by(row, found.leads),
        )
        for row in found.rows
    }  # fmt: skip
    assert told == {name: tuple(map(day, days)) for name, days in BY_HAND.items()}
    assert list(told) == list(BY_HAND)


def test_condition_1_goes_dark_on_the_last_day_of_its_certificates() -> None:
    """Issued on 14 Mar 2026 for 398 days; no CA gives clientAuth by then."""
    found = ekukit.calendar("C1")
    assert found.first_dark_day == dt.date(2027, 4, 16)
    assert down(found, "Core") >= BETWEEN
    assert not down(found, "Edge") & BETWEEN


def test_what_goes_down_is_what_fails_when_the_same_certificates_lack_it() -> None:
    """Condition 2 is condition 1 after the renewal: what fails there and not here goes down."""
    before, after = (ekukit.simulate(name) for name in ("C1", "C2"))
    worked = {o.connection for o in before if o.state is State.ACTIVE}
    failed = {o.connection for o in after if o.state is State.FAILED} & worked
    found = ekukit.calendar("C1")
    assert down(found, "Core") | down(found, "Edge") == failed


def test_peers_that_are_renewed_on_one_day_take_the_service_down_together() -> None:
    """One peer alone would keep MRA login up; on that day none does."""
    found = ekukit.calendar(ekukit.condition("C1", core_peers=2))
    cores = [row for row in found.rows if row.holders[0].role == "Core"]
    assert len({row.gone.decided for row in cores}) == 1
    assert all({"uc-zone", "mra-login"} <= set(row.down or ()) for row in cores)


def test_a_certificate_that_never_ends_is_no_appointment(tmp_path: Path) -> None:
    """RFC 5280 4.1.2.5 writes the year 9999."""
    path = write(tmp_path, HEAD, "a,core,both,Internal,both,9999-12-31",
                 "b,core,both,GoDaddy G2,both,9999-12-31")  # fmt: skip
    found = ekukit.calendar(path, at=FROM)
    assert {event["DTSTART"] for event in events(found.ics())} == {"21991217", "22000101"}
    assert "9999" in found.csv().decode()
    assert found.svg()


def test_mode_off_keeps_the_zone_and_not_the_tunnels() -> None:
    """Today's modes count on the day."""
    found = down(ekukit.calendar(ekukit.condition("C1", edge_checking="off")), "Core")
    assert "uc-zone" not in found
    assert "ssh-tunnel" in found


def test_what_lacks_clientauth_is_dark_already() -> None:
    """Condition 2 has no day to come; what is down is told."""
    found = ekukit.calendar("C2")
    assert found.first_dark_day is None
    assert found.headline.startswith("Down already for want of clientAuth: MRA login")
    assert down(found, "Core") >= BETWEEN


@pytest.mark.parametrize("name", ["C2.1", "C3"])
def test_zone_and_tunnels_of_an_internal_client_certificate_never_go_dark(name: str) -> None:
    """Only public CAs stop."""
    found = ekukit.calendar(name)
    assert not set().union(*(row.down or () for row in found.rows)) & BETWEEN


def test_a_certificate_that_has_ended_counts_as_renewed_today() -> None:
    """The renewal is overdue, and its CA has stopped."""
    found = ekukit.calendar("C1", at="2028-01-01")
    assert found.first_dark_day == dt.date(2028, 1, 1)
    assert "That day has passed" in found.headline


def test_the_last_good_day_is_earlier_by_the_lead_of_the_plan_that_mends_it() -> None:
    """Core's certificate is ordered, Edge's far ends are asked; no source tells how long it takes.

    The renewal is on 16 Apr 2027: 15 Apr less 14 days, and less 30.
    """
    frame = ekukit.calendar("C1").frame
    assert frame[["plan", "lead", "lead_days", "lead_basis"]].values.tolist() == [
        ["core.client-store.private-ca", "order", 14, "assumed"],
        ["cloud.check-off, partner.check-off", "partner", 30, "assumed"],
    ]
    assert [f"{act:%F}" for act in frame["act_by"]] == ["2027-04-01", "2027-03-16"]


def test_the_plan_of_a_day_is_the_one_that_is_made_for_the_deployment_of_that_day() -> None:
    """Condition 2 is condition 1 after the renewal: same wishes, same steps, by handshakes."""
    core = next(row for row in ekukit.calendar("C1").rows if row.holders[0].role == "Core")
    best = ekukit.plan("C2", want=list(core.down or ())).plans[0]
    assert core.mending is not None
    assert core.mending.steps == tuple(shown.step.id for shown in best.steps)


@pytest.mark.parametrize(
    ("lead", "days"),
    [
        (0, ("2027-04-15", "2027-04-15")),
        ("30", ("2027-03-16", "2027-03-16")),
        ({"order": 5}, ("2027-04-10", "2027-03-16")),
        (["order=5", "20"], ("2027-04-10", "2027-03-26")),
        (["20", "order=5"], ("2027-04-10", "2027-03-26")),
    ],
)
def test_days_that_somebody_gives_count_and_are_not_called_assumed(
    lead: object, days: tuple[str, str]
) -> None:
    """One number for all, or one for each kind, which counts in any order."""
    found = ekukit.calendar("C1", lead=lead)
    assert tuple(f"{act:%F}" for act in found.frame["act_by"]) == days
    assert found.frame["lead_basis"][0] == "given"
    assert "assumed: 14" not in found._repr_html_()


def test_an_earlier_day_to_act_for_a_later_dark_day_is_told(tmp_path: Path) -> None:
    """Edge goes dark a week after Core, and its partner needs longer."""
    path = write(tmp_path, HEAD, "core,core,both,GoDaddy G2,both,2027-03-01",
                 "edge,edge,both,GoDaddy G2,both,2027-03-08")  # fmt: skip
    assert ekukit.calendar(path, at=FROM).headline.endswith(
        "Last good day to act: 14 Feb 2027 (assumed: 14 days for ordering a certificate). Before "
        "it, for what goes down on 08 Mar 2027: 05 Feb 2027 (assumed: 30 days for asking a "
        "partner)."
    )


def test_where_nothing_goes_down_there_is_no_day_to_act(tmp_path: Path) -> None:
    """Core's server certificate without clientAuth: nobody looks for it there (K1)."""
    path = write(tmp_path, HEAD, "core,core,server,GoDaddy G2,both,2027-03-01")
    found = ekukit.calendar(path, at=FROM)
    assert found.frame[["down", "act_by", "lead", "plan"]].isna().values.tolist() == [
        [False, True, True, True]
    ]
    assert "last good day" not in found.ics().decode()


def test_what_no_known_step_brings_back_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no step offered at all."""
    monkeypatch.setattr(mending_plan, "offers", lambda _deployment: ())
    found = Mender(PlanStart(build(condition("C2")))).plan(("uc-zone", "never-heard-of"))
    assert found is not None
    assert (found.steps, found.unmet) == ((), ("uc-zone",))
    assert found.words == "nothing known brings back UC traversal zone"


def test_sources_that_disagree_give_a_span_and_stay_visible() -> None:
    """K7: the FAQ decides, the resellers' days give the latest."""
    span = losing(dt.date(2026, 9, 1), "Sectigo", stops_of("Sectigo"))
    assert span.decided == span.earliest == dt.date(2026, 9, 1)
    assert span.latest == dt.date(2027, 3, 20)
    told = ekukit.calendar("C1", renewed_by="Sectigo").sources
    assert [(stop.date, stop.decides) for stop in told] == [
        (dt.date(2026, 5, 15), True),
        (dt.date(2026, 10, 31), False),
        (dt.date(2027, 2, 10), False),
    ]


def test_the_day_to_act_of_lesson_50_is_the_calendar_s() -> None:
    """Two ways of computing it, and the days by hand: K7's first and last, 200 days, 14 days."""
    row = ekukit.calendar(ROOT / "data" / "two-sources.csv", at=FROM).rows[0]
    told = DisputedStop("Sectigo", dt.date(2026, 12, 15))
    assert (row.gone.earliest, row.gone.latest) == (dt.date(2026, 12, 15), dt.date(2027, 7, 3))
    assert told.range() == "15 Dec 2026 to 3 Jul 2027"
    assert question("50.range").task.right() == told.range()
    act = act_by(row, LeadTimes())
    assert act == told.act_by(told.decided, LeadKind.ORDER) == dt.date(2026, 11, 30)
    assert question("50.act").task.right() == "30 Nov 2026"


def test_a_ca_that_gives_clientauth_on_request_alone_must_be_asked() -> None:
    """DigiCert: forgotten, it is gone at the next renewal already."""
    rows = {row.where[0]: row for row in ekukit.calendar(ESTATE, at=FROM).rows}
    assert rows["Core server + client core1.berlin.example.com"].unless_asked == dt.date(
        2027, 1, 20
    )
    assert rows["Core server + client core1.paris.example.com"].unless_asked is None


@pytest.mark.parametrize(
    ("issuer", "ca", "kept"),
    [
        ("CN=DigiCert TLS RSA SHA256 2020 CA1,O=DigiCert Inc,C=US", "DigiCert", False),
        ("CN=DigiCert Assured ID Client CA G2,O=DigiCert Inc,C=US", "DigiCert", True),
        ("CN=R12,O=Let's Encrypt,C=US", "Let's Encrypt", False),
        ("CN=Certum OV TLS G2 R39 CA,O=Asseco Data Systems S.A.,C=PL", "Certum", False),
        ("CN=IdenTrust Public Sector Server CA 1,O=IdenTrust,C=US", "", True),
        ("CN=Example Internal Issuing CA", "", False),
    ],
)
def test_an_issuer_is_known_by_words_of_its_name(issuer: str, ca: str, *, kept: bool) -> None:
    """And issuing CAs that go on giving clientAuth are told apart (R4)."""
    assert (calendar_ca(issuer), bool(keeps_giving(issuer))) == (ca, kept)


def test_a_table_is_judged_by_the_mode_of_its_edge() -> None:
    """The model's Core loses the zone when Edge checks, and keeps it when Edge does not."""
    both = frozenset(Store)
    lost = {mode: set(model_effect(Role.CORE, both, Mode.ON, mode)[0]) for mode in Mode}
    assert lost[Mode.ON] - lost[Mode.OFF] == {"uc-zone", "traversal-mtls"}
    unused = model_effect(Role.CORE, frozenset({Store.SERVER}), Mode.ON, Mode.ON)
    assert unused == ((), (), None)


def test_icalendar_is_read_by_its_own_rules() -> None:
    """Whole days, one event for each day and kind, the same bytes each time."""
    found = ekukit.calendar(ESTATE, at=FROM)
    told = events(found.ics())
    gone = {event["DTSTART"] for event in told if event["SUMMARY"].endswith("clientAuth is gone")
            and "act" not in event["SUMMARY"]}  # fmt: skip
    assert gone == {
        f"{row.gone.decided:%Y%m%d}" for row in found.rows if row.gone.decided is not None
    }
    assert all(int(event["DTEND"]) > int(event["DTSTART"]) for event in told)
    assert len({event["UID"] for event in told}) == len(told)
    dark = next(event for event in told if event["DTSTART"] == "20261205")
    assert "core1.wien.example.com" in dark["DESCRIPTION"]
    assert "MRA login, WebRTC proxy" in dark["DESCRIPTION"]
    assert found.ics() == ekukit.calendar(ESTATE, at=FROM).ics()


def test_files_are_written_by_the_shell_and_json_says_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One calendar, four forms."""
    files = {name: tmp_path / f"out.{name}" for name in ("ics", "csv", "figure")}
    words = [word for name, path in files.items() for word in (f"--{name}", str(path))]
    assert main(["calendar", str(ESTATE), "--from", FROM, "--json", *words]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["first_dark_day"] == "2026-12-05"
    assert [row["gone"] for row in told["certificates"]] == [days[1] for days in BY_HAND.values()]
    assert [step["days"] for step in told["longest_validity"]] == [398, 200, 100, 47]
    assert files["csv"].read_text().splitlines()[0] == ",".join(CALENDAR_COLUMNS)
    assert len(events(files["ics"].read_bytes())) > len(told["certificates"])
    assert "05 Dec 2026" in files["figure"].read_text()


def test_the_shell_prints_dates_sources_and_what_is_not_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A day that no source gives is told as such."""
    assert main(["calendar", "C1"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for words in ("First dark day: 16 Apr 2027", "MRA login", "No source tells how long",
                  "assumed: 14 days for ordering a certificate",
                  "no source says when", "Judged from 15 Jun 2026"):  # fmt: skip
        assert words in told


def test_an_archive_tells_its_own_dark_day() -> None:
    """Rebuilt from the sample, with what of it was assumed."""
    sample = ROOT / "data" / "cases" / "upgrade-both-stores-equal.tar.gz"
    found = ekukit.calendar(sample, at=FROM)
    assert found.first_dark_day == dt.date(2027, 4, 16)
    assert down(found, "Core") == BETWEEN
    assert any("F1" in note for note in found.notes)
    assert any(note.startswith("CUCM is not among the files") for note in found.notes)


def test_days_of_an_archive_are_counted_from_one_moment_everywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From now, or from its own time where that is later: calendar, inventory, report and slot.

    The report had counted from the archive's own time, the calendar from a clock that was behind.
    """
    sample = ROOT / "data" / "cases" / "upgrade-both-stores-equal.tar.gz"
    own = ekukit.inspect(sample, at="2020-01-01").at
    for clock, counted in ((utc("2020-01-01"), own), (utc("2027-03-01"), utc("2027-03-01"))):
        for verb in ("calendar", "inspect", "check_slot"):
            monkeypatch.setattr(f"ekukit.verbs.{verb}.now", lambda clock=clock: clock)
        case = ekukit.inspect(sample)
        assert (case.at, case.today) == (own, counted)
        assert {row["counted_from"] for row in case.rows["certificates"].rows} == {counted}
        assert ekukit.calendar(sample).on == counted.date()
        report = case.report(tmp_path / f"{counted:%Y}.md").read_text("utf-8")
        assert f"Certificates from {counted:%d %b %Y} on" in report
        new = ekukit.issue({"core.example.com": "both"}, folder=tmp_path / f"{counted:%Y}",
                           key=FAST_KEY).folder / "core.example.com.pem"  # fmt: skip
        slot = ekukit.check(new, slot="core-client", case=sample)
        assert slot.deployments[0].at == counted
    assert ekukit.calendar(sample, at="2025-06-01").on == dt.date(2025, 6, 1)


@pytest.mark.parametrize(
    ("given", "on"),
    [
        ("2026-12-02T03:00+05:30", "2026-12-01"),
        ("2026-12-02T05:30+05:30", "2026-12-02"),
        ("2026-11-30T20:00-05:00", "2026-12-01"),
        ("2026-11-30T18:59:59-05:00", "2026-11-30"),
    ],
)
def test_a_moment_of_another_zone_counts_as_its_day_in_utc(given: str, on: str) -> None:
    """As certificates do, which end in UTC; what is judged at is told in UTC, too."""
    assert ekukit.calendar(ESTATE, at=given).on == dt.date.fromisoformat(on)
    told = moment(given)
    assert (told, told.tzinfo) == (dt.datetime.fromisoformat(given), dt.UTC)


def test_a_limited_issuing_ca_makes_it_dark_already_although_clientauth_is_there() -> None:
    """E6: the leaf has both EKUs, and every client under that CA is refused."""
    found = ekukit.calendar(ROOT / "data" / "cases" / "issuing-ca-limited.tar.gz", at=FROM)
    assert found.first_dark_day is None
    assert found.headline.startswith("Down already for want of clientAuth: MRA login")
    worst = found.rows[0]
    assert (worst.certificate.has_client_auth, worst.lapse.name) == (True, "LIMITED")
    assert down(found, "Core") == BETWEEN


def test_a_folder_of_certificates_does_not_tell_which_node_holds_them(tmp_path: Path) -> None:
    """So what goes down is missing, not empty."""
    ekukit.issue(
        {"core.example.com": "both"}, folder=tmp_path, issuer="public", issued="2026-03-14",
        days=398, key="EC-secp256r1",
    )  # fmt: skip
    found = ekukit.calendar(tmp_path, at=FROM)
    assert [(row.expires, row.down) for row in found.rows] == [(dt.date(2027, 4, 16), None)]
    assert any("Which node holds which certificate is not told" in note for note in found.notes)
    assert found.headline.startswith(
        "clientAuth is gone for the first time on 16 Apr 2027, in 139 days; what goes down then is "
        "not told. Last good day to act: 01 Apr 2027 (assumed"
    )
    assert "CLIENTAUTH GONE  16 Apr 2027" in found.svg().decode()


def test_a_certificate_without_clientauth_that_nobody_holds_is_not_called_harmless(
    tmp_path: Path,
) -> None:
    """Whether a node shows it as a client is not told, so neither is that nothing is down."""
    ekukit.issue({"core.example.com": "server"}, folder=tmp_path, key="EC-secp256r1")
    found = ekukit.calendar(tmp_path, at=FROM)
    assert found.headline == (
        "1 certificate has no clientAuth that counts; what is down for want of it is not told."
    )
    assert "CLIENTAUTH MISSING ALREADY" in found.svg().decode()
    assert "which node and store hold it?" in found._repr_html_()


def test_what_may_go_down_is_told_with_its_day(tmp_path: Path) -> None:
    """A far end of which nothing tells whether it checks is no dark day, and no silence."""
    path = write(tmp_path, HEAD, "edge,edge,client,GoDaddy G2,both,2027-03-01")
    rows = ekukit.calendar(path, at=FROM).rows
    only = (replace(rows[0], down=(), perhaps=("webex",)),)
    leads = LeadTimes()
    assert headline(only, dt.date(2026, 11, 28), leads) == (
        "clientAuth is gone for the first time on 01 Mar 2027, in 93 days; perhaps down then: "
        "Webex call over mTLS. Last good day to act: 29 Jan 2027 (assumed: 30 days for asking a "
        "partner)."
    )


def test_the_longest_validity_of_each_day_drives_how_often_is_renewed(tmp_path: Path) -> None:
    """By hand: no CA stops before March 2031 here; 200, 100 and 47 days by the day of issue.

    30 Jan 2027 is issued for 200 days: 18 Aug 2027. From 15 Mar 2027 on 100 days, to 5 Mar 2029;
    one more of 100 ends on 13 Jun 2029, from then on it is 47.
    """
    days = renewals(dt.date(2027, 1, 30), "", dt.date(2029, 9, 1))
    assert [f"{day:%F}" for day in days] == [
        "2027-01-30", "2027-08-18", "2027-11-26", "2028-03-05", "2028-06-13", "2028-09-21",
        "2028-12-30", "2029-04-09", "2029-05-26", "2029-07-12", "2029-08-28", "2029-10-14",
    ]  # fmt: skip
    path = write(tmp_path, HEAD, "core,core,both,DigiCert TLS RSA SHA256 2020 CA1,both,2027-01-20")
    found = ekukit.calendar(path, at=FROM)
    row = json.loads(found.json())["certificates"][0]
    assert (row["renewals"], row["gone"]) == (["2027-01-20"], "2027-08-07")
    steps = json.loads(found.json())["longest_by_ca"]
    assert [(step["days"], step["a_year"], step["status"]) for step in steps] == [
        (199, 2, "documented"), (99, 4, "assumed"), (46, 8, "assumed"),
    ]  # fmt: skip
    shown = " ".join(found._repr_html_().split())
    assert "DigiCert itself gives at most 199 days (2 a year), 99 days (assumed)" in shown
    assert "ballot SC-081v3, as of 2026-11-01" in shown


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("C1", "FIRST DARK DAY  16 Apr 2027"),
        ("C2", "DARK ALREADY"),
        ("C3", "NO DARK DAY KNOWN"),
        (str(ESTATE), "DARK ALREADY, NEXT  05 Dec 2026"),
    ],
)
def test_the_figure_says_in_large_type_when_it_goes_dark(name: str, told: str) -> None:
    """And in words for who cannot see it."""
    found = ekukit.calendar(name, at=FROM if name.endswith("csv") else None)
    drawing = found.svg().decode()
    assert re.search(rf"<text[^>]*font: bold 38px[^>]*>{told}</text>|>{told}</text>", drawing)
    assert 'role="img" aria-label="From ' in drawing
    assert drawing.count("xmlns=") == 1
    assert dark_svg(found.rows, found.on) in found._repr_html_()


def test_the_explorer_has_a_calendar_that_follows_its_toggles() -> None:
    """Made when its tab is opened; the CA that renews can be chosen."""
    explorer = ekukit.Explorer("C1")
    assert explorer.parts["calendar"].value == ""
    explorer.tabs.turn_to("Calendar")
    assert "first dark day to come 16 Apr 2027" in explorer.parts["calendar"].value
    assert "assumed: " in explorer.parts["calendar"].value
    explorer.renewed_by.value = "DigiCert"
    assert "28 Feb 2027" in explorer.parts["calendar"].value
    explorer.controls.stores["core_client"].issuer.value = "internal"
    assert "MRA login" not in explorer.parts["calendar"].value


def test_hundreds_of_rows_come_worst_first_and_from_a_spreadsheet_with_semicolons(
    tmp_path: Path,
) -> None:
    """The rows to be looked at are the first."""
    ends = [utc("2026-12-01") + dt.timedelta(n) for n in reversed(range(400))]
    rows = [f"core.example.com;core;both;GoDaddy G2;both;{end:%F}" for end in ends]
    path = write(tmp_path, "host;role;store;issuer;eku;not_after", *rows)
    found = ekukit.calendar(path, at=FROM)
    days = [row.gone.decided for row in found.rows if row.gone.decided]
    assert len(days) == 400
    assert days == sorted(days)


def test_text_of_a_table_is_no_formula_and_no_markup(tmp_path: Path) -> None:
    """What a stranger wrote stays text in CSV and HTML."""
    path = write(tmp_path, "host,role,store,issuer,eku,not_after",
                 "=cmd|x,core,both,<b>GoDaddy$\x1b[2J,both,2027-01-01")  # fmt: skip
    found = ekukit.calendar(path, at=FROM)
    assert "'=cmd" in found.csv().decode()
    shown = found._repr_html_()
    assert "<b>GoDaddy" not in shown
    assert "\x1b" not in shown + found.csv().decode() + found.ics().decode() + found.json()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("host,rolle", "a,core"), "column 'rolle' is unknown.*did you mean role"),
        (("host,role,store,issuer,eku", "a,core,both,x,both"), "no column not_after"),
        ((HEAD,), "no row under the column names"),
        ((HEAD, "a,middle,both,x,both,2027-01-01"), "estate.csv:2: role 'middle' is unknown"),
        ((HEAD, "a,core,both,x,bth,2027-01-01"), "estate.csv:2: eku 'bth' is unknown.*mean both"),
        (
            (HEAD, "a,core,both,x,both,1.1.2027"),
            "estate.csv:2: not_after '1.1.2027' cannot be read",
        ),
        ((f"{HEAD},public", "a,core,both,x,both,2027-01-01,maybe"), "public 'maybe' is unknown"),
        ((f"{HEAD},serial", "a,core,both,x,both,2027-01-01,xyz"), "serial 'xyz' is no hex"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_by_line_and_column(
    tmp_path: Path, lines: tuple[str, ...], told: str
) -> None:
    """In words, with what to write instead."""
    with pytest.raises(ekukit.InputError, match=told):
        ekukit.calendar(write(tmp_path, *lines), at=FROM)


def test_a_row_that_cannot_be_read_is_told_beside_the_others(tmp_path: Path) -> None:
    """With its line, value and what to write; no other row is lost."""
    good = [f"core{n}.example.com,core,both,GoDaddy G2,both,2027-0{n}-01" for n in (1, 2, 3)]
    path = write(tmp_path, HEAD, good[0], "b,core,both,x,both,soon", *good[1:])
    found = ekukit.calendar(path, at=FROM)
    assert len(found.rows) == 3
    told = "estate.csv:3: not_after 'soon' cannot be read; write YYYY-MM-DD"
    assert [note for note in found.notes if told in note] != []
    assert told in found.json()


@pytest.mark.parametrize(
    ("given", "options", "told"),
    [
        ((), {}, "nothing to look at"),
        (("C7",), {}, "does not exist"),
        (("C1",), {"renewed_by": "Digicret"}, "did you mean DigiCert"),
        (("C1",), {"lead": -1}, "give a number of days"),
        (("C1",), {"lead": "oder=3"}, "use one of: order, .*did you mean order"),
        (("C1",), {"lead": {"order": "soon"}}, "lead=order=soon cannot be used"),
        (("nowhere.csv",), {}, "does not exist"),
    ],
)
def test_what_cannot_be_looked_at_is_told(
    given: tuple[str, ...], options: dict[str, object], told: str
) -> None:
    """It is an InputError."""
    with pytest.raises(ekukit.InputError, match=told):
        ekukit.calendar(*given, **options)
