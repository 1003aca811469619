"""Which words and numbers of a text may be shown, by themselves and by what stands beside them."""

import re

from ekukit.certificates import eku_words
from ekukit.connections import CATALOG
from ekukit.privacy.vocabulary import log_words, own_words, whole_words

_PARTS = re.compile(r"[-+&_~]")
_RELEASE = re.compile(r"X\d{1,2}(?:\.\d{1,2}){0,3}|v?\d\.\d|TLSv1(?:\.\d)?|SSLv[23]|\d\.x")
_KEY = re.compile(r"(?:RSA|EC|DSA)-(?:\d{3,5}|secp\d{3}[rk]1|brainpoolP\d{3}[rt]1)|\d{3,5}-bit")
_MOST_FREE = 2
# Certificate policies of the CA/Browser Forum, which every public CA has.
_PUBLIC_POLICIES = "2.23.140.1."
# A number is shown where these words say what it counts or names.
_BEFORE = re.compile(
    r"(?i:\b(?:(?:dst|src|local|remote)[ -])?(?:ports?|line|packet|alert|error|depth"
    r"|offset)(?: number)?[\s\"'=:#(]{0,4}$)|\bSIP/2\.0[ ]$|\bHTTP/1\.[01][ ]$"
    r"|\b(?:tvcs|traffic_server|httpd|b2bua)\[$|\.cpp\($|\bET_NET $|\balert [a-z ]{2,32} \($"
    r"|\b(?:Zone|Peer|Domain|Rule|Server|Alternate|Account|Ethernet|Address|Step|Link|Pipe"
    r"|Subzone) $"
)
_BEFORE_OWN = re.compile(
    r"(?i:\b(?:than|to|of|and|from|first|last|most|least|after|in|about|clause|step|ca|zone|peer"
    r"|domain|server|condition|case|the|has|have|with|for|by|or|on))[\s(]{1,2}$|[(]$"
)
_AFTER = re.compile(
    r"[\s]{0,2}(?:bytes?|characters?|days?|lines?|packets?|files?|more|others?|certificates?|MB|MiB|"
    r"KB|bits?|further|conversations|elements?|values?|times?|handshakes?|records?|zones?|domains?|peers?|findings?|names?|CAs|nodes?|errors?|parts?|levels?|of|read|skipped"
    r"|unreadable)\b|[)]"
)
# Ports of Expressway, those of the catalog's connections among them; a setting's value is such a
# number alone.
_FURTHER = (1720, 2776, 2777, 3478, 4444, 4445, 5060, 5222, *range(6001, 6011), 7400)
_PORTS = frozenset(map(str, (*_FURTHER, *(port for row in CATALOG for port in row.ports))))
_PORT = re.compile(r"\d{1,5}")


def is_shown(word: str, *, strict: bool) -> bool:
    """Return whether a word says nothing of a customer; `strict` for texts from outside.

    A word of several parts does when each part does.
    """
    bare = word.rstrip(".").lower()
    if bare in whole_words() or _RELEASE.fullmatch(word.rstrip(".")) or _KEY.fullmatch(word):
        return True
    words = log_words() if strict else own_words()
    return not bare or all(part in words for part in _PARTS.split(bare) if part)


def is_number(text: str, start: int, end: int, *, strict: bool) -> bool:
    """Return whether a number stands there by which the kit judges, or a count of its own."""
    found = text[start:end].rstrip(".")
    if not found.removeprefix("-").isascii() or not found.removeprefix("-").isdigit():
        return False
    before = text[max(0, start - 24) : start]
    if found in _PORTS or (_PORT.fullmatch(found) and _BEFORE.search(before)):
        return True
    if strict:
        return False
    if found.startswith("0") and found != "0":
        return False
    return len(found) <= _MOST_FREE or bool(
        _PORT.fullmatch(found) and (_AFTER.match(text, end) or _BEFORE_OWN.search(before))
    )


def is_known_oid(text: str) -> bool:
    """Return whether an OID is an EKU with a name, or a public certificate policy."""
    return text.startswith(_PUBLIC_POLICIES) or eku_words((text,)) != text
