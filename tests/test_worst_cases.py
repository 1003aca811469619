"""Text made to take for ever: what took minutes or gigabytes ends while somebody waits."""

import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ekukit.archive import read_configuration
from ekukit.certificates import CaCertificate, pemfile

# Not a benchmark: each takes a second or so, and took many minutes before it was mended.
PATIENCE = 90
READ = (
    "from ekukit.archive import read_configuration as f; f(b'xConfiguration' + b' ' * (15 << 20))"
)
REDACT = "from ekukit.privacy.redaction import Redaction as R; R()('{}' * 100_000 + ' ')"


def certificate(subject: str, key: ec.EllipticCurvePrivateKey, serial: int) -> x509.Certificate:
    """Return a certificate of an issuer "CA" whose signature fits no CA."""
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (subject, "CA")]
    builder = x509.CertificateBuilder(names[1], names[0], key.public_key(), serial)
    builder = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
    return builder.not_valid_after(datetime(2027, 1, 1, tzinfo=UTC)).sign(key, hashes.SHA256())


@pytest.mark.parametrize("same_key", [True, False])
def test_thousands_of_cas_of_one_name_are_not_all_tried(
    monkeypatch: pytest.MonkeyPatch, *, same_key: bool
) -> None:
    """Signatures that are checked grow with the certificates, not with their square."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(200)]
    made = tuple(
        certificate("CA", keys[0] if same_key else key, n) for n, key in enumerate(keys, 1)
    )
    tried: list[object] = []
    monkeypatch.setattr(pemfile, "issued", lambda *pair: tried.append(pair))
    pemfile.ca_views(made)
    pemfile.chain_of(certificate("leaf", keys[0], 1000), made)
    assert len(tried) == 64 + 200 * (1 if same_key else 64)


def test_of_many_cas_those_above_a_leaf_alone_are_viewed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of thousands of leaves and CAs takes a view of each leaf's own chain."""
    key = ec.generate_private_key(ec.SECP256R1())
    pool = (*(certificate(f"CA {n}", key, n) for n in range(1, 50)), certificate("CA", key, 50))
    read: list[x509.Certificate] = []
    real = pemfile.read_ca

    def counted(ca: x509.Certificate) -> CaCertificate:
        read.append(ca)
        return real(ca)

    monkeypatch.setattr(pemfile, "read_ca", counted)
    found = pemfile.view_of(certificate("leaf", key, 1000), pool)
    assert [ca.subject for ca in found.chain] == ["CN=CA"]
    assert read == [pool[-1]]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(READ, id="a setting of blanks"),
        pytest.param(REDACT.format("a-"), id="a word of hyphens"),
        pytest.param(REDACT.format("calling-"), id="a key that begins again and again"),
    ],
)
def test_hostile_text_ends(code: str) -> None:
    """A text that a pattern could read in many ways is read in one."""
    ended = subprocess.run([sys.executable, "-c", code], timeout=PATIENCE, check=False)
    assert ended.returncode == 0


def test_a_long_quoted_value_takes_no_hundred_times_its_memory() -> None:
    """A value of 4 MiB is checked for its quotes without noting down every character."""
    data = b'xConfiguration A: "' + b"a" * (4 << 20) + b'"'
    tracemalloc.start()
    try:
        read_configuration(data)
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()
