"""The kit's end of a handshake with another stack: what that stack sent, and what it refused."""

import socket
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field

from cells import Cell, credential
from OpenSSL import SSL

from ekukit.connections.alert_names import ALERT_NAMES
from ekukit.lab.tls import ALERT_MASK, words

_SECONDS = 20
_LOOK, _LOOKS = 0.2, 300
TLS_VERSIONS = (SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION)


@dataclass(slots=True)
class Seen:
    """What the kit's end saw of a handshake with a stack."""

    sent: bool = False
    answered: bool = False
    alerts: list[int] = field(default_factory=list)
    failure: str = ""
    said: str = ""

    @property
    def text(self) -> str:
        """Return the alert that the stack sent and what it said itself, "" where it worked."""
        if self.answered:
            return ""
        told = [f"alert {number} ({ALERT_NAMES.get(number, '?')})" for number in self.alerts[:1]]
        return "; ".join([*told, *filter(None, [self.said])]) or self.failure


def meet(command: Sequence[str], stack_is: str, shown: Cell, version: int) -> Seen:
    """Return what came of a handshake with a driver, which connects to 127.0.0.1 as told.

    `command` lacks role and port, and ends with the folder. The kit shows the certificate of
    `shown`, takes any, asks for one where it is the server, and accepts not having one.
    """
    with socket.create_server(("127.0.0.1", 0)) as waiting:
        waiting.settimeout(_LOOK)
        port = str(waiting.getsockname()[1])
        *start, folder = command
        with subprocess.Popen(
            [*start, stack_is, port, folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as driver:
            seen = Seen(failure="the driver did not connect")
            for _look in range(_LOOKS):
                if driver.poll() is not None:
                    break
                try:
                    plain, _address = waiting.accept()
                except TimeoutError:
                    continue
                with plain:
                    seen = _hands(plain, stack_is, shown, version)
                break
            try:
                said = driver.communicate(timeout=_SECONDS)[0]
            except subprocess.TimeoutExpired:
                driver.kill()
                said = driver.communicate()[0]
    lines = said.decode(errors="replace").strip().splitlines()
    seen.said = " ".join(line.strip() for line in lines if line.strip() != "ok")[:300]
    return seen


def _hands(plain: socket.socket, stack_is: str, shown: Cell, version: int) -> Seen:
    seen = Seen()
    # Blocking, with a limit that the library's own reads keep as well.
    plain.setblocking(True)  # noqa: FBT003 - the call's only argument
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _SECONDS, 0))
    connection = SSL.Connection(_context(seen, stack_is, shown, version), plain)
    if stack_is == "server":
        connection.set_tlsext_host_name(b"localhost")
        connection.set_connect_state()
    else:
        connection.set_accept_state()
    try:
        connection.do_handshake()
        # Heard before anything is said: a stack that ends with something unread resets the
        # connection, and its alert is lost.
        seen.answered = bool(connection.recv(1))
        connection.send(b"k")
    except SSL.Error as error:
        seen.failure = words(error) or type(error).__name__
    seen.sent = connection.get_peer_certificate() is not None
    return seen


def _context(seen: Seen, stack_is: str, shown: Cell, version: int) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD if stack_is == "server" else SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(version)
    context.set_max_proto_version(version)
    own = credential(shown)
    context.use_certificate(own.leaf)
    context.use_privatekey(own.key)
    context.add_extra_chain_cert(own.chain[0])
    context.set_verify(SSL.VERIFY_PEER, lambda *_told: True)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    if stack_is == "client":
        context.set_session_id(b"stacks")
        # A client may look at these names to choose: the authorities that the kit would take.
        context.add_client_ca(own.chain[1])

    def watch(_connection: SSL.Connection, where: int, returned: int) -> None:
        if where & SSL.SSL_CB_ALERT and where & SSL.SSL_CB_READ and returned & ALERT_MASK:
            seen.alerts.append(returned & ALERT_MASK)

    context.set_info_callback(watch)
    return context
