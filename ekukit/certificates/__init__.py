"""Certificates and authorities; knows nothing of Expressway."""

from ekukit.certificates.authority import (
    Authority,
    IssuancePolicy,
    allows_client,
    internal_authority,
    public_authority,
)
from ekukit.certificates.certificate import (
    CaCertificate,
    Certificate,
    describe,
    read_ca,
    read_x509,
    utc,
)
from ekukit.certificates.constraints import Limits, limits_words, usage_words
from ekukit.certificates.credential import (
    FAST_KEY,
    Credential,
    certificate_pem,
    key_kind,
    make_ca,
    make_credential,
    make_leaf,
)
from ekukit.certificates.eku import (
    ANY,
    CLIENT_AUTH,
    SERVER_AUTH,
    EkuProfile,
    Ekus,
    eku_words,
    ekus_of,
)
from ekukit.certificates.extensions import value_of
from ekukit.certificates.pathcheck import PathOpinion, check_client_path
from ekukit.certificates.pemfile import UNSEEN, PemFile, chain_of, read_pem, view_of, why_public

__all__ = [
    "ANY",
    "CLIENT_AUTH",
    "FAST_KEY",
    "SERVER_AUTH",
    "UNSEEN",
    "Authority",
    "CaCertificate",
    "Certificate",
    "Credential",
    "EkuProfile",
    "Ekus",
    "IssuancePolicy",
    "Limits",
    "PathOpinion",
    "PemFile",
    "allows_client",
    "certificate_pem",
    "chain_of",
    "check_client_path",
    "describe",
    "eku_words",
    "ekus_of",
    "internal_authority",
    "key_kind",
    "limits_words",
    "make_ca",
    "make_credential",
    "make_leaf",
    "public_authority",
    "read_ca",
    "read_pem",
    "read_x509",
    "usage_words",
    "utc",
    "value_of",
    "view_of",
    "why_public",
]
