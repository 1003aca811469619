"""The OpenSSL of Python's ssl module as one end: python driver.py server|client PORT FOLDER."""

import socket
import ssl
import sys
from pathlib import Path


def main(role: str, port: str, folder: str) -> int:
    """Make the handshake, say a byte and hear one; print ok, or what OpenSSL says."""
    kept = Path(folder)
    server = role == "server"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    context.load_cert_chain(kept / "own.pem", kept / "key.pem")
    context.load_verify_locations(kept / "root.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    named = {} if server else {"server_hostname": "localhost"}
    try:
        with (
            socket.create_connection(("127.0.0.1", int(port)), 10) as plain,
            context.wrap_socket(plain, server_side=server, **named) as secret,
        ):
            secret.sendall(b"k")
            secret.recv(1)
    except OSError as error:
        print(error)
        return 1
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
