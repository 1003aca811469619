"""Archives in which random canaries stand wherever a customer can write, and where they went."""

import io
import random
import tarfile
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

_LETTERS = "bcdfghjkmnpqrstvwxyz"
_ATTRIBUTES = (
    NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.LOCALITY_NAME,
    NameOID.STATE_OR_PROVINCE_NAME, NameOID.STREET_ADDRESS, NameOID.EMAIL_ADDRESS,
    NameOID.SERIAL_NUMBER, NameOID.POSTAL_CODE, NameOID.USER_ID, NameOID.TITLE,
    NameOID.ORGANIZATION_IDENTIFIER, x509.ObjectIdentifier("1.3.6.1.4.1.5555.7"),
)  # fmt: skip
# What a line that is quoted can hold; {c} is a canary, {n} digits.
SAID = (
    "{c}", "user {c}", "user {c}.{c} logged in", "password={c}", 'Password: "{c} and {n}"',
    "password is {c}", "Bearer {c}", "Authorization: Basic {b}", "Set-Cookie: a={c}; path=/",
    "{{'access_token':'{c}'}}", "<Password>{c}</Password>", "SNMP community={c}", "token {c}",
    "From: Ann {c} <sip:{n}@{c}.example>", "sip:{c}@{c}.example:5061;user=phone", "tel:+{n}",
    "called 00{n}", "extension {n}", "host {c} refused", "{c}.{c}.json", "{c}.c0m1", "{c}ü.example",
    "https://{c}:{c}@{c}.example/{c}?{c}={c}", "\\\\{c}\\{c}", "uid={c},ou={c},dc={c}",
    "subject= /O={c} GmbH/CN={c}.example/emailAddress=a@{c}.example", "/user/{c}/devices",
    "SessionId={c} X-Auth: {c}", "deviceuuid {u}", "SEP{h}", "CSF{C}", "{m}", "2001:db8:{x}::{x}:7",
    "ip-{d}", "{host}-{c} {host}_old {host}12", "{pct}", "&#x7a;{c}&#122;", "{full}", "{rev}",
    "{soft}", "DOMAIN\\{c}", 'Digest username="{c}", nonce="{c}", response="{h}"', "{hex}",
    "{b16}", 'Detail="{c}" Reason="{c} alert"', 'Common-name="{c} {c}"', 'alias "{c} {n}"',
    "X-{c}: {c}", "key {b}", "{c}@{c}", "{c}%40{c}.example", "*.{c}.example", "error:{c}:{c}:{c}",
)  # fmt: skip


class Canaries:
    """Random words and numbers that stand nowhere else; `given` are all that were planted."""

    def __init__(self, seed: int) -> None:
        """Begin with a seed, so that a failure can be repeated."""
        self.random = random.Random(seed)
        self.given: list[str] = []

    def word(self, size: int = 8) -> str:
        """Return a new word of so many letters."""
        return self._noted("zq" + "".join(self.random.choices(_LETTERS, k=size - 2)))

    def number(self) -> str:
        """Return a new telephone number."""
        return self._noted(str(self.random.randrange(5_550_000_000, 5_559_999_999)))

    def _noted(self, text: str) -> str:
        self.given.append(text)
        return text

    def line(self, template: str, host: str) -> str:
        """Return a template filled in."""
        word, hexed = self.word(), self._noted(f"{self.random.getrandbits(48):012X}")
        wide = word.encode("utf-16-le")
        return template.format(
            c=word, C=self.word().upper(), n=self.number(), h=hexed, host=host, rev=word[::-1],
            b=b64encode(b"a" * self.random.randrange(3) + word.encode()).decode(),
            b16=b64encode(wide).decode(), hex=word.encode().hex(),
            x=f"{self.random.randrange(4096, 65535):x}",
            u=f"{hexed[:8].lower()}-aaaa-bbbb-cccc-{hexed.lower()}",
            m=":".join(hexed[at : at + 2] for at in range(0, 12, 2)).lower(),
            d="-".join(str(self.random.randrange(100, 255)) for _ in range(4)),
            pct="".join(f"%{ord(letter):02X}" for letter in word),
            full="".join(chr(ord(letter) + 0xFEE0) for letter in word),
            soft="\u00ad".join(word),
        )  # fmt: skip


def spellings(canary: str) -> set[str]:
    """Return how a canary may stand in a text: as it is, and in the usual encodings, lower case."""
    data, wide = canary.encode(), canary.encode("utf-16-le")
    found = {canary, canary[::-1], data.hex(), wide.hex(), " ".join(f"{byte:02x}" for byte in data)}
    found |= {"".join(f"%{byte:02x}" for byte in data), "".join(f"&#{byte};" for byte in data)}
    found |= {
        "".join(chr(byte + 0xFEE0) for byte in data),
        "\u00ad".join(canary),
        "\0".join(canary),
    }
    for raw in (data, wide, canary.upper().encode()):
        for offset in range(3):
            coded = b64encode(b"a" * offset + raw + b"aaa").decode()
            found.add(coded[(offset * 8 + 5) // 6 : (offset + len(raw)) * 8 // 6])
    return {text.lower() for text in found}


def leaked(shown: str, given: list[str]) -> list[str]:
    """Return the canaries that stand in a text in some spelling."""
    plain = shown.replace("<wbr>", "").replace("\\", "").lower()
    return [
        word for word in given if any(spelling in plain for spelling in spellings(word.lower()))
    ]


def planted(source: Path, target: Path, canaries: Canaries) -> str:
    """Write a sample archive with canaries in every free text; return a page to be pasted.

    Hosts are renamed, certificates issued anew with canaries in subject, names and extensions,
    records added to the log, settings, comments and broken lines to the dumps; in the captures
    server names and banners are replaced by others of the same length.
    """
    hosts = {"core": canaries.word(4 + 4), "edge": canaries.word(4 + 4)}
    names = {b"core.example.com": _fqdn(canaries), b"edge.example.com": _fqdn(canaries)}
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            assert file is not None
            name, data = member.name, file.read()
            for host, other in hosts.items():
                name = name.replace(f"_{host}_", f"_{other}_")
                data = data.replace(f" {host} ".encode(), f" {other} ".encode())
            host = next((other for other in hosts.values() if other in name), "")
            if name.endswith(".pem") and not name.startswith("ca"):
                data = _certificate(canaries, names) + data
            elif name.startswith("loggingsnapshot"):
                data += "".join(_records(canaries, host)).encode()
            elif name.endswith(".txt"):
                data += "".join(_settings(canaries)).encode()
            elif name.endswith(".pcap"):
                data = data.replace(b"AsyncSSH_2.24.1", f"Zq{canaries.word(10)}_.1".encode()[:15])
            for plain, other_name in names.items():
                data = data.replace(plain, other_name)
            _add(new, f"{canaries.word()} files/{name}", data)
        _add(new, f"{canaries.word()}.html", f"<b>{canaries.word()}</b>".encode())
        _add(new, f"{canaries.word()}.pem", b"-----BEGIN CERTIFICATE-----\n" + _word(canaries))
    cells = (canaries.word(), canaries.word(), "Failed", canaries.word(), canaries.word(), "x")
    return f"<p>{canaries.word()}</p>\n" + "\t".join(cells) + "\n" + _records(canaries, "pasted")[0]


def _word(canaries: Canaries) -> bytes:
    return canaries.word().encode()


def _fqdn(canaries: Canaries) -> bytes:
    return f"{canaries.word(5)}.{canaries.word(6)}.com".encode()


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def _records(canaries: Canaries, host: str) -> list[str]:
    """Return a failed handshake for each template, on ports of its own, so that each is quoted."""
    return [
        f'2026-06-15T09:{50 + place % 9}:{place % 60:02}.011+00:00 {host} tvcs: Event="Inbound TLS '
        f'Negotiation Error" Service="SIP" Src-ip="192.0.2.{place + 1}" Src-port="{26000 + place}" '
        f'Dst-ip="192.0.2.200" Dst-port="5061" Detail="unsuitable certificate purpose" '
        f"{canaries.line(template, host)}\n"
        for place, template in enumerate(SAID)
    ]


def _settings(canaries: Canaries) -> list[str]:
    c = canaries.word
    return [
        f'*c xConfiguration Zones Zone 1 Name: "{c()} {c()}"\n',
        f'*c xConfiguration Zones Zone 1 TraversalClient Authentication UserName: "{c()}"\n',
        f'*c xConfiguration SNMP CommunityName: "{c()}\n',
        f'*c xConfiguration {c()} {c()}: "{c()}"\n',
        f'*c xConfiguration SystemUnit Contact: "{c()} {c()}"\n',
        f'*c xConfiguration Zones Zone 2 Type: "{c()}"\n',
        f'*c xConfiguration SIP TLS Certificate Note: "{canaries.number()}"\n',
        f"# {c()} was here\n",
        f'*c xConfiguration Administration Password "{c()}"\n',
        f'*c xConfiguration Login Banner: "{c()}\n{c()}"\n',
    ]


def _certificate(canaries: Canaries, names: dict[bytes, bytes]) -> bytes:
    """Return a PEM with text before it; valid when the sample's log was written."""
    key = ec.generate_private_key(ec.SECP256R1())
    fqdn = canaries.random.choice(sorted(names.values())).decode()
    given = [x509.NameAttribute(oid, canaries.word()) for oid in _ATTRIBUTES]
    subject = x509.Name([*given, x509.NameAttribute(NameOID.COMMON_NAME, fqdn)])
    issuer = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, f"{canaries.word()} Issuing CA"),
         x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{canaries.word()} Trust")]
    )  # fmt: skip
    begin = datetime(2026, 6, 1, 3, 33, 33, tzinfo=UTC)
    built = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), canaries.random.getrandbits(64))
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=300))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(fqdn), x509.DNSName(f"*.{canaries.word()}.example"),
                 x509.RFC822Name(f"{canaries.word()}@{canaries.word()}.example"),
                 x509.UniformResourceIdentifier(f"https://{canaries.word()}.example")]
            ), critical=False)
        .add_extension(
            x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.1")]), critical=False)
        .add_extension(
            x509.UnrecognizedExtension(
                x509.ObjectIdentifier("1.3.6.1.4.1.5555.8"), canaries.word().encode()
            ), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    canaries.given.append(f"{built.serial_number:x}")
    return f"{canaries.word()}\n".encode() + built.public_bytes(Encoding.PEM)
