"""What OpenSSL 3.0 says of a refusal: at the side that refuses, and at the side that is refused.

These are OpenSSL's texts, not Expressway's: which of them X15.5 logs for a refused EKU is not
published. `openssl errstr` prints the same for the same codes.
"""

from dataclasses import dataclass

from ekukit.connections import Cause, Side, Verdict
from ekukit.lab.verify_errors import error_text

# Where OpenSSL 3.0 and the library at hand spell a verify error differently.
_OLD_SPELLING = {9: "certificate is not yet valid"}
# The published text for a name that the TLS verify subject name does not allow.
NAME_WORDS = "Peer's TLS certificate identity was unacceptable"

# Reason codes of the SSL library that are no alerts.
REASON_WORDS = {
    0x86: "certificate verify failed",
    0xC1: "no shared cipher",
    0xC7: "peer did not return a certificate",
}
VERIFY_FAILED, NO_SHARED_CIPHER, NO_PEER_CERTIFICATE = REASON_WORDS
# An alert that was read is the reason 1000 + its number.
ALERT_BASE = 1000
ALERT_WORDS = {
    40: "sslv3 alert handshake failure",
    42: "sslv3 alert bad certificate",
    43: "sslv3 alert unsupported certificate",
    44: "sslv3 alert certificate revoked",
    45: "sslv3 alert certificate expired",
    46: "sslv3 alert certificate unknown",
    48: "tlsv1 alert unknown ca",
    116: "tlsv13 alert certificate required",
}
_LIBRARY = 0x0A000000


@dataclass(frozen=True, slots=True)
class RefusalText:
    """How one side tells of a failed handshake: in words, and as OpenSSL's error line."""

    words: str
    error: str


def refusal(verdict: Verdict, side: Side) -> RefusalText:
    """Return what OpenSSL 3.0 says at a side of a handshake that failed.

    The side that refused names its reason; the other side knows no more than the alert. What the
    lab could not explain is told in the words that it read.
    """
    if verdict.judged is None:
        return RefusalText(verdict.text, verdict.text)
    if _refuser(verdict) is not side:
        alert = verdict.alert or 40
        words = ALERT_WORDS.get(alert, f"alert number {alert}")
        return RefusalText(words, _error(ALERT_BASE + alert, words))
    if verdict.cause is Cause.NO_CERTIFICATE:
        none_at_all = verdict.judged is Side.SERVER
        reason = NO_SHARED_CIPHER if none_at_all else NO_PEER_CERTIFICATE
        return RefusalText(REASON_WORDS[reason], _error(reason, REASON_WORDS[reason]))
    failed = REASON_WORDS[VERIFY_FAILED]
    error = verdict.error or 0
    words = _OLD_SPELLING.get(error) or (error_text(error) if error else failed)
    if verdict.cause is Cause.NAME:
        words = NAME_WORDS
    return RefusalText(words, _error(VERIFY_FAILED, failed))


def _refuser(verdict: Verdict) -> Side:
    """Return who ended it; a server without a certificate ends it, too."""
    if verdict.judged is Side.SERVER and verdict.cause is not Cause.NO_CERTIFICATE:
        return Side.CLIENT
    return Side.SERVER


def _error(reason: int, words: str) -> str:
    return f"error:{_LIBRARY | reason:08X}:SSL routines::{words}"
