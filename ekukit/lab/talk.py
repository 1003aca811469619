"""What is said over an established TLS pair: a request and its answer, by kind of connection.

A connection counts as Active only when the answer came. That Expressway sends exactly these is
our assumption; that a connection is more than a handshake is not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from OpenSSL import SSL

from ekukit.connections import Handshake, Side
from ekukit.connections.handshake import Talk

_MOST = 1 << 14


@dataclass(frozen=True, slots=True)
class Dialog:
    """A request, how the server answers it, and what an answer must begin with."""

    request: Callable[[Handshake], bytes]
    answer: Callable[[bytes], bytes]
    good: bytes


def answered(
    client: SSL.Connection,
    server: SSL.Connection,
    handshake: Handshake,
    flights: list[tuple[Side, bytes]],
) -> bool:
    """Return whether the client's request reached the server and the right answer came back.

    True as well where nothing is said: both ends completed the handshake.
    """
    if handshake.talk is Talk.NONE:
        return True
    dialog = DIALOGS[handshake.talk]
    asked = dialog.request(handshake)
    try:
        if _exchange(client, server, Side.CLIENT, flights, asked) != asked:
            return False
        answer = _exchange(server, client, Side.SERVER, flights, dialog.answer(asked))
    except SSL.Error:
        return False
    return answer.startswith(dialog.good)


def _exchange(
    sender: SSL.Connection,
    receiver: SSL.Connection,
    side: Side,
    flights: list[tuple[Side, bytes]],
    message: bytes,
) -> bytes:
    sender.sendall(message)
    flight = sender.bio_read(_MOST)
    flights.append((side, flight))
    receiver.bio_write(flight)
    return receiver.recv(_MOST)


def _sip(handshake: Handshake) -> bytes:
    here, there = handshake.client, handshake.server
    lines = (
        f"OPTIONS sip:{there.address}:{handshake.port};transport=tls SIP/2.0",
        f"Via: SIP/2.0/TLS {here.address}:25011;branch=z9hG4bKekukit1;rport",
        "Max-Forwards: 70",
        f"From: <sip:{here.address}>;tag=ekukit1",
        f"To: <sip:{there.address}:{handshake.port}>",
        f"Call-ID: ekukit-options@{here.address}",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def _sip_answer(request: bytes) -> bytes:
    kept = (b"Via", b"From", b"To", b"Call-ID", b"CSeq")
    copied = [line for line in request.split(b"\r\n") if line.split(b":")[0] in kept]
    return b"\r\n".join((b"SIP/2.0 200 OK", *copied, b"Content-Length: 0", b"", b""))


def _http(handshake: Handshake) -> bytes:
    host = handshake.client.expects_name or handshake.server.address
    return f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()


def _http_answer(_request: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def _xmpp(handshake: Handshake) -> bytes:
    host = handshake.client.expects_name
    return f"<stream:stream xmlns='jabber:server' to='{host}' version='1.0'>".encode()


def _xmpp_answer(_request: bytes) -> bytes:
    return b"<stream:stream xmlns='jabber:server' id='ekukit1' version='1.0'>"


DIALOGS: dict[Talk, Dialog] = {
    Talk.SIP: Dialog(_sip, _sip_answer, b"SIP/2.0 200 "),
    Talk.HTTP: Dialog(_http, _http_answer, b"HTTP/1.1 200 "),
    Talk.XMPP: Dialog(_xmpp, _xmpp_answer, b"<stream:stream "),
    Talk.DATABASE: Dialog(lambda _h: b"ekukit ping", lambda _r: b"ekukit pong", b"ekukit pong"),
}
