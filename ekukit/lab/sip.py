"""SIP OPTIONS and its 200 over an established TLS pair: the zone's keep-alive.

That Expressway's zone exchanges exactly this is our assumption; that a zone is more than a
handshake is not.
"""

from OpenSSL import SSL

from ekukit.connections import Handshake, Side

_MOST = 1 << 14


def options(
    client: SSL.Connection,
    server: SSL.Connection,
    handshake: Handshake,
    flights: list[tuple[Side, bytes]],
) -> bool:
    """Return whether OPTIONS sent by the client was answered 200 by the server."""
    try:
        request = _exchange(client, server, Side.CLIENT, flights, _request(handshake))
        if not request.startswith(b"OPTIONS "):
            return False
        answer = _exchange(server, client, Side.SERVER, flights, _response(request))
    except SSL.Error:
        return False
    return answer.startswith(b"SIP/2.0 200 ")


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


def _request(handshake: Handshake) -> bytes:
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


def _response(request: bytes) -> bytes:
    kept = (b"Via", b"From", b"To", b"Call-ID", b"CSeq")
    copied = [line for line in request.split(b"\r\n") if line.split(b":")[0] in kept]
    return b"\r\n".join((b"SIP/2.0 200 OK", *copied, b"Content-Length: 0", b"", b""))
