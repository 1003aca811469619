"""Lines of programs that are none of Expressway's: a partner's proxy, a test client, a Windows log.

Such a line says what that program saw. Whose certificate it was its log may tell by an address;
nothing of it is Expressway's own verdict.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from ekukit.log.changed_lines import MARKS, QUOTED
from ekukit.log.meanings import Meaning, alert_meaning, meaning_of
from ekukit.log.words import Fate, Trade

_LONGEST = 4096
# What each program writes in lines of this kind and nobody else does, and a part of that, one of
# which stands in every text that has such a line: these are looked for much faster.
_PROGRAMS = tuple((name, parts, re.compile(sign, re.MULTILINE)) for name, parts, sign in (
    ("nginx", ("] ",), r"\[(?:info|error|crit|notice|warn|alert)\] \d+#\d+: "),
    ("Apache", ("AH0",), r"\bAH\d{5}: "),
    ("HAProxy", ("haproxy[",), r"\bhaproxy\[\d+\]: "),
    ("Kamailio", ("kamailio[", "tls [tls_"), r"\bkamailio\[\d+\]: |\btls \[tls_\w+\.c:\d+\]"),
    ("OpenSIPS", ("opensips[", "proto_tls:", "tls_openssl:", "tls_wolfssl:"),
     r"\bopensips\[\d+\]: |\b(?:proto_tls|tls_openssl|tls_wolfssl):\w+: "),
    ("Asterisk", ("SSL SSL_ERROR_", "asterisk[", "tcptls.c:"),
     r"\bSSL SSL_ERROR_\w+ \(|\basterisk\[\d+\]: |\btcptls\.c:\d+ "),
    ("FreeSWITCH", ("sofia.c:", "port_tls.c:"), r"\bsofia\.c:\d+ |\bport_tls\.c:\d+ "),
    ("stunnel", ("stunnel",), r"\bstunnel(?:\[\d+\])?: "),
    ("Postfix", ("postfix/",), r"\bpostfix/\w+\[\d+\]: "),
    ("Envoy", ("TLS_error:", "TLS error: "), r"\bTLS_error:|\bTLS error: \d{6,}:"),
    ("Java", ("javax.net.ssl.", "java.security.cert.", "sun.security."),
     r"\b(?:javax\.net\.ssl|java\.security\.cert|sun\.security\.(?:validator|provider))\."),
    ("Go", ("TLS handshake error from ", "x509: ", "remote error: tls: "),
     r"\bTLS handshake error from |\bx509: |\bremote error: tls: "),
    ("Python", ("ssl.SSL", "Error(", "[SSL: "),
     r"\bssl\.SSL\w*Error|\bSSL(?:Cert\w*)?Error\(|\[SSL: [A-Z_]+\]"),
    ("Node.js", ("ERR_TLS_", "code: '"),
     r"\bERR_TLS_\w+|\bcode: '(?:UNABLE_TO|CERT_|DEPTH_ZERO|SELF_SIGNED|EPROTO)"),
    ("wget", ("ERROR: cannot verify ",), r"^ERROR: cannot verify .{1,255} certificate"),
    ("GnuTLS", ("*** Fatal error: ", "- Status: The certificate is ", "gnutls_handshake()"),
     r"^\*\*\* Fatal error: |^- Status: The certificate is |\bgnutls_handshake\(\)"),
    ("Meeting Server", ("handshake error ",),
     r"\bhandshake error \d{9} on (?:incoming|outgoing) connection "),
    ("Schannel", ("channel", "CHANNEL", "TLS pro", "TLS-pro", "TLS-Pro"),
     r"(?i)\bschannel\b|TLS[ -]proto[ck]ol\w*\W(?:\w+\W){0,4}(?:fatal|Code)"),
))  # fmt: skip
# Schannel's events 36887, an alert that came, and 36888, one that was sent (in any language the
# number stands behind the word code).
_CODE = re.compile(r"(?i)\bcode\b\W{0,3}(?:(?:is|ist|lautet|est|es)\W{1,2})?(\d{1,3})\b")
_SENT = re.compile(r"(?i)\b(?:generated and sent|sent to the remote|an den Remote\w+ gesendet)\b")
_LIBRARY = re.compile(r"\berror (\d{9})\b")
_ADDRESS = re.compile(
    r"(?<![\w.])(?:client|peer|from|to|IP|upstream)\W{1,4}'?((?:\d{1,3}\.){3}\d{1,3})\b"
)


def program_lines(text: str) -> Iterator[tuple[str, str, str, int, Meaning]]:
    """Yield program, whose address, words, number and meaning of lines that tell of a failure.

    Lines of Expressway's own programs are none of them.
    """
    signs = [(name, sign) for name, parts, sign in _PROGRAMS
             if any(part in text for part in parts) and sign.search(text)]  # fmt: skip
    for number, line in enumerate(text.splitlines() if signs else (), 1):
        plain = QUOTED.sub("", line[:_LONGEST]).strip()
        if not plain or any(mark in plain for mark in MARKS):
            continue
        program = next((name for name, sign in signs if sign.search(plain)), "")
        meaning = _meaning(plain) if program else None
        if meaning is not None and _tells(meaning):
            found = _ADDRESS.search(plain)
            yield program, found[1] if found else "", plain, number, meaning


def _meaning(line: str) -> Meaning | None:
    code = _CODE.search(line)
    if code is not None and "TLS" in line:
        told = alert_meaning(int(code[1]))
        return replace(told, received=_SENT.search(line) is None)
    return meaning_of(_LIBRARY.sub(lambda found: f"error:{int(found[1]):08x}", line))


def _tells(meaning: Meaning) -> bool:
    """Return whether words are of TLS and tell why: what is vague gives way to nothing here."""
    if meaning.fate not in (Fate.REFUSED, Fate.FAILED) or meaning.row is None:
        return False
    return meaning.row.trade is not Trade.SSH and (not meaning.vague or meaning.row.trade in _JUDGE)


_JUDGE = (Trade.VERIFY, Trade.STACK)
