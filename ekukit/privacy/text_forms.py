"""What is recognized in a line by its form: times, addresses, hosts, users, parts of names."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from ekukit.privacy.vocabulary import tables

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DAY = r"\d{4}-\d\d-\d\d"
_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d{1,6})?"
HOST = r"(?:[\w-]{1,63}\.){1,40}(?:xn--[\w-]{1,59}|[^\W\d_]{2,24})"
# The parts of a distinguished name, country apart. Those without a short name are written by
# number (RFC 4514 clause 2.3), longer than an address.
DN_KEYS = (r"CN|OU|O|L|ST|STREET|emailAddress|DC|UID|SERIALNUMBER|2\.5\.4\.\d{1,3}"
           r"|[0-2](?:\.\d{1,12}){4,20}")  # fmt: skip
# Words behind which stands who somebody is, or what nobody else may know.
_TELLING = (
    r"(?:user|login|display|calling|called|account|snmp|auth|access|session|api|private|client|x)?"
    r"[ _-]?(?:user(?:[_-]?(?:name|id))?|login|passw(?:or)?[dt]|passphrase|pwd|secret|tokens?|pin"
    r"|community(?:name)?|credentials?|alias|realm|c?nonce|opaque|cookie2?|session(?:[_-]?id)?|uid"
    r"|sid|aor|display[ -]?name|api-?key|bearer|basic|digest|ntlm|x-auth|extension|dn|ha1|rspauth)"
)
# Where a blank alone stands between such a word and what it tells.
_TELLING_ALONE = (
    r"(?:user(?:[_-]?(?:name|id))?|login|passw(?:or)?d|passphrase|community|bearer|basic|token|secret"
    r"|alias)"
)
_HEADERS = (
    r"(?:set-)?cookie2?|(?:proxy-)?authorization|(?:www|proxy)-authenticate|authentication-info"
    r"|x-[\w-]{1,40}|organization|p-[\w-]{1,40}|remote-party-id|user-agent|call-id|location"
)
_WHO = r"from|to|contact|via|reply-to|referred-by|diversion"
_QUOTED = r"(?:\"[^\"\n]*\"?|'[^'\n]*'?"

# Tried in this order at every place where a word may begin; the first that fits counts. First
# those that count in texts from outside alone.
STRICT_FORMS: tuple[tuple[str, str], ...] = (
    ("pair", r"[A-Za-z_][\w.-]{0,60}[ ]?=[ ]?(?:\"[^\"\n]*\"?|'[^'\n]*')"),
)
# What a sentence of the kit quotes, with the key before it.
QUOTE = rf"(?:(?i:{_TELLING})[ ]?[=:][ ]?|[A-Za-z_][\w.-]{{0,60}}[ ]?=[ ]?)?\"[^\"]*\"?"
# What sentences of the kit tell: types of attributes in names (X.520) by number, large counts.
OWN_FORMS: tuple[tuple[str, str], ...] = (
    ("attribute", r"2\.5\.4\.\d{1,3}(?![\w.]*\w)"),
    ("count", r"\d{1,3}(?:,\d{3}){1,4}(?![\w.,:-]*\d)"),
)
FORMS: tuple[tuple[str, str], ...] = (
    ("time", (rf"(?:{_DAY}(?:[T ]{_CLOCK}(?: ?Z|[+-]\d\d:?\d\d)?)?|{_DAY}_\d\d_\d\d_\d\d|{_CLOCK}"
              rf"|\d{{1,2}} (?:{_MONTHS}) \d{{4}})(?![\w-]|:\S|[.,]\d)")),
    ("header", rf"(?i:(?:{_HEADERS}):)[ \t]*[^\r\n]+"),
    ("who", rf"(?i:(?:{_WHO}):)[ \t]*\"?[^\s\"<@:;][^\"<\n@:;]{{0,99}}?\"?[ \t]*(?=<)"),
    ("error", r"error:[0-9A-Fa-f]{8}(?=:)"),
    ("banner", r"SSH-\d\.\d{1,2}-[^\s;,\"]+"),
    # A password stands between a colon and the sign; after a scheme alone it is a user's name.
    ("login", (r"(?:(?<=//)|(?<=:))[^\s\"<>@/:]{1,99}:[^\s\"<>@/]{0,99}(?=@)"
               r"|(?<=\w:)(?<!sip:)(?<!sips:)(?<!mailto:)(?<!xmpp:)[^\s\"<>@/]{1,99}(?=@)")),
    ("telling", (rf"(?i:{_TELLING}[\"']?[ ]?(?:=|:(?!:)|>|\bis\b(?! asked))[ ]?|{_TELLING_ALONE}[ ]"
                 r"(?!cancell?ed|authent|the |of |is |and |or |(?<=basic )constraints?(?!\w)))"
                 rf"{_QUOTED}|[^\s\"',;<>&]+)")),
    ("part", rf"(?:{DN_KEYS}) ?= ?(?:\\.|(?!/(?:{DN_KEYS})=)[^,\\\"<>\n;+])+"),
    ("plain", r"[A-Za-z_][\w.-]{0,60}=[^\s\"',;()<>\[\]]*"),
    ("uri", r"[\w.!~*+$%-]{1,255}?(?:@|%40)[\w.-]*(?::\d{1,5}(?!\d))?"),
    ("oid", r"[0-2](?:\.\d{1,12}){4,20}(?![\w.]*\w)"),
    ("hex", r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){3,}(?![\w:-])"),
    ("v4", r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}|:\d{1,5})?(?![\w:-]|\.\w)"),
    ("v6", (r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}(?:%\w{1,16})?"
            r"(?:/\d{1,3})?(?![\w:-]|\.\w)")),
    ("broken", r"(?=[A-Fa-f:]{0,40}\d)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,40}[\w.:%-]{0,80}"),
    ("bracketed", r"\[[0-9A-Fa-f:.]{2,45}(?:%\w{1,16})?\](?::\d{1,5})?(?!\d)"),
    ("file", (r"(?:loggingsnapshot|xconf_dump|xstat_dump|ca|server|client"
              r"|eth\d{1,3}_diagnostic_logging_tcpdump\d{1,3})_[^\s\"/]{1,255}?_\d{4}-\d\d-\d\d"
              r"_\d\d_\d\d_\d\d(?:\.(?:txt|xml|pem|pcap))?(?: ?\(\d{1,3}\))?(?!\w)")),
    ("host", rf"(?:\*?\.+)?{HOST}\.?(?![\w@-]|\.\w|%)"),
)  # fmt: skip

# SSH algorithms and the like are in the lists; what else is dotted like a host is one, but files.
_FILE_ENDINGS = frozenset(
    ["bak", "cfg", "conf", "cpp", "crl", "crt", "csv", "der", "gz", "hpp", "htm", "html", "json",
     "key", "log", "p12", "pcap", "pcapng", "pem", "pfx", "py", "tar", "tgz", "toml", "txt", "xml",
     "zip"]
)  # fmt: skip

# Words of the product and of the kit; a host of that name is hidden in other spellings only.
PRODUCT_WORDS = frozenset(
    ["Core", "Edge", "Expressway", "Cisco", "Webex", "CUCM", "CMS", "OpenSSL", "AsyncSSH",
     "TEST", "ekukit"]
)  # fmt: skip
# Labels and names that tell nothing of whose they are, so that a sentence stays one.
PLAIN_WORDS = frozenset(
    ["active", "address", "alias", "any", "away", "ca", "cert", "certificate", "certificates",
     "cisco", "client", "clients", "cluster", "config", "dns", "domain", "edge-zone", "expressway",
     "failed", "file", "host", "issuer", "key", "line", "localhost", "log", "mail", "mode", "name",
     "neighbor", "network", "node", "none", "not", "ntp", "off", "peer", "port", "public",
     "private", "release", "root", "security", "serial", "server", "servers", "service",
     "services", "sip", "sips", "ssh", "status", "store", "subject", "system", "tcp", "test",
     "the", "tls", "traversal", "traversalclient", "traversalserver", "true", "false", "trust",
     "tunnel", "type", "udp", "unknown", "unnamed", "user", "value", "verify", "webex", "www",
     "xmpp", "zone", "zones", "on", "and", "for", "of", "to", "in", "is", "it", "as", "at", "by",
     "or", "no", "yes"]
)  # fmt: skip


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that a text is, without brackets and zone, None for another text."""
    if ":" not in text and not text.lstrip("[")[:1].isdigit():
        return None  # a stranger's certificate may hold tens of thousands of names
    try:
        return ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None


def is_host(text: str) -> bool:
    """Return whether a dotted word can be a host's name; a file's name is none."""
    return text.rpartition(".")[2].lower() not in _FILE_ENDINGS


def kind_of_key(key: str) -> str:
    """Return what stands behind a key of the log grammar: "text", "number", "place" or ""."""
    return _KEYS.get(key.casefold(), "")


def banner_words(text: str) -> str:
    """Return an SSH version line (RFC 4253 clause 4.2) by software and version.

    Software that is not listed, a version that is not digits and dots, and comments are left out.
    """
    start, _, rest = text.partition("-")[2].partition("-")
    name, _, version = rest.partition("_")
    known = next((one for one in _SOFTWARE if one.casefold() == name.casefold()), None)
    if known is None:
        return f"SSH-{start}-[…]"
    number = _VERSION.match(version)
    return "_".join((f"SSH-{start}-{known}", *([number[0]] if number else [])))


_KEYS: dict[str, str] = {
    name.casefold(): kind for kind, names in tables()["keys"].items() for name in names
}
_SOFTWARE: tuple[str, ...] = tuple(tables()["ssh"]["software"])
_VERSION = re.compile(r"\d{1,2}(?:\.\d{1,3}){1,3}(?:p\d)?(?![\w.])")
