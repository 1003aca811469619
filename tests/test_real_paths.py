"""A stranger's certificate is judged by its own bytes, as `openssl verify` judges them."""

import itertools
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from judges import OPENSSL, needs_openssl
from OpenSSL import SSL
from paths import (
    AT,
    ISSUER,
    NAME,
    ODDITIES,
    Shape,
    handshake_for,
    handshake_of,
    make,
    shape_of,
    told,
)

from ekukit.certificates import make_credential, utc
from ekukit.connections import (
    Cause,
    EkuCheck,
    Engine,
    Handshake,
    Side,
    rules,
)
from ekukit.connections.reasons import REASONS
from ekukit.connections.rules import judge
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.predictions import add_standin_findings
from ekukit.diagnosis.rebuild.given_deployment import judged
from ekukit.errors import InputError
from ekukit.expressway import build, condition
from ekukit.lab import decide, refusals, verify_errors
from ekukit.lab.ssh import run_ssh
from ekukit.lab.tls import run_tls
from ekukit.lab.verification import verify
from ekukit.lab.verify_errors import CANNOT_COME, CAUSES, PURPOSE

SINGLE = [(name,) for name in ODDITIES]
# OpenSSL takes wildcards; Expressway does not support them (T5), so neither does the kit.
WILDCARD = "leaf with a wildcard"
PAIRS = [*SINGLE, *itertools.combinations(ODDITIES, 2)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the judge's files."""
    return tmp_path_factory.mktemp("paths")


def openssl(folder: Path, path: tuple[x509.Certificate, ...], side: Side) -> tuple[int, int] | None:
    """Return the error and depth of `openssl verify`, None when it accepts."""
    pems = [certificate.public_bytes(Encoding.PEM) for certificate in path]
    (folder / "leaf.pem").write_bytes(pems[0])
    (folder / "cas.pem").write_bytes(b"".join(pems[1:]))
    command = [
        str(OPENSSL), "verify", "-purpose", f"ssl{side.value}", "-auth_level", "2", "-no-CApath",
        "-verify_hostname", NAME, "-attime", str(int(AT.timestamp())),
        "-CAfile", str(folder / "cas.pem"), str(folder / "leaf.pem"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"error (\d+) at (\d+) depth", done.stderr)
    assert (found is None) == (done.returncode == 0), done.stderr
    return (int(found[1]), int(found[2])) if found else None


@needs_openssl
@pytest.mark.parametrize("side", Side)
def test_every_odd_path_ends_with_the_error_and_depth_of_openssl_verify(
    side: Side, folder: Path
) -> None:
    """Hundreds of paths, one or two oddities in each: OpenSSL's command is the judge."""
    wrong, refused = [], 0
    for names in PAIRS:
        if WILDCARD in names:
            continue
        expected = openssl(folder, make(shape_of(names)), side)
        found = told(verify(handshake_of(names, side)))
        refused += expected is not None
        if found != expected:
            wrong.append((names, expected, found))
    print(f"{len(PAIRS)} paths for {side.value}, {refused} refused")
    assert wrong == []
    assert refused > 200


@pytest.mark.parametrize("side", Side)
def test_rules_and_path_verification_agree_on_every_odd_path(side: Side) -> None:
    """The rules' own table of OpenSSL's numbers comes to the same cause, error and depth."""
    wrong = []
    for names in PAIRS:
        asked = handshake_of(names, side)
        rule, path = judge(asked), verify(asked)
        same = (rule.cause, rule.judged, *(told(rule) or ())) == (
            path.cause, path.judged, *(told(path) or ()))  # fmt: skip
        if not same or (rule.alert != path.alert):
            wrong.append((names, rule, path))
    assert wrong == []


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("protocol", ["uc-zone", "ssh-tunnel"])
def test_a_stand_in_ends_as_the_real_path_does(side: Side, protocol: str) -> None:
    """A stand-in keeps all that decides; what cannot be kept is refused by the lab."""
    run = run_tls if protocol == "uc-zone" else run_ssh
    wrong, made = [], 0
    for names in SINGLE:
        asked = handshake_of(names, side, protocol)
        try:
            lab = run(asked)
        except InputError:
            assert any(word in names[0] for word in ("1024", "empty EKU")), names
            continue
        made += 1
        if (lab.cause, told(lab)) != ((path := verify(asked)).cause, told(path)):
            wrong.append((names, lab, path))
    assert wrong == []
    assert made > 25


def test_every_verify_error_of_openssl_has_a_cause_or_a_reason_why_it_cannot_come() -> None:
    """OpenSSL's own list is walked; a number that is in neither table fails."""
    lib, ffi = SSL._lib, SSL._ffi
    unknown = ffi.string(lib.X509_verify_cert_error_string(1_000_000))
    texts = {n: ffi.string(lib.X509_verify_cert_error_string(n)) for n in range(300)}
    numbers = {n for n, text in texts.items() if text != unknown} - {1}
    assert len(numbers) > 95
    assert numbers - set(CAUSES) - set(CANNOT_COME) - {PURPOSE} == set()
    assert set(CAUSES) & set(CANNOT_COME) == set()
    assert {cause for cause in CAUSES.values() if (cause, Side.CLIENT) not in REASONS} == set()


@pytest.mark.parametrize(
    ("table", "number"), [(rules.CAUSES, 79), (verify_errors.CAUSES, 79), (rules.ALERTS, 47)]
)
def test_a_fault_in_either_table_makes_the_agreement_fail(
    table: dict[int, object], number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engines share no table, so an error in one of them cannot hide in both."""
    asked = [handshake_of((name,), Side.CLIENT) for name in ODDITIES]

    def disagreements() -> list[Handshake]:
        refusals.cache_clear()
        pairs = [(judge(one), verify(one)) for one in asked]
        return [r for r, p in pairs if (r.cause, r.alert) != (p.cause, p.alert)]

    assert disagreements() == []
    monkeypatch.setitem(table, number, Cause.EXPIRED if table is not rules.ALERTS else 0)
    assert disagreements() != []
    monkeypatch.undo()
    refusals.cache_clear()


OFF = [
    ("leaf server", None),
    ("leaf any", (26, 0)),
    ("leaf code signing", (26, 0)),
    ("leaf key encipherment only", None),
    ("issuing CA server", None),
    ("issuing CA any", (26, 1)),
    ("leaf expired", (10, 0)),
    ("issuing CA permits others", (47, 0)),
    ("leaf RSA-1024", (66, 0)),
]


@pytest.mark.parametrize(("name", "expected"), OFF, ids=[name for name, _ in OFF])
def test_mode_off_waives_the_purpose_error_and_nothing_else(
    name: str, expected: tuple[int, int] | None
) -> None:
    """Error 26 passes where the certificate has serverAuth, clientAuth or no EKU (E4)."""
    asked = replace(handshake_of((name,), Side.CLIENT), eku_check=EkuCheck.BYPASSED)
    assert told(verify(asked)) == expected
    assert told(judge(asked)) == expected


def test_an_issuing_ca_with_any_alone_is_refused_over_ssh_too() -> None:
    """The leaf comes alone, and the chain's purposes are verified as over TLS (E12)."""
    asked = handshake_of(("issuing CA any",), Side.CLIENT, "ssh-tunnel")
    assert (verify(asked).cause, told(verify(asked))) == (Cause.CA_EKU, (26, 1))


def test_over_ssh_the_issuing_ca_must_be_in_the_list() -> None:
    """The root alone is not enough, since the leaf comes without its chain (E11)."""
    asked = handshake_of((), Side.CLIENT, "ssh-tunnel", trusts=2)
    assert told(verify(asked)) == (20, 0)
    assert told(verify(handshake_of((), Side.CLIENT, trusts=2))) is None


def test_a_stand_in_differs_from_the_real_certificate_in_key_and_signature_alone() -> None:
    """Every extension but the key identifiers keeps its bytes, and so do names and serial."""
    asked = handshake_of(("leaf critical extension", "leaf client"), Side.CLIENT)
    view = asked.client.certificate
    assert view is not None
    real, made = x509.load_der_x509_certificate(view.der), make_credential(view).leaf
    ids = (x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier)
    kept = [[e for e in c.extensions if not isinstance(e.value, ids)] for c in (real, made)]
    assert kept[0] == kept[1]
    for part in ("subject", "issuer", "serial_number", "not_valid_after_utc"):
        assert getattr(real, part) == getattr(made, part)
    assert real.public_key() != made.public_key()


def test_a_renewed_certificate_keeps_its_key_and_a_self_signed_one_does_not() -> None:
    """A new self-signed one with the key of a trusted one would be taken for it."""
    old = build(condition("C2")).core[0].server.certificate
    assert old is not None
    for chain, kept in ((old.chain, True), ((), False)):
        first = old.moved(chain=chain)
        renewed = first.moved(not_after=utc("2040-01-01"))
        keys = [make_credential(c).leaf.public_key() for c in (first, renewed)]
        assert (first.serial != renewed.serial, keys[0] == keys[1]) == (True, kept)


def test_where_a_stand_in_ends_otherwise_the_real_path_counts_and_it_is_told() -> None:
    """A CA that names another key as its issuer's: the lab's keys hide that, OpenSSL sees it."""
    path = make(Shape(issuing=replace(ISSUER, strange_issuer=True)))
    asked = handshake_for(path, Side.CLIENT)
    found = decide(asked)
    assert (found.engine, found.cause) == (Engine.PATH, Cause.UNTRUSTED)
    assert found.standin is not None
    assert found.standin.accepted
    core = build(condition("C3", key="EC-secp256r1"))
    node = replace(core.core[0], client=replace(core.core[0].client,
                                                certificate=asked.client.certificate))  # fmt: skip
    edge = replace(core.edge[0], trusted=asked.server.trusted, verify_subject_name="")
    case = replace(core, core=(node,), edge=(edge,), at=AT)
    outcomes = judged(case, lambda _outcome: False)
    gathered = Gathered()
    add_standin_findings(gathered, outcomes)
    assert [o.engine for o in outcomes if o.connection == "uc-zone"] == [Engine.PATH]
    assert [found.code for found in gathered.all()] == ["prediction.stand-in-differs"]
