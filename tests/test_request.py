"""What is ordered for a slot: names, EKUs and subject that it needs, in requests that verify."""

import json
import re
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from cryptography import x509
from cryptography.x509.oid import NameOID
from judges import needs_openssl

import ekukit
from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.cli.main import main
from ekukit.expressway import CertificateStore, Deployment, Store, build, condition
from ekukit.orders.order_texts import openssl_config
from ekukit.orders.slot_needs import SLOTS, SlotNeeds, needs_of

CLUSTER = ROOT / "data" / "cases" / "cluster-of-two.tar.gz"
BOTH = {SERVER_AUTH, CLIENT_AUTH}


def read(path: Path) -> tuple[str, list[str], set[str]]:
    """Return common name, DNS names and EKUs of a request."""
    found = x509.load_pem_x509_csr(path.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    ekus = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    common = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return str(common), names.get_values_for_type(x509.DNSName), {o.dotted_string for o in ekus}


def openssl(*words: object) -> subprocess.CompletedProcess[str]:
    """Run openssl."""
    command = ["openssl", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def of(deployment: Deployment, slot: str = "core-client") -> SlotNeeds:
    """Return what a slot of the first Core needs."""
    return needs_of(deployment, deployment.core[0], slot, public=False)


def with_server(**changes: object) -> Deployment:
    """Return condition 2 whose Core holds a changed certificate in both stores."""
    found = build(condition("C2"))
    held = found.core[0].server.certificate
    assert held is not None
    changed = replace(held, **changes)  # type: ignore[arg-type]
    return found.with_core(
        server=CertificateStore(Store.SERVER, changed),
        client=CertificateStore(Store.CLIENT, changed),
    )


@needs_openssl
@pytest.mark.parametrize("key", ["rsa3072", "ec-p256"])
def test_openssl_verifies_the_request_and_reads_what_was_asked(tmp_path: Path, key: str) -> None:
    """Signature, names, EKUs and common name, by another judge."""
    ekukit.request("core-client", case="C2", names="mra.example.com", key=key, folder=tmp_path)
    path = next(tmp_path.glob("*.csr"))
    found = openssl("req", "-verify", "-noout", "-text", "-in", path)
    assert found.returncode == 0
    assert "verify OK" in found.stdout + found.stderr
    assert "DNS:core.example.com, DNS:mra.example.com" in found.stdout
    assert "TLS Web Server Authentication, TLS Web Client Authentication" in found.stdout
    assert re.search(r"CN ?= ?core\.example\.com", found.stdout)


@needs_openssl
@pytest.mark.parametrize("key", ["rsa3072", "ec-p256"])
def test_the_openssl_configuration_makes_the_same_request(tmp_path: Path, key: str) -> None:
    """Subject and extensions are equal."""
    ekukit.request("core-client", case=CLUSTER, key=key, folder=tmp_path)
    for csr in tmp_path.glob("*.csr"):
        stem, made = csr.name.removesuffix(".csr"), csr.with_suffix(".made")
        told = openssl("req", "-new", "-config", csr.with_suffix(".cnf"),
                       "-key", tmp_path / f"{stem}-key.pem", "-out", made)  # fmt: skip
        assert told.returncode == 0, told.stderr
        ours, theirs = (x509.load_pem_x509_csr(path.read_bytes()) for path in (csr, made))
        assert ours.subject == theirs.subject
        assert {e.value for e in ours.extensions} == {e.value for e in theirs.extensions}
    assert len(list(tmp_path.glob("*.csr"))) == 2


def test_each_peer_asks_for_its_own_name_and_the_clusters(tmp_path: Path) -> None:
    """E8: Edge looks for the cluster's name in Core's client certificate."""
    ekukit.request("core-client", case=CLUSTER, folder=tmp_path)
    found = {path.name: read(path)[:2] for path in tmp_path.glob("*.csr")}
    assert found == {
        f"{host}-core-client.csr": (host, [host, "cluster-core.example.com"])
        for host in ("core.example.com", "core2.example.com")
    }


@pytest.mark.parametrize(
    ("slot", "issuer", "ekus"),
    [
        ("core-client", None, BOTH),
        ("core-client", "public", {CLIENT_AUTH}),
        ("core-server", None, {SERVER_AUTH}),
        ("edge-server", "private", {SERVER_AUTH}),
        ("edge-client", None, {CLIENT_AUTH}),
        ("edge-client", "private", BOTH),
    ],
)
def test_a_slot_asks_for_the_ekus_that_it_needs(
    tmp_path: Path, slot: str, issuer: str | None, ekus: set[str]
) -> None:
    """By store and by the CA that is asked."""
    ekukit.request(slot, case="C2", issuer=issuer, folder=tmp_path)
    assert read(next(tmp_path.glob("*.csr")))[2] == ekus


def test_one_store_for_both_roles_asks_for_both(tmp_path: Path) -> None:
    """Before X15.5 the server certificate is shown by the TLS client, too; no client store."""
    old = ekukit.condition("C1", release="X15.4")
    ekukit.request("core-server", case=old, folder=tmp_path)
    assert read(next(tmp_path.glob("*.csr")))[2] == BOTH
    with pytest.raises(ekukit.InputError, match="no client store"):
        ekukit.request("core-client", case=old)


def test_names_of_the_server_certificate_are_taken_over() -> None:
    """What Edge may look for was chosen for that certificate (E8)."""
    found = of(with_server(names=("core.example.com", "old.example.com")))
    assert found.names == ("core.example.com", "old.example.com")


def test_a_wildcard_and_what_is_no_name_are_left_out_and_told() -> None:
    """T5."""
    names = ("*.example.com", "core.example.com", "a\nDNS.9 = evil.example.com", "../x")
    found = of(with_server(names=names))
    assert found.names == ("core.example.com",)
    assert len(found.left_out) == 3
    assert "*.example.com: wildcard names are not supported (T5)" in found.left_out


@pytest.mark.parametrize("subject", ["O=Example", "CN=*.example.com,O=Example"])
def test_there_is_a_common_name_even_if_the_old_one_has_none_that_counts(subject: str) -> None:
    """T4."""
    assert dict(of(with_server(subject=subject)).subject)["CN"] == "core.example.com"


def test_an_oid_that_the_ssh_side_may_not_know_is_left_out() -> None:
    """T2."""
    found = of(with_server(subject="CN=core.example.com,1.2.3.4=#0c0161,OU=Voice,C=DE"))
    assert found.subject == (("C", "DE"), ("OU", "Voice"), ("CN", "core.example.com"))
    assert "1.2.3.4" in found.left_out[0]


@needs_openssl
def test_what_openssl_would_take_for_its_own_stays_text(tmp_path: Path) -> None:
    """A subject of a stranger names no variable and opens no section."""
    odd = 'a $ENV::HOME #b "c" \\ d;[names]'
    needs = replace(of(build(condition("C2"))), subject=(("O", odd), ("CN", "core.example.com")))
    config, csr = tmp_path / "x.cnf", tmp_path / "x.csr"
    config.write_text(openssl_config(needs, "ec-p256"))
    told = openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                   "-config", config, "-keyout", tmp_path / "k", "-out", csr)  # fmt: skip
    assert told.returncode == 0, told.stderr
    made = x509.load_pem_x509_csr(csr.read_bytes())
    assert made.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == odd


def test_a_key_is_its_owners_and_marked_only_where_it_is_the_labs(tmp_path: Path) -> None:
    """Mode 0600, a final newline (T6), and in no other file or text."""
    lab, real = tmp_path / "lab", tmp_path / "real"
    ekukit.request("core-client", case="C2", folder=lab)
    found = ekukit.request("core-client", case=CLUSTER, folder=real)
    assert [path.name for path in lab.glob("*key*")] == [
        "core.example.com-core-client-key-TEST-ONLY.pem"
    ]
    keys = list(real.glob("*-key.pem"))
    assert len(keys) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    assert all(path.read_text().endswith("-----END PRIVATE KEY-----\n") for path in keys)
    others = [path.read_text() for path in real.iterdir() if path not in keys]
    assert not any("PRIVATE KEY" in text for text in (*others, found.json(), found._repr_html_()))


def test_on_the_node_no_key_is_made_and_the_names_to_type_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key stays on the node."""
    assert (
        main(["request", "core-client", "--case", "C2", "--on-node", "--folder", str(tmp_path)])
        == 0
    )
    told = " ".join(capsys.readouterr().out.split())
    assert "Maintenance > Security > Client certificate" in told
    assert "Additional alternative names: core.example.com" in told
    assert not list(tmp_path.glob("*.csr")) + list(tmp_path.glob("*key*"))


def test_points_say_what_no_source_says(capsys: pytest.CaptureFixture[str]) -> None:
    """General practice is told from what facts say; a public CA has no template."""
    assert main(["request", "core-client", "--case", "C2", "--json"]) == 0
    order = json.loads(capsys.readouterr().out)["requests"][0]
    sources = {p["source"] for p in order["points"]["In a template of a Microsoft CA"]}
    assert "general practice, no source of this kit" in sources
    assert {"E6, E12", "T3"} <= sources
    assert (order["csr"], order["for"]) == (None, "private")
    public = ekukit.request("edge-server", case="C2").json()
    assert "Microsoft" not in public


def test_an_order_stands_on_names_alone_where_there_is_no_case(tmp_path: Path) -> None:
    """The first is the common name."""
    ekukit.request("core-client", names=["a.example.com", "b.example.com"], folder=tmp_path)
    assert read(tmp_path / "a.example.com-core-client.csr") == (
        "a.example.com", ["a.example.com", "b.example.com"], BOTH,
    )  # fmt: skip


def test_files_that_are_there_stay(tmp_path: Path) -> None:
    """A key is never overwritten."""
    ekukit.request("core-client", case="C2", folder=tmp_path)
    with pytest.raises(ekukit.InputError, match="exists already"):
        ekukit.request("core-client", case="C2", folder=tmp_path)


@pytest.mark.parametrize(
    ("slot", "options", "told"),
    [
        ("core-clint", {"case": "C2"}, "did you mean core-client"),
        ("core-client", {}, "no name to ask for"),
        ("core-client", {"names": "*.example.com"}, "is no host name"),
        ("core-client", {"case": "C2", "key": "rsa1024"}, "use one of: rsa3072, ec-p256"),
        ("core-client", {"case": "nowhere.tar.gz"}, "does not exist"),
        ("core-client", {"case": ["C2", "C3"]}, "a condition stands alone"),
    ],
)
def test_what_cannot_be_ordered_is_told(slot: str, options: dict[str, object], told: str) -> None:
    """It is an InputError."""
    with pytest.raises(ekukit.InputError, match=told):
        ekukit.request(slot, **options)


def test_every_slot_has_a_name_that_python_and_shell_take() -> None:
    """Hyphens, underscores and blanks alike."""
    for slot in SLOTS:
        told = {ekukit.request(name, case="C2").requests[0].needs.slot
                for name in (slot, slot.replace("-", "_"), slot.upper())}  # fmt: skip
        assert told == {slot}
