"""What the first lessons show: certificates, EKUs, the calendar, two stores, the upgrade."""

import datetime as dt

import pytest

from ekukit.certificates import EkuProfile
from ekukit.connections import CATALOG, Cause, Handshake, State, connection, handshakes
from ekukit.course.bank.lesson_01 import limited_issuer
from ekukit.course.forms import outcome
from ekukit.expressway import Release, Role, Store, build, condition
from ekukit.expressway.moments import MOMENTS, after_upgrade, before_upgrade, renewed_in_2027
from ekukit.facts import (
    Status,
    calendar,
    issuance,
    issuers,
    latest_renewal,
    longest,
    validity_limits,
)
from ekukit.facts.calendar import Issuance, longest_validity
from ekukit.lab import record, record_tls13
from ekukit.lab.messages import messages
from ekukit.lab.tls import TLS_1_3, run_tls
from ekukit.views import show
from ekukit.views.html import safe
from ekukit.views.panels.moments_panel import MomentToggle, moment_table
from ekukit.views.panels.renewal import RenewalPanel, renewal_rows
from ekukit.views.tables import profiles
from ekukit.views.tables.calendar_tables import limit_table, renewal_table
from ekukit.views.tables.profiles import authority_table, certificate_table, eku_matrix_table
from ekukit.views.tables.store_use import store_use_table

ON, OFF, SSH, SERVER = profiles.MATRIX_COLUMNS[1:]


def zone(name: str) -> Handshake:
    """Return the zone's handshake of a condition."""
    return handshakes(build(condition(name)), connection("uc-zone"))[0]


def certificates_seen(handshake: Handshake, *, newest: bool) -> int:
    """Return how many Certificate messages a capture without secrets shows."""
    tape = record_tls13(handshake) if newest else record(handshake)
    return [m.name for m in messages(tape, handshake.protocol)].count("Certificate")


def test_a_capture_of_tls_13_shows_no_certificate() -> None:
    """The same handshake shows two of them in TLS 1.2."""
    assert certificates_seen(zone("C3"), newest=False) == 2
    assert certificates_seen(zone("C3"), newest=True) == 0


@pytest.mark.parametrize(("name", "cause"), [("C3", Cause.ACCEPTED), ("C2", Cause.EKU)])
def test_tls_13_ends_for_the_same_reason(name: str, cause: Cause) -> None:
    """What is hidden is checked all the same."""
    assert run_tls(zone(name), version=TLS_1_3).cause is cause


@pytest.mark.parametrize(
    ("profile", "states"),
    [
        (EkuProfile.SERVER, (State.FAILED, State.ACTIVE, State.FAILED, State.ACTIVE)),
        (EkuProfile.CLIENT, (State.ACTIVE, State.ACTIVE, State.ACTIVE, State.FAILED)),
        (EkuProfile.BOTH, (State.ACTIVE, State.ACTIVE, State.ACTIVE, State.ACTIVE)),
        (EkuProfile.NONE, (State.ACTIVE, State.ACTIVE, State.ACTIVE, State.ACTIVE)),
        (EkuProfile.ANY, (State.FAILED, State.FAILED, State.FAILED, State.FAILED)),
    ],
)
def test_each_profile_ends_as_measured(profile: EkuProfile, states: tuple[State, ...]) -> None:
    """E3, E4, E5, E13: as client with On, with Off, over SSH, and as server."""
    frame = eku_matrix_table()
    row = frame.iloc[list(EkuProfile).index(profile)]
    assert tuple(row[name][0] for name in (ON, OFF, SSH, SERVER)) == states


def test_every_cell_of_the_matrix_says_how_sure_it_is() -> None:
    """The reading of Off is assumed, the mode On documented."""
    frame = eku_matrix_table()
    assert frame.iloc[0][ON][1].startswith("documented: ")
    assert frame.iloc[1][OFF][1] == "assumed: E2, E4, L1"


def test_a_certificate_is_told_field_by_field_with_who_looks() -> None:
    """The EKUs have two readers, one on each side."""
    node = build(condition("C1")).core[0]
    fields = {row[0]: row for row in certificate_table(node).itertuples(index=False)}
    assert fields["Extended key usage (EKU)"][1][0] == "serverAuth + clientAuth"
    assert len(fields["Extended key usage (EKU)"][2]) == 2
    assert fields["Valid"][1] == "14 Mar 2026 to 16 Apr 2027"


def test_an_empty_store_gives_empty_tables() -> None:
    """Columns stay when there is nothing to tell."""
    node = build(condition("C1")).core[0]
    empty = build(condition("C1")).with_core(client=type(node.client)(Store.CLIENT, None)).core[0]
    assert list(certificate_table(empty, Store.CLIENT).columns) == [*profiles.CERTIFICATE_COLUMNS]
    assert len(authority_table(empty, Store.CLIENT)) == 0


def test_the_path_names_depths_as_openssl_does() -> None:
    """Leaf, issuing CA limited to serverAuth, root."""
    frame = authority_table(build(condition("C2")).edge[0])
    assert list(frame["Depth"]) == ["0: leaf", "1: issuing CA", "2: root"]
    assert list(frame["Its EKUs"]) == ["serverAuth", "serverAuth", "no EKU extension"]


def test_the_diagnosis_of_the_issuing_ca_quotes_the_real_error() -> None:
    """Error 26 at depth 1, as the question says (E6)."""
    found = outcome(limited_issuer, "uc-zone")
    assert (found.error, found.depth, "E6" in found.facts) == (26, 1, True)


@pytest.mark.parametrize(
    ("name", "opener", "answerer"),
    [
        ("uc-zone", "client store", "server store"),
        ("webex", "client store", "a certificate of its own"),
        ("mra-client", "nothing: it is not asked", "server store"),
        ("neighbor-in", "a certificate of its own", "server store"),
        ("cluster", "client store", "server store"),
    ],
)
def test_each_connection_reads_the_store_of_its_role(name: str, opener: str, answerer: str) -> None:
    """S2: opens, client; answers, server."""
    row = store_use_table(name).iloc[0]
    assert (row["The opener presents"], row["The answerer presents"]) == (opener, answerer)


def test_without_names_every_connection_has_a_row() -> None:
    """The rows are the catalog's, each with a source."""
    frame = store_use_table()
    assert [row.title for row in CATALOG] == list(frame["Connection"])
    assert all(frame["Source"])


@pytest.mark.parametrize(
    ("subject", "day", "expected"),
    [
        ("DigiCert", "2025-09-30", Issuance.BY_DEFAULT),
        ("DigiCert", "2025-10-01", Issuance.ON_REQUEST),
        ("DigiCert", "2027-02-28", Issuance.ON_REQUEST),
        ("DigiCert", "2027-03-01", Issuance.NO),
        ("GoDaddy", "2026-06-14", Issuance.BY_DEFAULT),
        ("GoDaddy", "2026-06-15", Issuance.NO),
        ("Let's Encrypt", "2026-07-07", Issuance.ON_REQUEST),
        ("Let's Encrypt", "2026-07-08", Issuance.NO),
        ("Certum", "2026-05-14", Issuance.BY_DEFAULT),
        ("Certum", "2026-05-15", Issuance.NO),
        ("Sectigo", "2025-09-14", Issuance.BY_DEFAULT),
        ("Sectigo", "2025-09-15", Issuance.ON_REQUEST),
        ("Google Trust Services", "2026-04-12", Issuance.BY_DEFAULT),
        ("Google Trust Services", "2026-04-13", Issuance.NO),
        ("Public CAs", "2026-05-02", Issuance.NOT_SAID),
        ("SSL.com", "2025-09-15", Issuance.NOT_SAID),
        ("GlobalSign", "2026-01-01", Issuance.NOT_SAID),
    ],
)
def test_a_ca_issues_client_auth_by_the_dates_that_count(
    subject: str, day: str, expected: Issuance
) -> None:
    """Unasked, on request, no more, or nobody has said; the day of the end has none (D1)."""
    assert issuance(subject, dt.date.fromisoformat(day)) is expected


@pytest.mark.parametrize(
    ("day", "days", "until"),
    [
        ("2026-03-14", 398, "2027-04-16"),
        ("2026-03-15", 200, "2026-10-01"),
        ("2027-03-15", 100, "2027-06-23"),
        ("2029-03-15", 47, "2029-05-01"),
    ],
)
def test_the_day_of_issue_sets_the_longest_validity(day: str, days: int, until: str) -> None:
    """The steps of ballot SC-081v3, each on its first day."""
    issued = dt.date.fromisoformat(day)
    assert longest_validity(issued) == days
    assert latest_renewal(issued).isoformat() == until


@pytest.mark.parametrize(
    ("subject", "day", "days", "status"),
    [
        ("DigiCert", "2026-02-23", 398, Status.DOCUMENTED),
        ("DigiCert", "2026-02-24", 199, Status.DOCUMENTED),
        ("DigiCert", "2027-03-14", 199, Status.DOCUMENTED),
        ("DigiCert", "2027-03-15", 99, Status.ASSUMED),
        ("DigiCert", "2029-03-15", 46, Status.ASSUMED),
        ("Let's Encrypt", "2027-02-09", 90, Status.DOCUMENTED),
        ("Let's Encrypt", "2027-02-10", 64, Status.DOCUMENTED),
        ("Let's Encrypt", "2028-02-16", 45, Status.DOCUMENTED),
        ("GoDaddy", "2026-11-28", 200, Status.DOCUMENTED),
    ],
)
def test_a_ca_can_give_less_than_the_forum_allows(
    subject: str, day: str, days: int, status: Status
) -> None:
    """D2 and D3, each on its first day; for other CAs the forum's limit counts."""
    limit = longest(dt.date.fromisoformat(day), subject)
    assert (limit.days, limit.status) == (days, status)


def test_shorter_validity_means_more_certificates_a_year() -> None:
    """How often follows from how long: one, two, four and eight a year; nine for 45 days."""
    assert [row.per_year for row in validity_limits()] == [1, 2, 4, 8]
    assert [row.per_year for row in validity_limits("Let's Encrypt")] == [5, 6, 9]
    assert list(limit_table("DigiCert")["Longest validity"]) == [
        "199 days", "99 days (assumed)", "46 days (assumed)",
    ]  # fmt: skip
    rows = dict(renewal_rows("DigiCert", dt.date(2026, 11, 25)).itertuples(index=False))
    assert rows["How many certificates a year does that take?"] == "2 at least; from Jun 2027 on 4"


def test_what_the_tech_note_says_of_all_cas_decides_nothing() -> None:
    """D5: May 2026 stays visible, marked; what counts is each CA's own day."""
    rows = [row for row in calendar() if row.subject == "Public CAs"]
    assert [(row.words, row.decides) for row in rows] == [("May 2026", False), ("Mar 2027", True)]
    assert "Public CAs" not in issuers()


def test_a_validity_ends_with_the_calendar_of_the_machine() -> None:
    """The last day that can be written is no error."""
    assert latest_renewal(dt.date.max) == dt.date.max


def test_the_last_client_auth_of_a_ca_is_computed_from_two_dates() -> None:
    """DigiCert's last good day plus its own 199 days; a CA without a last day gets none."""
    rows = {row[0]: row for row in renewal_table().itertuples(index=False)}
    assert rows["DigiCert"][2:5] == ("2027-02-28", "199 days", "2027-09-15")
    assert rows["Let's Encrypt"][2:5] == ("2026-07-07", "90 days", "2026-10-05")
    assert rows["Google Trust Services"][2] == "before week of 2026-04-13"
    assert "Public CAs" not in rows
    assert rows["SSL.com"][4] == "no source says"
    assert len(rows["Sectigo"][5]) == 2


def test_one_ca_s_dates_can_be_shown_alone() -> None:
    """All dates of Sectigo, conflicts included, and no other's."""
    drawn = show.calendar_table("Sectigo").html
    assert drawn.count("<td>stops clientAuth<") == 3
    assert "DigiCert" not in drawn


def test_the_figure_speaks_every_date() -> None:
    """Its label names each date of the calendar, and its bars each CA."""
    drawn = show.calendar_figure().html
    assert [row for row in calendar() if f"{row.words}: " not in drawn] == []
    assert drawn.startswith("<style>")
    assert issuers()[-1] == "SSL.com"


def test_nothing_breaks_at_the_upgrade_but_at_the_renewal() -> None:
    """E9: Active, Active, Active, Failed, Failed, for zone, tunnels and MRA login alike."""
    frame = moment_table()
    expected = [State.ACTIVE] * 3 + [State.FAILED] * 2
    for column in ("UC traversal zone", "SSH tunnels", "MRA login"):
        assert list(frame[column]) == expected


def test_the_upgrade_of_the_moments_is_the_product_s() -> None:
    """S4: X15.4 has one store, X15.5 two with one serial."""
    old, new = before_upgrade().core[0], after_upgrade().core[0]
    assert (old.release, old.client.certificate) == (Release.X15_4, None)
    assert (new.release, new.client.certificate) == (Release.X15_5, old.server.certificate)


def test_every_moment_can_be_chosen() -> None:
    """Each button shows what happened, states and stores."""
    toggle = MomentToggle()
    for moment in MOMENTS:
        toggle.moment.value = moment
        assert safe(moment.happened) in toggle.shown.value
        assert "eku-state" in toggle.shown.value


def test_the_renewal_panel_answers_for_every_ca_and_without_a_day() -> None:
    """GoDaddy's next certificate has no clientAuth; an empty date asks for one."""
    panel = RenewalPanel("GoDaddy", "2026-06-10")
    assert "27 Dec 2026" in panel.shown.value
    for subject in issuers():
        panel.subject.value = subject
        assert f"Does {safe(subject)} issue" in panel.shown.value
    panel.issued.value = None
    assert "Choose a day" in panel.shown.value


@pytest.mark.parametrize("role", Role)
def test_pictures_of_one_node_name_it(role: Role) -> None:
    """Caption and content are of the node asked for."""
    assert f"The certificate in {role.value}&#x27;s client store" in (
        show.certificate("C3", role, Store.CLIENT).html
    )
    assert f"{role.value.lower()}.example.com" in show.authorities("C3", role).html


def test_a_private_ca_issues_both_ekus_in_2027_and_edge_takes_them() -> None:
    """The public certificates beside it are serverAuth only, and everything is valid that day."""
    found = renewed_in_2027()
    held = found.core[0].client.certificate
    assert held is not None
    assert (held.public, held.ekus) == (False, EkuProfile.BOTH.ekus)
    assert found.edge[0].server.certificate == found.edge[0].client.certificate
    assert found.at.date() == dt.date(2027, 4, 2)
    for name in ("uc-zone", "ssh-tunnel", "mra-login"):
        assert outcome(found, name).state is State.ACTIVE


def test_a_capture_in_tls_13_is_shown_sealed_and_opened() -> None:
    """Without secrets no serial can be read, with them those of both certificates."""
    sealed, opened = show.opened_capture("C3", "uc-zone").html.split("</table>")[:2]
    core, edge = build(condition("C3")).core[0], build(condition("C3")).edge[0]
    shown = [node.store(kind).certificate for node, kind in
             ((core, Store.CLIENT), (edge, Store.SERVER))]  # fmt: skip
    serials = [found.serial_hex for found in shown if found]
    assert [serial in sealed for serial in serials] == [False, False]
    assert [serial in opened for serial in serials] == [True, True]
