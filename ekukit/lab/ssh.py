"""An SSH tunnel by AsyncSSH between two ends over a socket pair, X.509 certificates both ways.

Each end presents its leaf alone (E11). AsyncSSH looks at the leaf's EKUs only, so the purposes of
the chain are checked too, by `cryptography.x509.verification` (E12). AsyncSSH knows only the clock
on the wall, so it gets stand-ins with shifted validity. That Expressway's tunnels behave like
this is a hypothesis that fits what is published (E13).
"""

import asyncio
import socket
import threading
import time
from datetime import UTC, datetime, timedelta

import asyncssh
from asyncssh.auth_keys import SSHAuthorizedKeys
from cryptography import x509
from OpenSSL import crypto

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Credential, make_ca, make_credential
from ekukit.connections import Cause, End, Handshake, Side, Verdict
from ekukit.connections.rules import NAME, cause_of
from ekukit.lab.look import Fault, look
from ekukit.lab.tape import Transcript, wire

_USER = "pfwd"
_PAYLOAD = b"x" * 4096
_SECONDS = 20
_SHIFT_SECONDS = 30
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
    authorizer = _Authorizer(handshake)
    async with wire(transcript) as (near, far):
        acceptor = asyncio.create_task(_accept(far, handshake, authorizer))
        refusal = await _connect(near, handshake)
        await _closed(acceptor)
    if refusal is None:
        if authorizer.fault is not None:
            text = f"AsyncSSH accepted what OpenSSL refuses: {authorizer.fault}"
            return Verdict(Cause.OTHER, text=text)
        return Verdict(Cause.ACCEPTED)
    if isinstance(refusal, asyncssh.HostKeyNotVerifiable):
        leaf = make_credential(server.certificate).leaf
        fault = _look(leaf, client, handshake, SERVER_AUTH, server.certificate.key)
        return _verdict(fault, Side.SERVER, str(refusal))
    if client.certificate is None:
        return Verdict(Cause.NO_CERTIFICATE, Side.CLIENT, text=str(refusal))
    return _verdict(authorizer.fault, Side.CLIENT, str(refusal))


def _verdict(fault: Fault | None, judged: Side, text: str) -> Verdict:
    if fault is None:
        return Verdict(Cause.OTHER, text=text)
    return Verdict(cause_of(fault.error, fault.depth), judged, fault.error, fault.depth, text=text)


def _look(
    leaf: x509.Certificate, end: End, handshake: Handshake, purpose: str, kind: str
) -> Fault | None:
    return look(leaf, end, purpose=purpose, kind=kind, at=handshake.at)


class _Authorizer(SSHAuthorizedKeys):
    """Notes what is wrong with a client's certificate; AsyncSSH decides on EKU, path, validity.

    Two checks that AsyncSSH does not make are made here: the name against the SAN, and the
    purposes of the chain (E12).
    """

    def __init__(self, handshake: Handshake) -> None:
        super().__init__()
        self._handshake = handshake
        self.fault: Fault | None = None

    def validate_x509(self, *_asked: object) -> tuple[dict[str, bool] | None, None]:
        """Refuse a wrong name or a wrong chain purpose; leave the rest to AsyncSSH."""
        ours = self._handshake.client.certificate
        if ours is None:
            return None, None
        leaf = make_credential(ours).leaf
        self.fault = _look(leaf, self._handshake.server, self._handshake, CLIENT_AUTH, ours.key)
        if self.fault is not None and (self.fault.error == NAME or self.fault.depth > 0):
            return None, None
        return {"principals": True}, None


async def _closed(acceptor: "asyncio.Task[asyncssh.SSHServerConnection]") -> None:
    try:
        accepted = await acceptor
    except (asyncssh.Error, OSError):
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
    kind = handshake.client.certificate.key if handshake.client.certificate else "RSA-2048"
    return await asyncssh.run_server(
        sock,
        server_factory=_Acceptor,
        server_host_keys=[_key_pair(make_credential(server.certificate, shift))],
        x509_trusted_certs=_trusted(server, kind, shift),
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
            client.expects_name or server.address,
            handshake.port,
            sock=sock,
            username=_USER,
            client_keys=keys,
            known_hosts=b"",
            x509_trusted_certs=_trusted(client, server.certificate.key, shift),
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
        leaf = make_credential(server.certificate).leaf
        fault = _look(leaf, client, handshake, SERVER_AUTH, server.certificate.key)
        if fault is not None:
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


def _trusted(end: End, kind: str, shift: timedelta) -> list[asyncssh.SSHCertificate]:
    return [_ssh_certificate(make_ca(ca, kind, shift)) for ca in end.trusted]


def _ssh_certificate(found: x509.Certificate) -> asyncssh.SSHCertificate:
    pem = crypto.dump_certificate(crypto.FILETYPE_PEM, crypto.X509.from_cryptography(found))
    return asyncssh.import_certificate(pem)
