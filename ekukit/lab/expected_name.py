"""The name that an end looks for in the other one's certificate, as OpenSSL compares it."""

from OpenSSL import SSL

from ekukit.certificates import Certificate

# X509_CHECK_FLAG_NO_WILDCARDS of x509v3.h.
_NO_WILDCARDS = 0x2
_NOBODY_S = b"no-certificate-has-this.invalid"


def expect_name(connection: SSL.Connection, name: str, leaf: Certificate | None) -> None:
    """Have OpenSSL look for a DNS name in the leaf's SAN, or without one in its common name.

    Wildcards match nothing, since Expressway does not support them (T5). With "" no name is looked
    for.
    """
    # pyOpenSSL has no public way to set the expected name, and a check in the verify callback
    # would send alert 80, which no Expressway capture shows. These two calls are bound but private.
    lib = SSL._lib  # type: ignore[attr-defined]  # noqa: SLF001
    parameters = lib.SSL_get0_param(connection._ssl)  # noqa: SLF001
    try:
        encoded = name.encode("idna")
    except UnicodeError:
        encoded = name.encode("utf-8", "replace")
    lib.X509_VERIFY_PARAM_set_hostflags(parameters, _NO_WILDCARDS)
    taken = lib.X509_VERIFY_PARAM_set1_host(parameters, encoded, len(encoded))
    # OpenSSL 4 takes nothing but host names, and would look for no name at all.
    if not taken and (leaf is None or not bears(leaf, name)):
        lib.X509_VERIFY_PARAM_set1_host(parameters, _NOBODY_S, len(_NOBODY_S))


def bears(leaf: Certificate, name: str) -> bool:
    """Return whether a certificate has a name letter for letter, but for case and a last dot."""
    return name.lower().rstrip(".") in {found.lower().rstrip(".") for found in leaf.answers_to}
