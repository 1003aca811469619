"""What each engine and each judge says of a case: accepted, or which error at which depth."""

import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from cryptography import x509
from cryptography.x509 import verification

from ekukit.certificates import certificate_pem, make_ca, make_credential
from ekukit.certificates.credential import Credential, key_kind
from ekukit.connections import Handshake, Side, Verdict
from ekukit.connections.handshake import End
from ekukit.openssl_policy import NO_POLICY

_FOUND = re.compile(r"error (\d+) at (\d+) depth")
# The default of OpenSSL itself, whatever this machine prefers.
_LEVEL = "DEFAULT:@SECLEVEL=2"
_MOST_TURNS = 12


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one says of a path; error, depth and cause are None where it does not tell them."""

    accepted: bool
    error: int | None = None
    depth: int | None = None
    cause: str | None = None

    def agrees(self, other: "Opinion") -> bool:
        """Return whether two opinions differ in nothing that both of them tell."""
        mine, its = ((one.error, one.depth, one.cause) for one in (self, other))
        pairs = zip(mine, its, strict=True)
        told = all(None in pair or pair[0] == pair[1] for pair in pairs)
        return self.accepted == other.accepted and told

    def __str__(self) -> str:
        """Return it in words."""
        at = "" if self.depth is None else f" at depth {self.depth}"
        why = "" if self.error is None else f" ({self.error}{at})"
        return "accepted" if self.accepted else f"refused{why}"


def of_verdict(verdict: Verdict) -> Opinion:
    """Return a verdict's opinion."""
    cause = f"{verdict.judged}-{verdict.cause}"
    return Opinion(verdict.accepted, verdict.error, verdict.depth, cause)


@dataclass(frozen=True, slots=True)
class ShownPath:
    """A handshake and the end that is judged, by whom, with what it shows made real."""

    handshake: Handshake
    judged: Side

    @property
    def ends(self) -> tuple[End, End]:
        """Return the end that is judged, and the judge."""
        pair = (self.handshake.client, self.handshake.server)
        return pair if self.judged is Side.CLIENT else (pair[1], pair[0])

    @property
    def credential(self) -> Credential:
        """Return the certificate that is judged, made real."""
        leaf = self.ends[0].certificate
        assert leaf is not None  # noqa: S101 - every case shows one
        return make_credential(leaf)

    @property
    def sent(self) -> tuple[x509.Certificate, ...]:
        """Return the CA certificates that are sent along, without the root."""
        above = self.credential.chain if self.ends[0].sends_chain else ()
        return tuple(ca for ca in above if ca.subject != ca.issuer)

    @property
    def trusted(self) -> tuple[x509.Certificate, ...]:
        """Return the CA certificates that the judge trusts."""
        leaf = self.ends[0].certificate
        assert leaf is not None  # noqa: S101 - every case shows one
        cas = sorted(self.ends[1].trusted, key=lambda ca: ca.subject)
        return tuple(make_ca(ca, key_kind(leaf)) for ca in cas)


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder for a moment; it goes even when an interrupt comes while it is deleted."""
    folder = Path(mkdtemp(prefix="ekukit-proof-"))
    try:
        yield folder
    finally:
        try:
            shutil.rmtree(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def openssl_command(shown: ShownPath) -> Opinion:
    """Return what `openssl verify` says."""
    with scratch() as place:
        files = {"leaf": (shown.credential.leaf,), "sent": shown.sent, "cas": shown.trusted}
        for name, found in files.items():
            (place / name).write_bytes(b"".join(map(certificate_pem, found)))
        sent = ["-untrusted", str(place / "sent")] if shown.sent else []
        words: list[str | Path] = [
            "openssl", "verify", "-purpose", f"ssl{shown.judged.value}", "-auth_level", "2",
            "-no-CApath", "-no-CAstore", "-verify_hostname", shown.ends[1].expects_name,
            "-attime", str(int(shown.handshake.at.timestamp())), *sent,
            "-CAfile", place / "cas", place / "leaf",
        ]  # fmt: skip
        without = os.environ | NO_POLICY
        done = subprocess.run(words, capture_output=True, text=True, check=False, env=without)
    told = _FOUND.search(done.stderr)
    if told is None:
        return Opinion(accepted=done.returncode == 0)
    return Opinion(accepted=False, error=int(told[1]), depth=int(told[2]))


def cryptography_verifier(shown: ShownPath) -> Opinion:
    """Return what the path verification of `cryptography` says; it tells no error numbers."""
    store = verification.Store(list(shown.trusted))
    builder = verification.PolicyBuilder().store(store).time(shown.handshake.at)
    leaf, name = shown.credential.leaf, shown.ends[1].expects_name
    try:
        if shown.judged is Side.SERVER:
            builder.build_server_verifier(x509.DNSName(name)).verify(leaf, list(shown.sent))
        else:
            found = builder.build_client_verifier().verify(leaf, list(shown.sent))
            names = [one.value for one in found.subjects or ()]
            return Opinion(accepted=name in names)
    except verification.VerificationError:
        return Opinion(accepted=False)
    return Opinion(accepted=True)


def stdlib_ssl(shown: ShownPath) -> Opinion:
    """Return what Python's own ssl module says; its clock is that of the machine."""
    client = shown.judged is Side.CLIENT
    good = ShownPath(shown.handshake, Side.SERVER if client else Side.CLIENT)
    ends = (shown, good) if client else (good, shown)
    with scratch() as place:
        contexts = [
            own_context(place, role, one, is_judge=one is good)
            for role, one in zip((ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER), ends,
                                 strict=True)
        ]  # fmt: skip
        if client:
            contexts[1].load_verify_locations(cadata=pems_of(shown.trusted))
        else:
            contexts[0].load_verify_locations(cadata=pems_of(shown.trusted))
            contexts[0].check_hostname = True
    return _hands(contexts, shown.ends[1].expects_name)


def pems_of(found: Sequence[x509.Certificate]) -> str:
    """Return certificates as one text."""
    return b"".join(map(certificate_pem, found)).decode()


def own_context(folder: Path, role: int, shown: ShownPath, *, is_judge: bool) -> ssl.SSLContext:
    """Return an end of TLS 1.2 that presents what is shown, its files in the folder."""
    context = ssl.SSLContext(role)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED if is_judge else ssl.CERT_NONE
    own = folder / f"{int(role)}.pem"
    own.touch(0o600)
    pems = map(certificate_pem, (shown.credential.leaf, *shown.sent))
    own.write_bytes(shown.credential.key_pem() + b"".join(pems))
    context.set_ciphers(_LEVEL)
    context.load_cert_chain(own)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def _hands(contexts: Sequence[ssl.SSLContext], name: str) -> Opinion:
    wires = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (
        contexts[0].wrap_bio(wires[0], wires[1], server_hostname=name),
        contexts[1].wrap_bio(wires[1], wires[0], server_side=True),
    )
    done = [False, False]
    for _turn in range(_MOST_TURNS):
        for number, end in enumerate(ends):
            try:
                end.do_handshake()
                done[number] = True
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return Opinion(accepted=False, error=error.verify_code)
            except ssl.SSLError:
                # Refused before the path is looked at, such as for want of a cipher.
                return Opinion(accepted=False)
        if all(done):
            return Opinion(accepted=True)
    return Opinion(accepted=False)
