"""Two connected sockets for the ends of a tunnel, with a tape of what crosses them."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ekukit.connections import Side
from ekukit.lab.tape import Transcript


@asynccontextmanager
async def wire(
    transcript: Transcript | None,
) -> AsyncIterator[tuple[socket.socket, socket.socket]]:
    """Give two connected sockets; with a transcript, what crosses them is noted down."""
    near, far = socket.socketpair()
    pairs = [near, far]
    taps: list[asyncio.Task[None]] = []
    if transcript is not None:
        near_tap, far_tap = near, far
        near, near_far = socket.socketpair()
        far, far_far = socket.socketpair()
        pairs += [near, near_far, far, far_far]
        near_tap.close()
        far_tap.close()
        for sock in (near_far, far_far):
            sock.setblocking(False)  # noqa: FBT003 - the standard library's own signature
        taps = [
            asyncio.create_task(_tap(near_far, far_far, Side.CLIENT, transcript)),
            asyncio.create_task(_tap(far_far, near_far, Side.SERVER, transcript)),
        ]
    try:
        yield near, far
    finally:
        for tap in taps:
            tap.cancel()
        await asyncio.gather(*taps, return_exceptions=True)
        for sock in pairs:
            sock.close()


async def _tap(
    source: socket.socket, target: socket.socket, side: Side, transcript: Transcript
) -> None:
    loop = asyncio.get_running_loop()
    while data := await loop.sock_recv(source, 1 << 16):
        transcript.flights.append((side, data))
        await loop.sock_sendall(target, data)
    target.shutdown(socket.SHUT_WR)
