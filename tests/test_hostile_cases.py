"""Nothing that an archive contains makes an investigation raise."""

import random
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from archives import unpacked
from cases import case_of, codes, files_of, log_only
from cases import deployment as condition_of
from conftest import ROOT
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ekukit.archive import open_archive
from ekukit.diagnosis.investigation import investigate
from ekukit.errors import InputError

SAMPLES = ("two-faults-eku-and-name", "cluster-of-two", "damaged")
START = '2026-03-29T06:58:01.231+00:00 e1 tvcs: Event="Inbound TLS Negotiation Error"'
CLIENT = "client_core_2026-06-15_09_41_07.pem"
TEXTS = (
    b'"', b"\x00", b"\xff\xfe", b"9" * 400, b"Zones Zone 99999999999999999999 Type", b'="', b"{0}",
    b"{who}", b"%s", "\u202e".encode(), b"]]>", b"&x;", b"<a", b"*c xConfiguration ", b"Peer 1e9",
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few of them changed, cut, doubled, or replaced by what is awkward."""
    found = bytearray(data)
    for _ in range(chance.randrange(1, 12)):
        if not found:
            break
        place = chance.randrange(len(found))
        kind = chance.randrange(5)
        if kind == 0:
            found[place] = chance.randrange(256)
        elif kind == 1:
            del found[place : place + chance.randrange(1, 200)]
        elif kind == 2:
            found[place:place] = chance.choice(TEXTS)
        elif kind == 3:
            found[place:place] = found[place : place + chance.randrange(1, 300)]
        else:
            del found[chance.randrange(len(found)) :]
    return bytes(found)


@pytest.mark.parametrize("seed", range(24))
def test_a_damaged_archive_is_investigated(tmp_path: Path, seed: int) -> None:
    """Whatever bytes are changed, there is a case, or bad input that is told in a sentence."""
    chance = random.Random(seed)
    files = unpacked((ROOT / "data" / "cases" / f"{SAMPLES[seed % 3]}.tar.gz").read_bytes())
    for name, data in files.items():
        if chance.random() < 0.8:
            (tmp_path / name).write_bytes(mutated(data, chance) if chance.random() < 0.6 else data)
    try:
        case = investigate(open_archive(tmp_path), pasted=chance.choice(TEXTS).decode("latin-1"))
    except InputError as error:
        assert str(error)  # noqa: PT017 - either is fine, a traceback of a library is not
    else:
        assert case.headline


def strange(subject: x509.Name, key: object | None = None, *names: str, years: int = 1) -> bytes:
    """Return a self-signed certificate of odd content as PEM."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(own.public_key())  # type: ignore[attr-defined]
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * years))
    )
    if names:
        san = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(san, critical=False)
    hashed = None if isinstance(own, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(own, hashed).public_bytes(Encoding.PEM)  # type: ignore[arg-type]


def name_of(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    """Return a distinguished name of these parts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return x509.Name([x509.NameAttribute(oid, value, _validate=False) for oid, value in parts])


STRANGE = {
    "empty subject": lambda: strange(x509.Name([])),
    "markup": lambda: strange(name_of((NameOID.COMMON_NAME, "<script>{who}</script>\n[b]"))),
    "long": lambda: strange(name_of((NameOID.COMMON_NAME, "x" * 5000))),
    "odd country": lambda: strange(name_of((NameOID.COUNTRY_NAME, "Nowhere"))),
    "OID": lambda: strange(name_of((x509.ObjectIdentifier("1.2.3.4"), "a+b,c=\\d;e"))),
    "empty DNS name": lambda: strange(name_of((NameOID.COMMON_NAME, "a")), None, "", "a b", "*."),
    "Ed25519": lambda: strange(name_of((NameOID.COMMON_NAME, "core.example.com")),
                               ed25519.Ed25519PrivateKey.generate()),
    "DSA": lambda: strange(name_of((NameOID.COMMON_NAME, "core.example.com")),
                           dsa.generate_private_key(2048)),
    "P-521": lambda: strange(name_of((NameOID.COMMON_NAME, "core.example.com")),
                             ec.generate_private_key(ec.SECP521R1())),
    "thousands of years": lambda: strange(name_of((NameOID.COMMON_NAME, "a")), None, years=7000),
    "no certificate": lambda: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "not PEM": lambda: b"\x30\x82\xff\xff" + b"\x00" * 100,
}  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_certificate_is_investigated(tmp_path: Path, name: str) -> None:
    """What the lab cannot repeat gets a stand-in, or the rules answer."""
    files = files_of(condition_of("C3"))
    assert CLIENT in files
    case = case_of(tmp_path / "case", {**files, CLIENT: STRANGE[name]()})
    assert case.headline
    assert {o.connection for o in case.predicted} >= {"uc-zone", "ssh-tunnel"}


def test_a_strange_certificate_in_the_trusted_list_is_investigated(tmp_path: Path) -> None:
    """The same goes for what stands among the trusted CAs."""
    files = files_of(condition_of("C3"))
    extra = b"".join(make() for make in STRANGE.values())
    changed = {name: data + extra if name.startswith("ca_") else data
               for name, data in files.items()}  # fmt: skip
    case = case_of(tmp_path / "case", changed)
    states = {o.state.value for o in case.predicted if o.connection == "uc-zone"}
    assert states == {"Active"}


@pytest.mark.parametrize(
    "line",
    [
        'Src-ip="{who}" Src-port="x" Dst-ip="' + "9" * 4000 + '" Dst-port="7001"',
        'Src-ip="" Dst-ip="" Dst-port="7001"',
        'Src-ip="::ffff:192.0.2.1" Src-port="0" Dst-ip="fe80::1%eth0" Dst-port="65535"',
    ],
)
def test_strange_ends_of_a_connection_are_told(tmp_path: Path, line: str) -> None:
    """Addresses that are none are shown as they stand."""
    text = f'{START} {line} Detail="alert unknown ca {{judge}} {{0}}"'
    case = log_only(tmp_path, text)
    assert codes(case) & {"uc-zone.server-untrusted", "log.refused"}


def test_two_nodes_of_one_address_are_told_apart(tmp_path: Path) -> None:
    """A configuration that lies about addresses does not merge two nodes."""
    files = files_of(condition_of("C3"))
    changed = {name: data.replace(b"10.106.80.31", b"10.106.80.16")
               if name.startswith("xconf") else data for name, data in files.items()}  # fmt: skip
    case = case_of(tmp_path / "case", changed)
    assert case.deployment is not None
    assert case.deployment.core[0].address != case.deployment.edge[0].address


def test_more_peers_than_a_cluster_has_are_cut(tmp_path: Path) -> None:
    """A zone that names forty peers does not stop the rest."""
    files = files_of(condition_of("C3"))
    more = "".join(
        f'*c xConfiguration Zones Zone 1 TraversalClient Peer {n} Address: "e{n}.example.com"\n'
        for n in range(2, 41)
    ).encode()
    changed = {name: data + more if name.startswith("xconf_dump_core") and name.endswith(".txt")
               else data for name, data in files.items()}  # fmt: skip
    case = case_of(tmp_path / "case", changed)
    assert case.deployment is not None
    assert len(case.deployment.edge) == 6
