"""Redaction: what is known to be harmless is shown, nothing else, and what is evidence stays."""

import json
import stat
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from case_samples import case_of
from conftest import ROOT
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from planted import SAID, Canaries, leaked, planted

import ekukit
from ekukit import archive
from ekukit.cli import main
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.investigation import investigate
from ekukit.errors import InputError
from ekukit.frames import Rows
from ekukit.privacy.leaks import Secrets, spoken
from ekukit.privacy.names import Names
from ekukit.privacy.passed_on import redacted
from ekukit.privacy.redaction import Redaction
from ekukit.privacy.text_forms import PLAIN_WORDS, banner_words
from ekukit.privacy.vocabulary import own_words
from ekukit.verbs.case_json import case_data
from ekukit.views.pages import report as report_module
from ekukit.views.pages.report import make_report, write_report

SAMPLES = ROOT / "data" / "cases"
ON = SAMPLES / "public-everywhere-checking-on.tar.gz"
LABEL = st.from_regex(r"[a-z][a-z0-9-]{2,20}[a-z0-9]", fullmatch=True).filter(
    lambda text: text not in PLAIN_WORDS and "--" not in text
)
ADDRESS = st.ip_addresses(v=4, network="11.0.0.0/8") | st.ip_addresses(v=4, network="192.0.0.0/3")
LINE = (
    '{at} {host} tvcs: Event="Inbound TLS Negotiation Error" Src-ip="{address}" Src-port="25011" '
    "Detail=\"unsuitable certificate purpose\" remoteAddress=\"['IPv4''TCP''{address}:25011']\" "
    "To: <sip:{user}@{host}.{domain};transport=tls> CN={host}.{domain},O=Acme Corporation"
)


def names_of(*hosts: str) -> Redaction:
    """Return a redaction that knows some hosts."""
    found = Redaction()
    found.names.learn("host", hosts)
    return found


@pytest.fixture(scope="module", params=[1, 2])
def poisoned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> object:
    """Return canaries and the case of an archive that holds them everywhere."""
    canaries = Canaries(request.param)
    path = tmp_path_factory.mktemp("planted") / f"{canaries.word()}.tar.gz"
    pasted = planted(ON, path, canaries)
    return canaries, investigate(archive.open(path), pasted=pasted), path


def test_no_canary_is_in_a_report_in_any_spelling(poisoned: tuple[Canaries, Case, Path]) -> None:
    """Planted in logs, dumps, certificates, captures, names and pasted pages, found nowhere."""
    canaries, case, _path = poisoned
    for kind in ("html", "md"):
        assert leaked(make_report(case, kind).text, canaries.given) == []
        assert len(leaked(make_report(case, kind, redact=False).text, canaries.given)) > 50


def test_no_canary_is_in_redacted_json_in_any_spelling(
    poisoned: tuple[Canaries, Case, Path],
) -> None:
    """All evidence stands there, twenty times as much as on a page."""
    canaries, case, _path = poisoned
    shown = json.dumps(case_data(redacted(case).case), ensure_ascii=False, default=str)
    assert leaked(shown, canaries.given) == []
    real = json.dumps(case_data(case), ensure_ascii=False, default=str)
    assert len(leaked(real, canaries.given)) > 100


def test_no_canary_is_printed_with_redact(
    poisoned: tuple[Canaries, Case, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Text and JSON of the command line are redacted as a report is."""
    canaries, _case, path = poisoned
    for words in ([], ["--json"]):
        assert main(["inspect", str(path), "--redact", *words]) == 0
        assert leaked(capsys.readouterr().out, canaries.given) == []


def test_findings_and_their_places_are_the_same_with_and_without(
    poisoned: tuple[Canaries, Case, Path],
) -> None:
    """Codes, order, severity, facts, and line and packet of each piece of evidence."""
    _canaries, case, _path = poisoned
    for one in (case, *(investigate(archive.open(path)) for path in sorted(SAMPLES.glob("t*.gz")))):
        shown = redacted(one).case
        for real, told in zip(one.findings, shown.findings, strict=True):
            same = ("code", "severity", "confidence", "facts", "engine")
            assert [getattr(real, name) for name in same] == [getattr(told, n) for n in same]
            places = [(e.kind, e.line, e.packet, e.store, bool(e.serial)) for e in real.evidence]
            assert places == [(e.kind, e.line, e.packet, e.store, bool(e.serial))
                              for e in told.evidence]  # fmt: skip


def test_no_canary_is_in_a_redacted_calendar_in_any_form(
    poisoned: tuple[Canaries, Case, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Text, JSON, CSV, iCalendar and figure; with all names they are full of them."""
    canaries, _case, path = poisoned
    for words, found in ((["--redact"], False), ([], True)):
        files = [tmp_path / f"out{found}.{end}" for end in ("ics", "csv", "figure")]
        made = [word for file in files for word in (f"--{file.suffix[1:]}", str(file))]
        texts = []
        for more in (made, ["--json"]):
            assert main(["calendar", str(path), *words, *more]) == 0
            texts.append(capsys.readouterr().out)
        texts += [spoken(file.read_text("utf-8")) for file in files]
        texts[2] = texts[2].replace("\n ", "")
        assert [bool(leaked(text, canaries.given)) for text in texts] == [found] * 5


def test_a_calendar_has_the_pseudonyms_and_days_of_the_case(
    poisoned: tuple[Canaries, Case, Path], tmp_path: Path
) -> None:
    """Hosts and serials by the same pseudonyms as `inspect --redact`; days and states stay."""
    _canaries, _case, path = poisoned
    mapping = tmp_path / "map.json"
    real = ekukit.calendar(path, at="2026-07-01")
    shown = ekukit.calendar(path, at="2026-07-01", redact=True, map=mapping)
    same = ("expires", "gone", "down", "act_by", "plan", "client_auth", "basis")
    assert real.frame[[*same]].equals(shown.frame[[*same]])
    assert stat.S_IMODE(mapping.stat().st_mode) == 0o600
    originals = json.loads(mapping.read_text("utf-8"))
    of_case = redacted(ekukit.inspect(path)).pseudonyms.mapping()
    assert of_case.items() <= originals.items()
    assert [originals[row.shown.serial] for row in shown.rows] == [
        row.shown.serial for row in real.rows
    ]


def test_no_canary_of_a_table_is_in_its_redacted_calendar(tmp_path: Path) -> None:
    """Hosts, private CAs, serials, the table's own name, and a row that cannot be read."""
    canaries = Canaries(7)
    path = tmp_path / f"{canaries.word()}.csv"
    rows = ["host,role,store,issuer,eku,not_after,serial,deployment"]
    for number in range(40):
        host = f"{canaries.word()}.{canaries.word()}.{('example', 'com', 'corp')[number % 3]}"
        private = (f"{canaries.word()} Issuing CA", f"CN={canaries.word()},O={canaries.word()} AG")
        issuer = ("GoDaddy Secure Certificate Authority - G2", *private)[number % 3]
        serial = f"{canaries.random.getrandbits(64) | 1 << 63:x}"
        canaries.given.append(serial)
        rows.append(f'{host},core,both,"{issuer}",both,2027-03-01,{serial},{canaries.word()}')
    rows.append(f"{canaries.word()},core,both,{canaries.word()},both,{canaries.word()},,")
    path.write_text("\n".join(rows), "utf-8")
    real, shown = (ekukit.calendar(path, at="2026-11-28", redact=way) for way in (False, True))
    for found, counted in ((shown, 0), (real, 80)):
        ics = found.ics().decode().replace("\r\n ", "")
        texts = (found.json(), found.csv().decode(), ics, found._repr_html_(), repr(found))
        leaks = leaked("\n".join(texts), canaries.given)
        assert len(leaks) >= counted
        assert bool(leaks) is bool(counted)
    assert (real.rows[0].gone, len(real.rows)) == (shown.rows[0].gone, len(shown.rows))
    assert "GoDaddy" in shown.json()


def test_a_map_of_nothing_is_refused(tmp_path: Path) -> None:
    """Without redaction there are no pseudonyms."""
    with pytest.raises(InputError, match="add --redact"):
        ekukit.calendar(ROOT / "data" / "estate.csv", map=tmp_path / "map.json")


@pytest.mark.parametrize("template", SAID)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_line_shows_no_canary(template: str, seed: int) -> None:
    """Neither as words from outside nor inside a sentence of the kit."""
    canaries = Canaries(seed)
    host = canaries.word()
    redaction = names_of(f"{host}.{canaries.word()}.example")
    line = canaries.line(template, host)
    for shown in (redaction.quoted(line), redaction(line), redaction(f'It failed ("{line}").')):
        assert leaked(shown, canaries.given) == []


@settings(max_examples=60, deadline=None)
@given(
    LABEL,
    LABEL,
    ADDRESS | st.ip_addresses(v=6, network="2000::/3"),
    st.from_regex(r"[a-z]{3,8}\.[a-z]{3,8}[0-9]", fullmatch=True),
)
@example("core", "corp", "2001:db8::16", "core.edge1")
def test_nothing_of_the_original_survives_in_a_line(
    host: str, domain: str, address: object, user: str
) -> None:
    """Host, domain, address and user are gone, whatever they are; the words around them stay."""
    redaction = names_of(f"zq{host}", str(address))
    values = {"host": f"zq{host}", "domain": f"xj{domain}.test", "user": f"qz{user}"}
    shown = redaction.quoted(LINE.format(at="2026-03-29T06:58:01+00:00", address=address, **values))
    for value in (*values.values(), "Acme"):
        assert value not in shown
    assert f'"{address}"' not in shown
    assert 'Event="Inbound TLS Negotiation Error"' in shown
    assert "unsuitable certificate purpose" in shown


# A report takes a while to draw, so a failing example is shown as it was found.
@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(LABEL, LABEL, ADDRESS, LABEL)
def test_nothing_of_the_original_survives_in_a_report(
    host: str, domain: str, address: object, user: str
) -> None:
    """Every host, address, user and serial of a case is gone from both kinds of report."""
    fqdn, who = f"zq{host}.xj{domain}.test", f"qz{user}"
    case = case_of(host=fqdn, address=str(address), user=who)
    for kind in ("html", "md"):
        shown = make_report(case, kind).text.casefold()
        wanted = (fqdn, f"zq{host}", f"xj{domain}", who, "acme", "46df76aa29", "0123456789abcdef")
        assert [value for value in wanted if value in shown] == []
        assert f"{address}:25011" not in shown


def test_a_failing_line_stays_readable() -> None:
    """Events, texts of libraries, ports, codes and times are what a reader needs."""
    text = (
        '2026-03-29T06:58:01.231+00:00 edge1 tvcs: Event="Inbound TLS Negotiation Error" '
        'Service="SIP" Src-ip="192.0.2.16" Src-port="25011" Detail="sslv3 alert unsupported '
        'certificate hunter22" Thread="0x7f00" ssl_error_reason="error:0A000086:SSL '
        'routines::certificate verify failed" Level="1"'
    )
    assert names_of("edge1").quoted(text) == (
        '2026-03-29T06:58:01.231+00:00 [host1] tvcs: Event="Inbound TLS Negotiation Error" '
        'Service="SIP" Src-ip="[address1]" Src-port="25011" Detail="sslv3 alert unsupported '
        'certificate [… 5-8]" Thread="[… 5-8]" ssl_error_reason="error:0A000086:SSL '
        'routines::certificate verify failed" Level="1"'
    )


@pytest.mark.parametrize(
    "text",
    [
        "serverAuth + clientAuth (1.3.6.1.5.5.7.3.2), policy 2.23.140.1.2.2",
        "06:58:01 2026-03-29T06:58:01.231+00:00 15 Jun 2026",
        'Module="network.tcp" Module="developer.ssl" error:0A000086:SSL routines::certificate',
        "uc-zone.client-eku-missing",
        "127.0.0.1:7001 and ::1",
        "Core's client certificate; Edge's list; Maintenance > Security > Server certificate",
        "Look in the log of Edge: it says why when it was Edge. If not, ask Core.",
        "80,542 bytes given: 80,293 read, 249 skipped, 0 unreadable.",
        "Public CAs that give clientAuth on 15 Jun 2026: DigiCert",
        "ssh: connect to host 127.0.0.1 port 2222: Connection timed out",
        "unable to get local issuer certificate; authority and subject key identifier mismatch",
        "SIP/2.0 403 Forbidden",
        "no basic constraints; basic constraints of ca cert not marked critical",
    ],
)
def test_evidence_stays(text: str) -> None:
    """EKUs, times, modules, codes, texts of libraries and the product's words name nobody."""
    redaction = names_of("core", "edge", "server")
    assert redaction(text) == text


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.tar.gz")), ids=lambda path: path.stem)
def test_the_last_door_finds_nothing_and_no_sentence_of_the_kit_is_torn(path: Path) -> None:
    """Searched as it is for every name and value of the archive; only values are left out."""
    case = investigate(archive.open(path))
    made = redacted(case)
    assert len(made.secrets.words) > 5
    for kind in ("html", "md"):
        text = make_report(case, kind).text
        assert list(made.secrets.found(spoken(text) if kind == "html" else text)) == []
    told = [made.case.headline, *made.case.unknown]
    for found in made.case.findings:
        told += [found.required, found.todo, found.decide, found.found]
    for outcome in made.case.predicted:
        told += [outcome.reason, outcome.check, outcome.todo, *outcome.notes]
    told += list(made.case.configuration["matters"])
    assert [text for text in told if "[…" in text] == []


@pytest.mark.parametrize(
    "spelled",
    [
        "zqmuster", "ZQMuster", "xzqmuster2", "zqmuster-old", "retsumqz", "zq%6duster",
        "&#122;qmuster", "z\u00adqmuster", "\uff5a\uff51\uff4d\uff55\uff53\uff54\uff45\uff52",
        "7a716d7573746572", "z\0q\0m\0u\0s\0t\0e\0r\0", b64encode(b"zqmuster").decode(),
        b64encode(b"a zqmuster").decode(), b64encode(b"ab zqmuster c").decode(),
        b64encode("zqmuster".encode("utf-16-le")).decode(),
    ],
)  # fmt: skip
def test_the_last_door_knows_a_name_in_every_spelling(spelled: str) -> None:
    """The error says where, and does not say the name again."""
    door = Secrets({"zqmuster": "a certificate"}, own_words())
    with pytest.raises(InputError, match=r"line 2 .*a certificate") as told:
        door.refuse(f"certificate\nof {spelled} failed", "case.html")
    assert "zqmuster" not in str(told.value)
    door.refuse("certificate of [host1] failed", "case.html")


def test_a_report_that_would_leak_is_not_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A title, a figure or a link that goes around the redaction is stopped at the door."""
    monkeypatch.setattr(report_module, "TITLE", "A case of qzjoe.acmezq")
    case = case_of(host="edge1.acmezq.test", user="qzjoe")
    with pytest.raises(InputError, match="would show a value of the archive"):
        write_report(case, tmp_path / "a.html", mapping=tmp_path / "map.json")
    assert list(tmp_path.iterdir()) == []


def test_attributes_that_are_read_or_followed_pass_the_door_too() -> None:
    """Alternative texts, titles, links and names of downloads are said as text is."""
    page = '<style>b{}</style><img alt="a1"><a href="h1" download="d1" title="t1">x<wbr>y</a>'
    assert spoken(page).split() == ["a1", "h1", "d1", "t1", "xy"]


def test_the_same_value_has_the_same_pseudonym_everywhere() -> None:
    """A host alone, in a full name, in another case and in a file's name is one host."""
    shown = names_of("edge1.acme.test")(
        "edge1 EDGE1.acme.test ca_edge1_2026-03-29_06_58_01.pem bob@edge1.acme.test"
    )
    assert shown == (
        "[host1] [host1].[domain1] ca_[host1]_2026-03-29_06_58_01.pem [user1]@[host1].[domain1]"
    )


def test_two_redactions_of_one_text_are_equal() -> None:
    """Numbers follow the order of appearance, so that two reports can be compared."""
    text = "b.acme.test a.acme.test 192.0.2.9 192.0.2.1 b.acme.test"
    assert Redaction()(text) == Redaction()(text)
    assert Redaction()(text).split()[0] == "[host1].[domain1]"


def test_a_host_that_is_called_like_a_pseudonym_is_replaced_too() -> None:
    """Brackets tell a pseudonym from a name."""
    assert names_of("host7")("host7 is up") == "[host1] is up"


def test_public_issuers_stay_readable_and_private_ones_do_not() -> None:
    """The issuer is evidence when everybody knows it."""
    names = Names(frozenset({"DigiCert Inc", "DigiCert TLS CA"}))
    names.learn_names("ca", ["CN=DigiCert TLS CA,O=DigiCert Inc", "CN=Acme CA,O=Acme"])
    redaction = Redaction(names)
    assert redaction("CN=DigiCert TLS CA,O=DigiCert Inc") == "CN=DigiCert TLS CA,O=DigiCert Inc"
    assert redaction("Acme CA is not trusted by Edge") == "[ca1] is not trusted by Edge"
    assert redaction("CN=Acme CA is not trusted") == "CN=[ca1] is not trusted"


@pytest.mark.parametrize(
    ("issuer", "shown"),
    [
        ("CN=DigiCert TLS RSA SHA256 2020 CA1,O=DigiCert Inc,C=US", True),
        ("CN=R10,O=Let's Encrypt,C=US", True),
        ("CN=Zqfirm Issuing CA,O=DigiCert Inc,C=US", False),
        ("CN=Corporate CA,O=Zqfirm,C=US", False),
    ],
)
def test_a_public_ca_is_one_whose_name_everybody_knows(issuer: str, *, shown: bool) -> None:
    """Its organization is that of a root or in the calendar, and no other word is in it."""
    case = case_of()
    held = case.rows["certificates"]
    rows = {**case.rows, "certificates": Rows(held.kinds, [{**held.rows[0], "issuer": issuer}])}
    case = replace(case, rows=rows)
    told = redacted(case).case.certificates["issuer"].iloc[0]
    assert (told == issuer) is shown
    assert "Zqfirm" not in told


@pytest.mark.parametrize("spelling", ["46df76aa29", "46DF76AA29", "46:df:76:aa:29", "304396806697"])
def test_a_serial_has_one_pseudonym_in_every_spelling(spelling: str) -> None:
    """A public certificate's serial leads to its owner in the transparency logs."""
    redaction = Redaction()
    redaction.names.learn_serials(["46df76aa29"])
    assert redaction(f"serial {spelling}") == "serial [serial1]"


def test_of_validity_the_day_is_told() -> None:
    """Seconds find a certificate in the transparency logs."""
    row = redacted(case_of()).case.certificates.iloc[0]
    assert str(row["not_after"]) == "2026-03-29 00:00:00+00:00"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("SSH-2.0-OpenSSH_8.4p1 Debian-zq1", "SSH-2.0-OpenSSH_8.4p1"),
        ("SSH-2.0-PKIX-SSH_13.1", "SSH-2.0-PKIX-SSH_13.1"),
        ("SSH-2.0-OpenSSH_zqhost", "SSH-2.0-OpenSSH"),
        ("SSH-2.0-zqgateway_1.2", "SSH-2.0-[…]"),
    ],
)
def test_a_banner_is_told_by_software_on_the_list(line: str, shown: str) -> None:
    """A version when it is digits and dots; comments tell more than anybody asked."""
    assert banner_words(line.split(maxsplit=1)[0]) == shown
    assert "zq" not in Redaction().quoted(line)


def test_the_map_holds_what_pseudonyms_stand_for_and_nothing_else(tmp_path: Path) -> None:
    """It is written on request, with mode 0600, and never over another file."""
    redaction = Redaction()
    redaction("Cookie: sid=4711\nedge1.acme.test")
    path = tmp_path / "mapping.json"
    redaction.names.pseudonyms.write(path)
    assert redaction.names.pseudonyms.mapping() == {"[host1]": "edge1", "[domain1]": "acme.test"}
    assert "4711" not in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(InputError, match="exists already"):
        redaction.names.pseudonyms.write(path)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_redacted_without_an_exception(text: str) -> None:
    """Whatever a log holds, the redaction returns text."""
    redaction = names_of(*text.split())
    redaction.names.learn_names("ca", [text])
    for shown in (redaction(text), redaction.quoted(text), redaction.names.distinguished(text),
                  redaction.names.file(text), redaction.names.place(text)):  # fmt: skip
        assert isinstance(shown, str)
