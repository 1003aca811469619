"""OpenSSL's verify errors as the lab reads them: what each means here, or why it cannot come.

A table of the lab's own, apart from the rules', so that an error in either shows.
"""

from cryptography.hazmat.bindings.openssl.binding import Binding

from ekukit.connections import Cause

_BINDING = Binding()
PURPOSE, NAME, EXPIRED, NOT_YET_VALID = 26, 62, 10, 9
_BY_CAUSE: dict[Cause, tuple[int, ...]] = {
    Cause.UNTRUSTED: (2, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 55, 70),
    Cause.SIGNATURE: (4, 6, 7, 24, 76, 77, 78),
    Cause.NOT_YET_VALID: (NOT_YET_VALID,),
    Cause.EXPIRED: (EXPIRED,),
    Cause.MALFORMED: (1, 13, 14, 41, 42, 45, 53, 94),
    Cause.REVOCATION: (3, 5, 8, 11, 12, 15, 16, 33, 35, 36, 44, 54, 73, 74, 75, 96, 97, 98, 99,
                       100),
    Cause.REVOKED: (23,),
    Cause.PATH_LENGTH: (25, 38),
    Cause.NOT_A_CA: (32, 37, 79, 80, 81, 82),
    Cause.CRITICAL_EXTENSION: (34,),
    Cause.KEY_USAGE: (39,),
    Cause.NAME_CONSTRAINTS: (46, 47, 48, 49, 51, 52),
    Cause.NAME: (NAME, 63, 64, 72),
    Cause.WEAK_KEY: (66, 67),
    Cause.WEAK_DIGEST: (68,),
}  # fmt: skip
CAUSES: dict[int, Cause] = {number: cause for cause, row in _BY_CAUSE.items() for number in row}
# Numbers of which no verification here can come to an end with, and why.
CANNOT_COME: dict[int, str] = {
    0: "it means that the path is accepted",
    17: "the machine ran out of memory, which says nothing of a certificate",
    40: "proxy certificates: only where they are asked for",
    43: "policies are checked only where they are asked for",
    50: "an application's own refusal; the lab's callback refuses nothing by itself",
    **dict.fromkeys(range(56, 62), "Suite B: only where it is asked for"),
    65: "DANE: only where it is asked for",
    69: "a verification that was set up wrongly",
    71: "certificate transparency: only where it is asked for",
    **dict.fromkeys((*range(83, 94), 102, 103), "strict checks of form: only where asked for"),
    95: "raw public keys: only where they are asked for",
}


def cause_of(error: int, depth: int, *, has_eku: bool, signs: bool) -> Cause:
    """Return the cause behind a verify error; `has_eku` says whether that certificate has the EKU.

    OpenSSL has one purpose error for a missing EKU, for a key usage or a Netscape certificate type
    that does not fit, and for an issuer that is no CA (E14). `signs` says that the key usage fits.
    """
    if error != PURPOSE:
        return CAUSES.get(error, Cause.OTHER)
    if has_eku:
        leaf = Cause.NETSCAPE_TYPE if signs else Cause.KEY_USAGE
        return Cause.NOT_A_CA if depth else leaf
    return Cause.CA_EKU if depth else Cause.EKU


def error_text(error: int) -> str:
    """Return OpenSSL's own text for a verify error; it has one for numbers it does not know."""
    text: bytes = _BINDING.ffi.string(_BINDING.lib.X509_verify_cert_error_string(error))
    return text.decode("ascii", "replace")
