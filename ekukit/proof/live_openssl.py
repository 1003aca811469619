"""The openssl command as a live far end on 127.0.0.1: a judge of clients and of servers."""

import os
import re
import socket
import ssl
import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Thread

from ekukit.certificates import certificate_pem
from ekukit.connections import Side
from ekukit.openssl_policy import NO_POLICY
from ekukit.proof.opinions import Opinion, ShownPath, own_context, pems_of, scratch

_FOUND = re.compile(r"depth=(\d+)[^\n]*\nverify error:num=(\d+)")
_ACCEPT = re.compile(r"ACCEPT 127\.0\.0\.1:(\d+)")
_SECONDS = 20


def live_server(shown: ShownPath) -> Opinion:
    """Return what `openssl s_server` makes of a client that presents the path, over TLS 1.2."""
    good = ShownPath(shown.handshake, Side.SERVER)
    with scratch() as place:
        (place / "leaf").write_bytes(certificate_pem(good.credential.leaf))
        (place / "key").touch(0o600)
        (place / "key").write_bytes(good.credential.key_pem())
        words = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-Verify", "9",
                 "-cert", str(place / "leaf"), "-key", str(place / "key"),
                 *_checks(place, shown)]  # fmt: skip
        context = own_context(place, ssl.PROTOCOL_TLS_CLIENT, shown, is_judge=False)
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True,
                                   env=os.environ | NO_POLICY)  # fmt: skip
        try:
            accepted = _meets(context, listening_port(process))
            told, _nothing = process.communicate(timeout=_SECONDS)
        finally:
            process.kill()
            process.wait()
    return _opinion(told, accepted=accepted)


def listening_port(process: "subprocess.Popen[str]") -> int:
    """Return the port on which an `openssl s_server` that was told port 0 listens.

    Read from its output, so that no other program can take the port before. Raises RuntimeError
    when it ends before it listens.
    """
    assert process.stdout is not None  # noqa: S101 - it was asked for
    for line in process.stdout:
        found = _ACCEPT.search(line)
        if found:
            return int(found[1])
    msg = "openssl s_server does not listen"
    raise RuntimeError(msg)


def _meets(context: ssl.SSLContext, port: int) -> bool:
    address = ("127.0.0.1", port)
    try:
        with socket.create_connection(address, _SECONDS) as wire, context.wrap_socket(wire):
            return True
    except (ssl.SSLError, ConnectionError):
        return False


def live_client(shown: ShownPath) -> Opinion:
    """Return what `openssl s_client` makes of a server that presents the path, over TLS 1.2."""
    with scratch() as place, socket.create_server(("127.0.0.1", 0)) as listener:
        context = own_context(place, ssl.PROTOCOL_TLS_SERVER, shown, is_judge=False)
        answers = Thread(target=_answers, args=(context, listener), daemon=True)
        answers.start()
        port = listener.getsockname()[1]
        words = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_2",
                 *_checks(place, shown)]  # fmt: skip
        done = subprocess.run(words, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=_SECONDS,
                              env=os.environ | NO_POLICY)  # fmt: skip
        answers.join(_SECONDS)
    return _opinion(done.stderr + done.stdout, accepted=done.returncode == 0)


def _answers(context: ssl.SSLContext, listener: socket.socket) -> None:
    listener.settimeout(_SECONDS)
    with suppress(OSError):
        wire, _address = listener.accept()
        wire.settimeout(_SECONDS)
        with wire, context.wrap_socket(wire, server_side=True) as secured:
            secured.recv(1)


def _checks(place: Path, shown: ShownPath) -> list[str]:
    """Return the options by which either command judges as it is asked to."""
    (place / "cas").write_text(pems_of(shown.trusted))
    return ["-verify_return_error", "-no-CApath", "-no-CAstore", "-CAfile", str(place / "cas"),
            "-verify_hostname", shown.ends[1].expects_name,
            "-attime", str(int(shown.handshake.at.timestamp()))]  # fmt: skip


def _opinion(told: str, *, accepted: bool) -> Opinion:
    found = _FOUND.search(told)
    if accepted or found is None:
        return Opinion(accepted=accepted)
    return Opinion(accepted=False, error=int(found[2]), depth=int(found[1]))
