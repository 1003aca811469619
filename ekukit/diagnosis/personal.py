"""What tells who a customer is, as logs and dumps write it, and words that tell nothing."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from ekukit.diagnosis.codes import CODES

# Kind, and the pattern whose group `v` is the value. Values of SECRET_KINDS are never kept.
SECRET_KINDS = frozenset({"cookie", "digest", "secret"})
# How a key begins; only where no key has begun, since else "a-a-a-..." is read from each letter.
_WORD = r"(?<![\w-])[\w-]*"
WRITTEN: tuple[tuple[str, str], ...] = (
    ("cookie", r"(?i:\b(?:set-)?cookie2?:)[ \t]*(?P<v>[^\r\n]+)"),
    ("cookie", rf"(?i:{_WORD}cookie=)\"?(?P<v>[^\s\";,]+)"),
    ("digest", (r"(?i:\b(?:proxy-)?authorization:|\b(?:www|proxy)-authenticate:"
               r"|\bauthentication-info:)[ \t]*(?P<v>[^\r\n]+)")),
    ("digest", (r"(?i:\b(?:response|nonce|cnonce|nextnonce|opaque|rspauth|signature|ha1)=)"
               r"[\"']?(?P<v>[\w+/=.~-]{6,})")),
    ("digest", r"(?i:\b(?:bearer|basic|digest|ntlm|negotiate) )(?P<v>[\w+/=.~-]{12,})"),
    ("secret", r"(?i:\{cipher\})(?P<v>[^\s\"'<,;]+)"),
    ("secret", (r"(?i:\b(?:\w*password|passwd|passphrase|\w*secret|\w*token|api-?key|pin)"
             r"(?:=|: ?))[\"']?(?P<v>(?<=\")[^\"\n]+|[^\s\"',;]+)")),
    # Who stands before parameters or a password.
    ("user", (r"(?i:\b(?:sips?|https?|ftp|ldaps?):)(?://)?(?P<v>[^\s\"<>@/?:;]{1,255})"
             r"(?=[:;][^\s\"<>@/]{0,255}@)")),
    ("user", (rf"(?i:(?:{_WORD}(?:user(?:[_-]?(?:name|id))?|alias|identity)"
             r"|\b(?:login|call(?:ing|ed)[\w-]{0,40}|display-?name|aor|uid))=)"
             r"\"(?P<v>[^\"@\n]+)\"")),
    ("user", r"\"(?P<v>[^\"\n@]{1,100})\"\s*<(?:sips?|tel):"),
    ("user", (r"(?i:\b(?:from|to|contact|p-asserted-identity|remote-party-id):)[ \t]*"
             r"(?P<v>[^\s\"<@:;][^\"<\n@:;]{0,99}?)[ \t]*<(?:sips?|tel):")),
    ("user", r"\btel:(?P<v>\+?[\d().-]{3,})"),
    ("device", r"\b(?P<v>(?:SEP|CSF|TCT|BOT|TAB)[0-9A-F]{12})\b"),
    ("device", r"(?<![\w:-])(?P<v>[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5})(?![\w:-])"),
)  # fmt: skip

# What is recognized by its form; KEYS are the parts of a distinguished name, country apart.
HOST = r"(?:[\w-]{1,255}\.){1,40}(?:xn--[\w-]{1,59}|[^\W\d_]{2,24})(?![\w-])"
# Those without a short name are written by number (RFC 4514 clause 2.3), longer than an address.
KEYS = (r"CN|OU|O|L|ST|STREET|emailAddress|DC|UID|SERIALNUMBER|2\.5\.4\.\d{1,3}"
        r"|[0-2](?:\.\d{1,12}){4,20}")  # fmt: skip
FOUND = (
    ("uri", r"(?P<who>[\w.!~*%+$-]{1,255})(?:@|%40)(?P<where>[\w.-]*)"),
    ("part", rf"\b(?P<key>{KEYS}) ?= ?(?P<said>(?:\\.|[^,\\\"<>\n;+])+)"),
    ("v4", r"(?<!\d)(?<!\d\.)\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)"),
    ("v6", r"(?<![\w:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}(?![\w:])"),
    ("host", rf"(?<![\w-]){HOST}"),
)  # fmt: skip

# What is dotted like a host name and is none. No ending here is a top-level domain.
FILE_ENDINGS = frozenset(
    ["cfg", "cpp", "crl", "crt", "csv", "der", "gz", "hpp", "htm", "html", "json", "key", "log",
     "pcap", "pcapng", "pem", "tar", "tgz", "toml", "txt", "xml"]
)  # fmt: skip
MODULE = re.compile(
    r"(?:developer\.(?:ssl|sip|zone|edgeconfigprovisioning|xcp|trafficserver|clusterdb|replication"
    r"|diagnostics|nomodule|appmgmt|platform)|network\.(?:sip|tcp|dns|http|search|ldap|axl))"
    r"(?:\.(?:leg|zonemgr|routing|trafficserver|cluster|manager))*"
)
# SSH algorithms are written like mail addresses of who thought of them (RFC 4251 clause 6).
ALGORITHM_OWNERS = frozenset({"openssh.com", "libssh.org", "lysator.liu.se", "ssh.com"})

# Words of the product and of the kit; a host of that name is hidden in other spellings only.
PRODUCT_WORDS = frozenset(
    ["Core", "Edge", "Expressway", "Cisco", "Webex", "CUCM", "CMS", "OpenSSL", "AsyncSSH",
     "TEST", "ekukit"]
)  # fmt: skip
# Labels and names that tell nothing of whose they are.
PLAIN_WORDS = frozenset(
    ["active", "address", "alias", "any", "away", "ca", "cert", "certificate", "certificates",
     "client", "clients", "cluster", "config", "dns", "domain", "edge-zone", "failed", "file",
     "host", "issuer", "key", "line", "localhost", "log", "mail", "mode", "name", "neighbor",
     "network", "node", "none", "not", "ntp", "off", "peer", "port", "public", "private",
     "release", "root", "security", "serial", "server", "servers", "service", "services",
     "sip", "sips", "ssh", "status", "store", "subject", "system", "tcp", "test", "the",
     "tls", "traversal", "traversalclient", "traversalserver", "true", "false", "trust",
     "tunnel", "type", "udp", "unknown", "user", "value", "verify", "webex", "www", "xmpp",
     "zone", "zones", "on", "and", "for", "of", "to", "in", "is", "it", "as", "at", "by",
     "or", "no", "yes"]
)  # fmt: skip


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that a text is, without brackets and zone, None for another text."""
    try:
        return ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None


def is_own(text: str) -> bool:
    """Return whether a dotted word is a file's name, a module's, or a code of the kit."""
    ending = text.rpartition(".")[2].lower()
    return ending in FILE_ENDINGS or text in CODES or bool(MODULE.fullmatch(text))
