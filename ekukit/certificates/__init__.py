"""Certificates and authorities; knows nothing of Expressway."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL

# isort: split
from ekukit.certificates.certificate import (
    CaCertificate,
    Certificate,
    describe,
    read_x509,
    utc,
)
from ekukit.certificates.credential import (
    FAST_KEY,
    certificate_pem,
    make_ca,
    make_credential,
)
from ekukit.certificates.eku import (
    CLIENT_AUTH,
    SERVER_AUTH,
    EkuProfile,
    Ekus,
    eku_words,
)
from ekukit.certificates.pemfile import (
    read_pem,
)

__all__ = [
    "CLIENT_AUTH",
    "FAST_KEY",
    "SERVER_AUTH",
    "CaCertificate",
    "Certificate",
    "EkuProfile",
    "Ekus",
    "certificate_pem",
    "describe",
    "eku_words",
    "make_ca",
    "make_credential",
    "read_pem",
    "read_x509",
    "utc",
]
