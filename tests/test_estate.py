"""A table of certificates: how it is read, what is refused in it, and whose mode counts."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pytest
from paths import Shape, make

from ekukit.believed import LATEST
from ekukit.certificates import EkuProfile, utc
from ekukit.errors import InputError
from ekukit.expressway import Mode, Store
from ekukit.planning.lead_times import LeadKind, LeadTimes
from ekukit.renewals import estate
from ekukit.renewals.ca_words import calendar_ca, keeps_giving
from ekukit.renewals.certificate_dates import CertificateDates, Holder, Lapse, dates_of
from ekukit.renewals.diary import Due, _due, events
from ekukit.renewals.estate import (
    COLUMNS,
    EstateRow,
    EstateTable,
    certificate_of,
    estate_dates,
    leaves_of,
    read_estate,
)
from ekukit.renewals.mending_plan import MendingPlan
from ekukit.renewals.model_pair import ModelEffect
from ekukit.renewals.stops import Span

ON = dt.date(2026, 6, 15)
DAY = dt.timedelta(days=1)
HEAD = "host,role,store,issuer,eku,not_after"
GOOD = "core1,core,both,GoDaddy G2,both,2027-03-01"
WAY = EstateRow(certificate_of("h", "GoDaddy G2", EkuProfile.BOTH, utc("2027-03-01")), ())


def table(folder: Path, *lines: str) -> EstateTable:
    """Read a table of these lines."""
    path = folder / "t.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return read_estate(path)


def one(folder: Path, row: str, more: str = "") -> EstateRow:
    """Read a table of one row; `more` are further columns."""
    (found,) = table(folder, f"{HEAD}{more}", row).rows
    return found


def test_a_row_is_a_certificate_with_its_places(tmp_path: Path) -> None:
    """Names in any case, blanks around them, decimal commas' semicolons."""
    found = one(tmp_path, GOOD)
    assert found.holders == (Holder("core1", "Core", "server"), Holder("core1", "Core", "client"))
    made = found.certificate
    assert (made.name, made.issuer_name, made.ekus) == ("core1", "GoDaddy G2", EkuProfile.BOTH.ekus)
    assert (made.not_after, made.public, made.serial) == (utc("2027-03-01"), None, 0)
    assert made.not_after - made.not_before == dt.timedelta(days=398)
    assert (found.checking, found.deployment) == (Mode.ON, "")
    assert one(tmp_path, "core1, CORE, Client ,X,Server,2027-03-01").holders == (
        Holder("core1", "Core", "client"),)  # fmt: skip
    other = table(tmp_path, f" {HEAD.upper().replace(',', ' ; ')}", GOOD.replace(",", ";"))
    assert other.rows == (found,)
    commas = table(tmp_path, HEAD, GOOD.replace("GoDaddy G2", '"GoDaddy; G2"'))
    assert commas.rows[0].certificate.issuer_name == "GoDaddy; G2"
    assert one(tmp_path, f",{GOOD.partition(',')[2]}").holders[0].host == "unnamed"


MORE = [
    ("public", "yes", "public", True), ("public", "NO", "public", False),
    ("public", "", "public", None), ("serial", "0a:FF", "serial", 0x0AFF),
    ("serial", "", "serial", 0),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "field", "expected"), MORE)
def test_further_columns_of_a_certificate(
    column: str, value: str, field: str, expected: object, tmp_path: Path
) -> None:
    """Empty ones tell nothing."""
    found = one(tmp_path, f"{GOOD},{value}", f",{column}")
    assert getattr(found.certificate, field) == expected


def test_further_columns_of_a_node(tmp_path: Path) -> None:
    """Its mode, and which nodes belong together."""
    assert one(tmp_path, f"{GOOD},off", ",checking").checking is Mode.OFF
    assert one(tmp_path, f"{GOOD},", ",checking").checking is Mode.ON
    assert one(tmp_path, f"{GOOD},rome", ",deployment").deployment == "rome"


WRONG = [
    (GOOD.replace(",core,", ",middle,"), "role"), (GOOD.replace("both,G", "all,G"), "store"),
    (GOOD.replace("both,2", "all,2"), "eku"),
    (GOOD.replace("2027-03-01", "soon"), "not_after 'soon' cannot be read; write YYYY-MM-DD"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "words"), WRONG)
def test_a_row_that_cannot_be_used_is_told_beside_the_others(
    row: str, words: str, tmp_path: Path
) -> None:
    """With its line; where it is the only one, as an error."""
    told = table(tmp_path, HEAD, GOOD, row, "", ",,,,,", GOOD)
    assert len(told.rows) == 2
    (said,) = told.unread
    assert said.startswith(f"{tmp_path / 't.csv'}:3: ")
    assert words in said
    with pytest.raises(InputError, match=words):
        table(tmp_path, HEAD, row)


def test_values_of_further_columns_are_refused_with_a_remedy(tmp_path: Path) -> None:
    """As those that are needed."""
    for column, value, words in (
        ("public", "maybe", "public 'maybe' is unknown; use yes or no"),
        ("serial", "xyz", "serial 'xyz' is no hex number"), ("checking", "half", "half"),
    ):  # fmt: skip
        told = table(tmp_path, f"{HEAD},{column}", f"{GOOD},", f"{GOOD},{value}")
        assert words in told.unread[0]


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    """A column that is missing or not known, no row, no CSV, and a file that is too large."""
    for lines, words in (
        (("host,role",), "no column store, issuer, eku, not_after (store: server, client, or"),
        ((f"{HEAD},chekking", GOOD), "column 'chekking' is unknown"), ((HEAD,), "no row under"),
        ((HEAD, ",,,,,"), "no row under"), ((HEAD, f'{GOOD}\x00"'), "t.csv"),
    ):  # fmt: skip
        with pytest.raises(InputError) as refused:
            table(tmp_path, *lines)
        assert words in str(refused.value)
    with pytest.raises(InputError, match="cannot be read"):
        read_estate(tmp_path)


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many rows and bytes as are allowed are read."""
    monkeypatch.setattr(estate, "_MOST_ROWS", 2)
    assert len(table(tmp_path, HEAD, GOOD, GOOD).rows) == 2
    with pytest.raises(InputError, match="more than 2 rows"):
        table(tmp_path, HEAD, GOOD, GOOD, GOOD)
    monkeypatch.setattr(estate, "_MOST_BYTES", len(HEAD) + len(GOOD) + 2)
    assert len(table(tmp_path, HEAD, GOOD).rows) == 1
    with pytest.raises(InputError, match="MiB; split"):
        table(tmp_path, HEAD, f"{GOOD} ")


def test_eight_mebibytes_are_read(tmp_path: Path) -> None:
    """Not one byte more."""
    path = tmp_path / "t.csv"
    for more, words in ((0, "column"), (1, "more than 8 MiB; split it into several files")):
        path.write_bytes(b"x" * ((8 << 20) + more))
        with pytest.raises(InputError, match=words):
            read_estate(path)


def test_every_column_is_explained_and_six_are_needed(tmp_path: Path) -> None:
    """A table without one of these is refused; so is an empty one."""
    assert all(COLUMNS.values())
    names, values = HEAD.split(","), GOOD.split(",")
    for place, name in enumerate(names):
        fewer = [",".join((*row[:place], *row[place + 1 :])) for row in (names, values)]
        with pytest.raises(InputError, match=f"no column {name} "):
            table(tmp_path, *fewer)
    (tmp_path / "t.csv").write_text("")
    with pytest.raises(InputError, match="no column host, role"):
        read_estate(tmp_path / "t.csv")


def test_rows_may_be_shorter_or_longer_than_the_names(tmp_path: Path) -> None:
    """What is missing is empty; what has no name counts for nothing. Quotes may follow a blank."""
    short = table(tmp_path, HEAD, GOOD, GOOD.rpartition(",")[0])
    assert "not_after '' cannot be read" in short.unread[0]
    long = table(tmp_path, HEAD, f"{GOOD},more", ",,,,,,more")
    assert (len(long.rows), long.unread) == (1, ())
    quoted = one(tmp_path, GOOD.replace("GoDaddy G2", ' "GoDaddy, G2"'))
    assert quoted.certificate.issuer_name == "GoDaddy, G2"


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    """Before it is opened, since a pipe would never end."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="name a CSV file"):
        read_estate(tmp_path / "pipe")


class Model:
    """Stands for the model deployment and keeps what it was asked."""

    def __init__(self) -> None:
        """Begin without any question."""
        self.asked: list[tuple[object, ...]] = []

    def __call__(self, *asked: object) -> ModelEffect:
        """Tell an effect."""
        self.asked.append(asked)
        return ModelEffect(("uc-zone",), ("webex",), MendingPlan(("a",)))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    """Return the model in place of handshakes."""
    found = Model()
    monkeypatch.setattr(estate, "model_effect", found)
    return found


def held(role: str, *stores: str, **changes: object) -> EstateRow:
    """Return a row whose certificate stands in these stores of a node."""
    return replace(
        WAY,
        holders=tuple(Holder("h", role, store) for store in stores or ("client",)),
        **changes,  # type: ignore[arg-type]
    )


def test_the_model_has_the_modes_of_the_rows_deployment(model: Model) -> None:
    """Edge's own, that of its deployment's Edge, On where none is told (E1)."""
    rows = [
        held("Core", deployment="rome"), held("Edge", checking=Mode.OFF, deployment="rome"),
        held("Core", checking=Mode.OFF), held("Edge", checking=Mode.OFF),
        held("Core", deployment="oslo"), held("Core", "server", "client"),
        held("Edge", deployment="bern"), held("Core", checking=Mode.OFF, deployment="bern"),
    ]  # fmt: skip
    found = estate_dates([*rows, replace(WAY, deployment="bern", checking=Mode.OFF)], ON)[:-1]
    assert [asked[2:] for asked in model.asked] == [
        (Mode.ON, Mode.OFF), (Mode.ON, Mode.OFF), (Mode.OFF, Mode.ON), (Mode.ON, Mode.OFF),
        (Mode.ON, Mode.ON), (Mode.ON, Mode.ON), (Mode.ON, Mode.ON), (Mode.OFF, Mode.ON),
    ]  # fmt: skip
    assert [str(asked[0])[0] for asked in model.asked] == [*"CECECCEC"]
    assert model.asked[5][1] == frozenset(Store)
    assert model.asked[0][1] == frozenset({Store.CLIENT})
    assert {(row.down, row.perhaps, row.mending) for row in found} == {
        (("uc-zone",), ("webex",), MendingPlan(("a",)))}  # fmt: skip
    assert {row.lapse for row in found} == {Lapse.LOST}


def test_only_what_loses_or_lacks_clientauth_is_tried(model: Model) -> None:
    """What keeps it takes nothing down; of an unknown place nothing is told."""
    kept = certificate_of("h", "Own CA", EkuProfile.BOTH, utc("2027-03-01"))
    lacking = certificate_of("h", "Own CA", EkuProfile.SERVER, utc("2027-03-01"))
    rows = [held("Core", certificate=kept), held("", certificate=WAY.certificate), WAY,
            held("Core", certificate=lacking)]  # fmt: skip
    found = estate_dates(rows, ON)
    assert [(row.down, row.perhaps) for row in found] == [
        ((), ()), (None, None), (None, None), (("uc-zone",), ("webex",))]  # fmt: skip
    assert len(model.asked) == 1
    renewed = estate_dates([replace(held("Core"), certificate=replace(kept, public=True))], ON,
                           "DigiCert")  # fmt: skip
    assert renewed[0].ca == "DigiCert"


def test_leaves_of_an_archive_have_every_place_that_holds_them() -> None:
    """CAs are no leaves; a file without a host is named by its certificate."""
    leaf, issuing, root = make(Shape())
    other = make(Shape(leaf=replace(Shape().leaf, last="2031-01-01")))[0]
    rows: list[dict[str, object]] = [
        {"host": "core1", "store": "server", "is_ca": False, "pem": leaf},
        {"host": "core1", "store": "ca", "is_ca": True, "pem": issuing},
        {"host": "core1", "store": "ca", "is_ca": True, "pem": root},
        {"host": "core1", "store": "client", "is_ca": False, "pem": leaf},
        {"host": None, "store": "", "is_ca": False, "pem": other},
    ]
    first, second = leaves_of(rows)
    assert first.holders == (Holder("core1", "", "server"), Holder("core1", "", "client"))
    assert [ca.name for ca in first.certificate.chain] == ["Issuing CA", "Root"]
    assert second.holders == (Holder("core.example.com", "", ""),)


NAMES = [
    ("O=DigiCert Inc", "DigiCert"), ("CN=GeoTrust TLS", "DigiCert"), ("CN=Thawte", "DigiCert"),
    ("CN=RapidSSL", "DigiCert"), ("O=Sectigo Limited", "Sectigo"), ("O=COMODO CA Ltd", "Sectigo"),
    ("CN=USERTrust RSA", "Sectigo"), ("CN=SSL.com RSA", "SSL.com"), ("O=SSL Corp", "SSL.com"),
    ("O=Let's Encrypt", "Let's Encrypt"), ("O=Internet Security Research Group", "Let's Encrypt"),
    ("CN=Certum", "Certum"), ("O=Asseco Data Systems S.A.", "Certum"), ("O=Unizeto", "Certum"),
    ("O=GoDaddy.com", "GoDaddy"), ("O=Starfield Technologies", "GoDaddy"),
    ("O=Google Trust Services LLC", "Google Trust Services"), ("O=Example", ""), ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("issuer", "expected"), NAMES)
def test_a_ca_of_the_calendar_is_known_by_a_word_of_its_name(issuer: str, expected: str) -> None:
    """In any case of letters."""
    assert [calendar_ca(issuer), calendar_ca(issuer.upper())] == [expected] * 2


def test_who_goes_on_giving_clientauth_is_known_by_its_own_name() -> None:
    """At its end, in any case; what it gives is told with its source (R4)."""
    assert keeps_giving("CN=DigiCert Assured ID CA G2,O=X").endswith("FN (R4)")
    assert keeps_giving("DIGICERT ASSURED ID CA G2") != ""
    assert keeps_giving("CN=IdenTrust Public Sector Server CA 1").startswith("both EKUs, under an")
    assert keeps_giving("CN=TrustID RSA ClientAuth CA 2").startswith("clientAuth alone; ")
    assert keeps_giving("CN=DigiCert Assured ID CA G2 new") == ""
    assert keeps_giving("CN=Other,O=DigiCert Assured ID CA G2") == ""


GONE = Span(ON + 30 * DAY, ON + 30 * DAY, ON + 30 * DAY)
ROW = replace(
    dates_of(WAY.certificate, (Holder("core1", "Core", "client"),), ON),
    ca="GoDaddy", gone=GONE, last_issue=Span(ON, ON, ON), keeps_until=None, down=("uc-zone",),
    perhaps=(), stops=(), expires=ON + 20 * DAY,
)  # fmt: skip


def due(**changes: object) -> list[tuple[dt.date, str]]:
    """Return what is due of a certificate, by day and kind."""
    row: CertificateDates = replace(ROW, **changes)
    return [(one.day, one.kind) for one in _due(row, LeadTimes({LeadKind.ORDER: 7}))]


IS_GONE = (ON + 30 * DAY, "clientAuth is gone")
ACT = (ON + 22 * DAY, "last good day to act before clientAuth is gone")


def test_what_is_due_of_a_certificate_that_loses_clientauth() -> None:
    """The day, the last good one before it, the CA's last and the one to ask it for clientAuth."""
    assert due() == [IS_GONE, ACT]
    assert due(down=(), perhaps=()) == [IS_GONE]
    last = (ON, "GoDaddy: last day with clientAuth")
    assert due(keeps_until=ON + 90 * DAY) == [IS_GONE, ACT, last]
    ask = (ON + 20 * DAY, "ask GoDaddy for clientAuth, else it is gone today")
    assert due(on_request=True) == [IS_GONE, ACT, ask]
    assert due(gone=Span(None, None, None)) == []
    none_told = replace(ROW, last_issue=Span(None, None, None), keeps_until=ON)
    assert [one.kind for one in _due(none_told, LeadTimes())] == [IS_GONE[1], ACT[1]]


def test_what_loses_nothing_has_the_day_on_which_it_ends() -> None:
    """Unless it never ends."""
    ends = (ON + 20 * DAY, "certificate expires")
    assert due(lapse=Lapse.KEPT) == [ends]
    assert due(lapse=Lapse.NONE, expires=dt.date(2199, 12, 30)) == [
        (dt.date(2199, 12, 30), "certificate expires")]  # fmt: skip
    assert due(lapse=Lapse.NONE, expires=LATEST.date()) == []


def test_a_line_says_who_what_goes_down_and_the_plan() -> None:
    """A serial where one is told; what nothing goes down by says so."""
    plan = MendingPlan(("core.client-store.private-ca",), frozenset({LeadKind.ORDER}))
    row = replace(ROW, mending=plan, certificate=replace(WAY.certificate, serial=0xAB))
    gone, act = _due(row, LeadTimes({LeadKind.ORDER: 7}))
    assert gone.line == ("Core client core1, serial ab: 15 Jul 2026. Goes down: UC traversal zone.")
    assert act.line == (
        f"{gone.line} Counted: 7 days for ordering a certificate. "
        "Plan: Core client store: private CA."
    )
    harmless, *_ = _due(replace(ROW, down=(), perhaps=("webex",)), LeadTimes())
    assert harmless.line == (
        "Core client core1: 15 Jul 2026. Goes down: nothing that the kit knows of."
    )
    untold, *_ = _due(replace(ROW, down=None, perhaps=None), LeadTimes())
    assert untold.line == harmless.line


def unfolded(*dues: Due) -> str:
    """Return the file of what is due, its lines unfolded."""
    return events(dues, ON).decode().replace("\r\n ", "")


def test_events_of_one_day_and_kind_are_one_with_a_line_each() -> None:
    """Forty lines are written, the others counted; the same line stands once."""
    told = unfolded(*(Due(ON, "kind", f"line {n:02}") for n in (*range(41), 3)))
    assert told.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Expressway: kind (41 certificates)" in told
    assert "line 39\\nand 1 more" in told
    forty = unfolded(*(Due(ON, "kind", f"line {n:02}") for n in range(40)))
    assert "more" not in forty
    single = unfolded(Due(ON, "kind", "line"))
    assert "SUMMARY:Expressway: kind\r\n" in single
    assert "DTSTART;VALUE=DATE:20260615" in single
    assert "DTEND;VALUE=DATE:20260616" in single
    assert "DTSTAMP:20260615T000000Z" in single
    assert "kind (2 certificates)" in unfolded(Due(ON, "kind", "a"), Due(ON, "kind", "b"))
    ids = [line for line in (single + forty).split("\r\n") if line.startswith("UID:")]
    assert len(set(ids)) == 2
    assert all(line.endswith("@ekukit") for line in ids)
    two = unfolded(Due(ON + DAY, "a", "x"), Due(ON, "b", "y"), Due(ON, "a", "z"))
    assert [line for line in two.split("\r\n") if line.startswith("SUMMARY")] == [
        "SUMMARY:Expressway: a", "SUMMARY:Expressway: b", "SUMMARY:Expressway: a"]  # fmt: skip
    for line in ("PRODID:-//ekukit//renewals//EN", "VERSION:2.0", "CALSCALE:GREGORIAN",
                 "METHOD:PUBLISH", "TRANSP:TRANSPARENT"):  # fmt: skip
        assert line in single
