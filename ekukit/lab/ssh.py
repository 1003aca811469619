"""An SSH tunnel by AsyncSSH between two ends over a socket pair, X.509 certificates both ways.

Each end presents its leaf alone (E11). AsyncSSH looks at the leaf's EKUs only, so the path with its
purposes is verified by OpenSSL too (E12). AsyncSSH knows only the clock on the wall, so it gets
stand-ins with shifted validity. That Expressway's tunnels behave like this is a hypothesis that
fits what is published (E13).
"""

import asyncio
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import crypto

from ekukit.certificates import FAST_KEY, Certificate, make_credential
from ekukit.certificates.credential import Credential, key_kind
from ekukit.connections import Cause, Handshake, Side, Verdict
from ekukit.connections.handshake import End
from ekukit.errors import InputError
from ekukit.lab.asyncssh_alone import SSHAuthorizedKeys, asyncssh
from ekukit.lab.standins import made_list
from ekukit.lab.tape import Transcript
from ekukit.lab.verification import Path, path_refusals
from ekukit.lab.wires import wire

_USER = "pfwd"
_PAYLOAD = b"x" * 4096
_SECONDS, _SHIFT_SECONDS = 20, 30
# What AsyncSSH itself refuses; the rest of the path is OpenSSL's to refuse.
_ASYNCSSH_REFUSES = (Cause.UNTRUSTED, Cause.EKU, Cause.EXPIRED, Cause.NOT_YET_VALID)
_shifts: dict[datetime, tuple[timedelta, float]] = {}


def run_ssh(handshake: Handshake, transcript: Transcript | None = None) -> Verdict:
    """Return what AsyncSSH made of the tunnel; accepted only when bytes came back through it.

    Runs in a thread with an event loop of its own, so that it works inside a notebook's loop.
    """
    results: list[Verdict | BaseException] = []

    def work() -> None:
        try:
            results.append(asyncio.run(asyncio.wait_for(_tunnel(handshake, transcript), _SECONDS)))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread below
            results.append(error)

    thread = threading.Thread(target=work, name="ekukit-ssh")
    thread.start()
    thread.join()
    if isinstance(results[0], BaseException):
        raise results[0]
    return results[0]


async def _tunnel(handshake: Handshake, transcript: Transcript | None) -> Verdict:
    client, server = handshake.client, handshake.server
    if server.certificate is None:
        return Verdict(Cause.NO_CERTIFICATE, Side.SERVER, text="no host certificate to offer")
    _prepare(handshake)
    authorizer = _Authorizer(handshake)
    # A task of the library's own that fails has nobody to tell; the verdict says what went wrong.
    asyncio.get_running_loop().set_exception_handler(lambda *_told: None)
    async with wire(transcript) as (near, far):
        acceptor = asyncio.create_task(_accept(far, handshake, authorizer))
        try:
            refusal = await _connect(near, handshake)
        except BaseException:
            acceptor.cancel()
            await asyncio.gather(acceptor, return_exceptions=True)
            raise
        await _closed(acceptor)
    if refusal is None:
        if authorizer.fault is not None:
            text = f"AsyncSSH accepted what OpenSSL refuses: error {authorizer.fault.error}"
            return Verdict(Cause.OTHER, text=text)
        return Verdict(Cause.ACCEPTED)
    host = _look(handshake, Side.SERVER)
    if host is not None or isinstance(refusal, asyncssh.HostKeyNotVerifiable):
        # The host's certificate is judged before the client shows its own.
        return _verdict(host, str(refusal))
    if client.certificate is None:
        return Verdict(Cause.NO_CERTIFICATE, Side.CLIENT, text=str(refusal))
    return _verdict(authorizer.fault, str(refusal))


def _prepare(handshake: Handshake) -> None:
    """Make what both ends show before anything runs; raises InputError for what cannot be made."""
    client, server = handshake.client, handshake.server
    for shows, judges in ((client, server), (server, client)):
        links = (*(shows.certificate.chain if shows.certificate else ()), *judges.trusted)
        broken = [oid for link in links for oid in link.limits.unreadable]
        if shows.certificate is not None:
            make_credential(shows.certificate, _shift(handshake.at))
            broken += shows.certificate.limits.unreadable
        if broken:
            msg = f"AsyncSSH reads no certificate with the extension {broken[0]} empty or damaged"
            raise InputError(msg)


def _verdict(fault: Verdict | None, text: str) -> Verdict:
    return replace(fault, text=text) if fault else Verdict(Cause.OTHER, text=text)


def _look(handshake: Handshake, judged: Side) -> Verdict | None:
    """Return the first fault in the path of one end's stand-in, sent without its chain, or None."""
    shows, judges = handshake.client, handshake.server
    if judged is Side.SERVER:
        shows, judges = judges, shows
    if shows.certificate is None:
        return None
    leaf = make_credential(shows.certificate).leaf.public_bytes(Encoding.DER)
    kind = key_kind(shows.certificate)
    made = made_list(judges.trusted, kind, shows.certificate.chain, timedelta(0))
    trusted = tuple(ca.public_bytes(Encoding.DER) for ca in made)
    found = next(iter(path_refusals(handshake, judged, Path(leaf, (), trusted))), None)
    return replace(found[0], engine=None, text="") if found else None


class _Authorizer(SSHAuthorizedKeys):
    """Notes what is wrong with a client's certificate; AsyncSSH decides on EKU, path, validity.

    What AsyncSSH does not look at is refused here: the name against the SAN, the purposes of the
    chain (E12), and all else in a path that OpenSSL refuses (E14).
    """

    def __init__(self, handshake: Handshake) -> None:
        super().__init__()
        self._handshake = handshake
        self.fault: Verdict | None = None

    def validate_x509(self, *_asked: object) -> tuple[dict[str, bool] | None, None]:
        """Refuse what AsyncSSH does not look at; leave the rest to it."""
        self.fault = fault = _look(self._handshake, Side.CLIENT)
        if fault is not None and (fault.cause not in _ASYNCSSH_REFUSES or fault.depth):
            return None, None
        return {"principals": True}, None


async def _closed(acceptor: "asyncio.Task[asyncssh.SSHServerConnection]") -> None:
    try:
        accepted = await acceptor
    except Exception:  # noqa: BLE001 - the caller's end tells of it
        return
    accepted.close()
    await accepted.wait_closed()


class _Acceptor(asyncssh.SSHServer):
    """Edge's side: forwards to a service inside this process that echoes what it gets."""

    def connection_requested(self, *_asked: object) -> object:  # type: ignore[override]
        """Answer a forwarded connection in process."""
        return _echo


async def _echo(reader: asyncssh.SSHReader, writer: asyncssh.SSHWriter) -> None:  # type: ignore[type-arg]
    writer.write(await reader.read())
    writer.write_eof()


async def _accept(
    sock: socket.socket, handshake: Handshake, authorizer: _Authorizer
) -> asyncssh.SSHServerConnection:
    server = handshake.server
    assert server.certificate is not None  # noqa: S101 - run_ssh has answered that case
    shift = _shift(handshake.at)
    shown = handshake.client.certificate
    kind = key_kind(shown) if shown else FAST_KEY
    return await asyncssh.run_server(
        sock,
        server_factory=_Acceptor,
        server_host_keys=[_key_pair(make_credential(server.certificate, shift))],
        x509_trusted_certs=_trusted(server, kind, shown, shift),
        x509_trusted_cert_paths=[],
        x509_purposes="clientAuth",
        authorized_client_keys=authorizer,
        gss_host=None,
        password_auth=False,
        kbdint_auth=False,
    )


async def _connect(sock: socket.socket, handshake: Handshake) -> Exception | None:
    """Open the tunnel and carry bytes through it; return None or the refusal that came."""
    client, server = handshake.client, handshake.server
    assert server.certificate is not None  # noqa: S101 - run_ssh has answered that case
    shift = _shift(handshake.at)
    keys = [_key_pair(make_credential(client.certificate, shift))] if client.certificate else None
    try:
        tunnel = await asyncssh.connect(
            # Where no name is wanted, one that it has: the library always looks for one.
            client.expects_name or next(iter(server.certificate.answers_to), server.address),
            handshake.port,
            sock=sock,
            username=_USER,
            client_keys=keys,
            known_hosts=b"",
            x509_trusted_certs=_trusted(
                client, key_kind(server.certificate), server.certificate, shift
            ),
            x509_trusted_cert_paths=[],
            x509_purposes="serverAuth",
            agent_path=None,
            config=None,
            password_auth=False,
            kbdint_auth=False,
            gss_auth=False,
            gss_kex=False,
        )
    except (asyncssh.Error, OSError) as refusal:
        return refusal
    async with tunnel:
        if _look(handshake, Side.SERVER) is not None:
            return asyncssh.HostKeyNotVerifiable("the host certificate's chain is refused (E12)")
        reader, writer = await tunnel.open_connection("localhost", handshake.port)
        writer.write(_PAYLOAD)
        writer.write_eof()
        carried = await reader.read() == _PAYLOAD
    return None if carried else OSError("the tunnel did not carry what was sent")


def _shift(at: datetime) -> timedelta:
    """Return how far validity must move so that the wall clock stands at `at`, to half a minute."""
    found, made = _shifts.get(at, (timedelta(0), float("-inf")))
    if time.monotonic() - made > _SHIFT_SECONDS:
        found, made = datetime.now(UTC) - at, time.monotonic()
        _shifts[at] = found, made
    return found


def _key_pair(credential: Credential) -> tuple[asyncssh.SSHKey, asyncssh.SSHCertificate]:
    key = asyncssh.import_private_key(credential.key_pem(), unsafe_skip_rsa_key_validation=True)
    return key, _ssh_certificate(credential.leaf)


def _trusted(
    end: End, kind: str, shown: Certificate | None, shift: timedelta
) -> list[asyncssh.SSHCertificate]:
    chain = shown.chain if shown else ()
    return [_ssh_certificate(ca) for ca in made_list(end.trusted, kind, chain, shift)]


def _ssh_certificate(found: x509.Certificate) -> asyncssh.SSHCertificate:
    pem = crypto.dump_certificate(crypto.FILETYPE_PEM, crypto.X509.from_cryptography(found))
    return asyncssh.import_certificate(pem)
