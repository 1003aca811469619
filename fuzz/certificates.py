"""The reader of certificate files. Usage: python fuzz/certificates.py [seconds]."""

import base64

from fuzzing import main

from ekukit.archive import read_certificates
from ekukit.certificates import certificate_pem, make_ca, make_credential
from ekukit.connections import handshakes
from ekukit.connections.catalog import connection
from ekukit.expressway import build, condition


def samples() -> tuple[bytes, ...]:
    """Return a certificate with its chain, as PEM and as DER."""
    deployment = build(condition("C1", key="EC-secp256r1"))
    shown = handshakes(deployment, connection("uc-zone"))[0].server.certificate
    pems = [certificate_pem(make_ca(next(iter(deployment.core[0].trusted)), "EC-secp256r1"))]
    if shown is not None:
        pems.append(make_credential(shown).leaf_pem())
    return (b"".join(pems), *(base64.b64decode(b"".join(p.splitlines()[1:-1])) for p in pems))


def target(data: bytes) -> None:
    """Read bytes as PEM or DER, and as DER inside PEM, where most of the parsing is."""
    read_certificates(data, "a.pem")
    body = base64.encodebytes(data)
    read_certificates(b"-----BEGIN CERTIFICATE-----\n" + body + b"-----END CERTIFICATE-----\n")


SAMPLES = samples()

if __name__ == "__main__":
    main(target, SAMPLES)
