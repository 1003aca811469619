"""What a failure's words mean: one table from OpenSSL's, OpenSSH's and documented texts to causes.

The texts are those of the libraries and of published lines; nothing here is the kit's own wording.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from ekukit.connections import Cause, Side


class Fate(StrEnum):
    """What became of an attempt, as its words tell."""

    REFUSED = "refused"
    UNREACHED = "not reached"
    DENIED = "permission denied"
    REACHED = "reached, the end is not seen"
    WORKED = "worked"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What words mean: the fate, and the cause where they name it (OTHER where they do not)."""

    fate: Fate
    cause: Cause = Cause.OTHER


# The first row whose words are found counts, so the more telling texts stand first.
_TEXTS: tuple[tuple[str, Meaning], ...] = (
    (r"timed? ?out|no route to host|network is unreachable|connection refused|could not resolve",
     Meaning(Fate.UNREACHED)),
    (r"permission denied", Meaning(Fate.DENIED)),
    (r"(?:unsupported|unsuitable) certificate purpose|alert unsupported certificate",
     Meaning(Fate.REFUSED, Cause.EKU)),
    (r"certificate has expired|alert certificate expired", Meaning(Fate.REFUSED, Cause.EXPIRED)),
    (r"certificate is not yet valid", Meaning(Fate.REFUSED, Cause.NOT_YET_VALID)),
    (r"no certificate returned|did not return a certificate|alert certificate required",
     Meaning(Fate.REFUSED, Cause.NO_CERTIFICATE)),
    ((r"self[- ]signed certificate|unable to get (?:local )?issuer certificate"
      r"|unable to verify the first certificate|unknown ca\b"),
     Meaning(Fate.REFUSED, Cause.UNTRUSTED)),
    (r"certificate identity was unacceptable|host ?name mismatch|ip address mismatch",
     Meaning(Fate.REFUSED, Cause.NAME)),
    ((r"certificate verify failed|no shared cipher|alert|handshake failed|negotiation error"
      r"|failed to establish ssl|ssl connection failed"), Meaning(Fate.REFUSED)),
    (r"handshake succeeded", Meaning(Fate.WORKED)),
    (r"connection established|handshake in progress", Meaning(Fate.REACHED)),
)  # fmt: skip
_COMPILED = tuple((re.compile(text, re.IGNORECASE), meaning) for text, meaning in _TEXTS)
_ALERT = re.compile(r"\balert\b", re.IGNORECASE)
_MOST = 4096

# TLS alerts, by number (RFC 8446 6.2); 42 and 46 say only that the certificate was refused.
ALERT_CAUSES: dict[int, Cause] = {
    43: Cause.EKU,
    45: Cause.EXPIRED,
    48: Cause.UNTRUSTED,
    116: Cause.NO_CERTIFICATE,
}


def meaning_of(text: str) -> Meaning | None:
    """Return what a line's words mean, None when they tell of no failure and no success.

    Only the first 4096 characters are looked at.
    """
    shown = text[:_MOST]
    return next((meaning for words, meaning in _COMPILED if words.search(shown)), None)


def judged_side(text: str, *, inbound: bool) -> Side:
    """Return whose certificate was refused, by who tells it and who opened the connection.

    A text with "alert" came from the other end, which refused ours; any other is our own refusal
    of theirs.
    """
    peer_refused = bool(_ALERT.search(text[:_MOST]))
    return Side.SERVER if inbound == peer_refused else Side.CLIENT
