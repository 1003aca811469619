"""Redaction: nothing that names the customer is left, and what is evidence stays."""

import stat
from pathlib import Path

import pytest
from case_samples import case_of
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from ekukit.diagnosis.identities import redaction_of
from ekukit.diagnosis.personal import PLAIN_WORDS
from ekukit.diagnosis.redaction import Redaction
from ekukit.errors import InputError
from ekukit.views.report import report_html, report_markdown

LABEL = st.from_regex(r"[a-z][a-z0-9-]{2,20}[a-z0-9]", fullmatch=True).filter(
    lambda text: text not in PLAIN_WORDS and "--" not in text
)
ADDRESS = st.ip_addresses(v=4, network="11.0.0.0/8") | st.ip_addresses(v=4, network="192.0.0.0/3")
LINE = (
    '{at} {host} tvcs: Event="Inbound TLS Negotiation Error" Src-ip="{address}" Src-port="25011" '
    "Detail=\"unsuitable certificate purpose\" remoteAddress=\"['IPv4''TCP''{address}:25011']\" "
    "To: <sip:{user}@{host}.{domain};transport=tls> CN={host}.{domain},O=Acme Corporation"
)


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
    redaction = Redaction()
    redaction.learn("host", [f"zq{host}", str(address)])
    values = {"host": f"zq{host}", "domain": f"xj{domain}.test", "user": f"qz{user}"}
    shown = redaction(LINE.format(at="2026-03-29T06:58:01+00:00", address=address, **values))
    for value in (*values.values(), "Acme"):
        assert value not in shown
    assert f'"{address}"' not in shown
    assert 'Event="Inbound TLS Negotiation Error"' in shown
    assert "unsuitable certificate purpose" in shown


@pytest.mark.parametrize(
    "part",
    ["2.5.4.5=KVK-998877", "2.5.4.17=3011", "1.3.6.1.4.1.311.60.2.1.2=Zwolle", "2.5.4.97=NTRNL-99"],
)
def test_a_part_of_a_name_that_is_written_by_number_is_hidden(part: str) -> None:
    """Registration numbers and the like have no short name, and tell whose they are."""
    key, _, value = part.partition("=")
    shown = Redaction()(f"{part},O=Acme,CN=core.example.com")
    assert value not in shown
    assert shown.startswith(f"{key}=[name1],")


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("sip:+3161234567;phone-context=x@zq.example.com", "3161234567"),
        ("https://alice:hunter22@zq.example.com/x", "alice"),
        ("alice%40zq.example.com", "alice"),
        ("subject=O = Acme, CN = Alice", "Acme"),
        ("subject=O = Acme, CN = Alice", "Alice"),
        ('Password="hunter 22"', "22"),
        ("password: hunter22", "hunter22"),
    ],
)
def test_less_usual_spellings_are_hidden(text: str, gone: str) -> None:
    """Users before parameters and passwords, OpenSSL's blanks, quoted secrets."""
    assert gone not in Redaction()(text)


# A report takes a while to draw, so a failing example is shown as it was found.
@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(LABEL, LABEL, ADDRESS, LABEL)
def test_nothing_of_the_original_survives_in_a_report(
    host: str, domain: str, address: object, user: str
) -> None:
    """Every host, address and user of a case is gone from both kinds of report."""
    fqdn, who = f"zq{host}.xj{domain}.test", f"qz{user}"
    case = case_of(host=fqdn, address=str(address), user=who)
    for render in (report_html, report_markdown):
        shown = render(case, redaction_of(case)).casefold()
        found = [v for v in (fqdn, f"zq{host}", f"xj{domain}", who, "acme") if v in shown]
        assert found == []
        assert f"{address}:25011" not in shown
        assert "0123456789abcdef" not in shown


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Cookie: JSESSIONID=4711; other=1", "4711"),
        ("Set-Cookie: X-Auth=aGVsbG8=; Secure", "aGVsbG8"),
        (
            'Authorization: Digest username="bob", response="6629fae49393a05397450978507c4ef1"',
            "bob",
        ),
        ('digest response="6629fae49393a05397450978507c4ef1"', "6629fae4"),
        ("value {cipher}7a8b9cDEF== here", "7a8b9cDEF"),
        ("password=hunter2", "hunter2"),
        ("mail to alice.b@acme.example now", "alice"),
        ("sip:+15551234567@acme.example", "5551234567"),
        ("tel:+15551234567", "5551234567"),
        ('From: "Alice B" <sip:x@acme.example>', "Alice"),
        ("emailAddress=alice@acme.example,CN=x", "alice"),
        ("phone SEP001122334455 registered", "001122334455"),
        ("at 00:11:22:33:44:55 on eth0", "00:11:22:33:44:55"),
        ("peer [2001:db8:1::7]:5061", "2001:db8"),
        ("fe80::1%eth0 and ::ffff:192.0.2.7", "192.0.2.7"),
        ("*.acme.example", "acme"),
        ("..host.acme.example.", "acme"),
        ("münchen.acmé.example", "acmé"),
        ("xn--mnchen-3ya.acme.xn--p1ai", "acme"),
    ],
)
def test_what_names_somebody_is_replaced_where_it_stands(text: str, hidden: str) -> None:
    """Cookies, digests, ciphers, users, devices and addresses need no table to be found."""
    assert hidden not in Redaction()(text)


@pytest.mark.parametrize(
    "text",
    [
        "serial 46:df:76:aa:00:00:00:29 and 2f0000004c869c77c8981becde00000000004c",
        "serverAuth + clientAuth (1.3.6.1.5.5.7.3.2), policy 2.23.140.1.2.2",
        "06:58:01 2026-03-29T06:58:01.231+00:00",
        'Module="network.tcp" Module="developer.ssl" error:0A000086:SSL routines::certificate',
        "uc-zone.client-eku-missing",
        "127.0.0.1:7001 and ::1",
        "Core's client certificate; Edge's list; Maintenance > Security > Server certificate",
    ],
)
def test_evidence_stays(text: str) -> None:
    """Serials, EKUs, times, modules, codes and the product's words say nothing of a customer."""
    redaction = Redaction()
    redaction.learn("host", ["core", "edge", "server"])
    assert redaction(text) == text


def test_the_same_value_has_the_same_pseudonym_everywhere() -> None:
    """A host alone, in a full name, in another case and in a file's name is one host."""
    redaction = Redaction()
    redaction.learn("host", ["edge1.acme.test"])
    shown = redaction("edge1 EDGE1.acme.test ca_edge1_2026-03-29_06_58_01.pem bob@edge1.acme.test")
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
    redaction = Redaction()
    redaction.learn("host", ["host7"])
    assert redaction("host7 is up") == "[host1] is up"


def test_public_issuers_stay_readable_and_private_ones_do_not() -> None:
    """The issuer is evidence when everybody knows it."""
    redaction = Redaction(keep=frozenset({"DigiCert Inc", "DigiCert TLS CA"}))
    redaction.learn_names("ca", ["CN=DigiCert TLS CA,O=DigiCert Inc", "CN=Acme CA,O=Acme"])
    assert redaction("CN=DigiCert TLS CA,O=DigiCert Inc") == "CN=DigiCert TLS CA,O=DigiCert Inc"
    assert redaction("Acme CA is not trusted by Edge") == "[ca1] is not trusted by Edge"
    assert redaction("CN=Acme CA is not trusted") == "CN=[ca1] is not trusted"


def test_the_mapping_has_no_secrets_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It is written on request, with mode 0600, and never over another file."""
    redaction = Redaction()
    redaction("Cookie: sid=4711\nedge1.acme.test")
    path = tmp_path / "mapping.json"
    redaction.write_mapping(path)
    assert redaction.mapping() == {"[host1]": "edge1", "[domain1]": "acme.test"}
    assert "4711" not in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(InputError, match="cannot be written"):
        redaction.write_mapping(path)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_redacted_without_an_exception(text: str) -> None:
    """Whatever a log holds, the redaction returns text."""
    redaction = Redaction()
    redaction.learn("host", text.split())
    redaction.learn_names("ca", [text])
    assert isinstance(redaction(text), str)
