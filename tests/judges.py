"""Judges from outside the kit: other implementations that look at the same certificates."""

import os
import shutil
import socket
import ssl
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ekukit.certificates import CaCertificate, certificate_pem, make_ca, make_credential
from ekukit.certificates.credential import Credential
from ekukit.connections import Handshake
from ekukit.proof.judges import lack_of_openssl
from ekukit.proof.live_openssl import listening_port

OPENSSL = None if lack_of_openssl() else shutil.which("openssl")
TSHARK = shutil.which("tshark")
# On CI (EKUKIT_JUDGES=required) a missing judge fails the tests instead of skipping them.
OPTIONAL = os.environ.get("EKUKIT_JUDGES") != "required"


def _needs(name: str, found: str | None) -> pytest.MarkDecorator:
    return pytest.mark.skipif(OPTIONAL and found is None, reason=f"{name} is not installed")


needs_openssl = _needs("the openssl command, OpenSSL 3 or newer,", OPENSSL)
needs_tshark = _needs("tshark", TSHARK)


def shift_of(handshake: Handshake) -> timedelta:
    """Return how far validity must move for judges that know only the wall clock."""
    return datetime.now(UTC) - handshake.at


class Folder:
    """The files that command-line judges want: leaf, key, chain and trusted roots of one end."""

    def __init__(self, path: Path, handshake: Handshake) -> None:
        """Write both ends' credentials, shifted to the wall clock, keys with mode 0600."""
        self.path, self._shift = path, shift_of(handshake)
        self.client, self.server = handshake.client, handshake.server
        for name, end in (("client", self.client), ("server", self.server)):
            if end.certificate is not None:
                self._credential(name, make_credential(end.certificate, self._shift))
        key = self.client.certificate or self.server.certificate
        self._trusted("trusted-by-server", self.server.trusted, key.key if key else "RSA-2048")
        key = self.server.certificate or self.client.certificate
        self._trusted("trusted-by-client", self.client.trusted, key.key if key else "RSA-2048")

    def _credential(self, name: str, credential: Credential) -> None:
        (self.path / f"{name}.pem").write_bytes(credential.leaf_pem())
        pems = credential.chain_pem()
        (self.path / f"{name}-chain.pem").write_bytes(pems)
        (self.path / f"{name}-full.pem").write_bytes(credential.leaf_pem() + pems)
        key = self.path / f"{name}.key"
        key.touch(mode=0o600)
        key.write_bytes(credential.key_pem())

    def _trusted(self, name: str, trusted: frozenset[CaCertificate], kind: str) -> None:
        found = [make_ca(ca, kind, self._shift) for ca in trusted]
        (self.path / f"{name}.pem").write_bytes(b"".join(map(certificate_pem, found)))


def openssl_verify(folder: Folder) -> bool:
    """Return whether `openssl verify` accepts the client's path for the purpose of TLS clients."""
    path = folder.path
    command = [
        str(OPENSSL), "verify", "-purpose", "sslclient", "-CAfile",
        str(path / "trusted-by-server.pem"), "-no-CApath", "-untrusted",
        str(path / "client-chain.pem"), str(path / "client.pem"),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _client_context(folder: Folder) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(folder.path / "trusted-by-client.pem")
    if folder.client.certificate is not None:
        context.load_cert_chain(folder.path / "client-full.pem", folder.path / "client.key")
    return context


def openssl_server(folder: Folder) -> bool:
    """Return whether a live `openssl s_server` on 127.0.0.1 accepts the client."""
    path = folder.path
    command = [
        str(OPENSSL), "s_server", "-accept", "127.0.0.1:0", "-tls1_2", "-Verify", "5",
        "-verify_return_error", "-CAfile", str(path / "trusted-by-server.pem"), "-no-CApath",
        "-cert", str(path / "server.pem"), "-cert_chain", str(path / "server-chain.pem"),
        "-key", str(path / "server.key"), "-naccept", "1",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)  # fmt: skip
    try:
        return _connects(folder, listening_port(server))
    finally:
        server.kill()
        server.communicate()


def _connects(folder: Folder, port: int) -> bool:
    context = _client_context(folder)
    name = folder.client.expects_name
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as sock,
            context.wrap_socket(sock, server_hostname=name),
        ):
            return True
    except (ssl.SSLError, ConnectionResetError, BrokenPipeError):
        return False


def standard_library(folder: Folder) -> bool:
    """Return whether two ends of Python's own ssl module, in memory, come to an agreement."""
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(folder.path / "server-full.pem", folder.path / "server.key")
    server_context.load_verify_locations(folder.path / "trusted-by-server.pem")
    server_context.verify_mode = ssl.CERT_REQUIRED
    wires = [ssl.MemoryBIO() for _wire in range(4)]
    client = _client_context(folder).wrap_bio(
        wires[0], wires[1], server_hostname=folder.client.expects_name
    )
    server = server_context.wrap_bio(wires[2], wires[3], server_side=True)
    done: set[int] = set()
    for _turn in range(20):
        for place, end in enumerate((client, server)):
            try:
                end.do_handshake()
                done.add(place)
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError:
                return False
            wires[2].write(wires[1].read())
            wires[0].write(wires[3].read())
        if len(done) == 2:
            return True
    return False


def openssl_client(folder: Folder) -> bool:
    """Return whether a live `openssl s_client` accepts the server it meets on 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(folder.path / "server-full.pem", folder.path / "server.key")
    path = folder.path
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=_serve_once, args=(listener, context))
        thread.start()
        command = [
            str(OPENSSL), "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_2",
            "-verify_return_error", "-CAfile", str(path / "trusted-by-client.pem"), "-no-CApath",
            "-verify_hostname", folder.client.expects_name,
            "-servername", folder.client.expects_name, "-brief",
        ]  # fmt: skip
        found = subprocess.run(command, input=b"", capture_output=True, check=False, timeout=30)
        thread.join()
    return found.returncode == 0


def _serve_once(listener: socket.socket, context: ssl.SSLContext) -> None:
    listener.settimeout(20)
    try:
        sock, _address = listener.accept()
        with sock, context.wrap_socket(sock, server_side=True) as connection:
            connection.recv(1)
    except OSError:
        return
