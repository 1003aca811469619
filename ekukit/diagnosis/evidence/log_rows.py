"""The records of a log that tell of TLS, SSH, certificates or zones, and what their words mean.

Everything else is passed over by cheap tests on the short columns.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.log.alarms import ALARM, alarm_of
from ekukit.log.grammar import Head
from ekukit.log.meanings import Meaning, meaning_of
from ekukit.log.record_times import moment_of
from ekukit.log.records import Record

if TYPE_CHECKING:
    from ekukit.archive.log_files import LogFile

End = tuple[str, int | None]

NEGOTIATION = "TLS Negotiation Error"
AUTHENTICATION = "Authentication Failed"
SERVER_FAILURE = "External Server Communications Failure"
TRAFFIC_SERVER = "traffic_server"
SSH = ("ssh", "portforwarding", "sshd")
# Processes that write free text without a level.
CLUSTER, HTTPD = FREE = ("clusterdb", "httpd")
_PROGRAMS = (*SSH, TRAFFIC_SERVER)
_EVENTS = re.compile(f"(?i){NEGOTIATION}|{AUTHENTICATION}|{SERVER_FAILURE}")
OPENSSL, TCP, SIP = "developer.ssl", "network.tcp", "network.sip"
_MODULES = (OPENSSL, TCP)
_TO_HOST = re.compile(r"(?i)connect to host '[^']+', port \d")
_ANSWER = re.compile(r"\|SIP/2\.0 [2-6]\d\d|Response Code=[2-6]\d\d")
LEVELS = ("error", "fatal", "critical", "alert", "emergency", "emerg", "crit")
# What is only warned of counts where its words are known.
WARNINGS = ("warn", "warning")
# Words of programs that tell which end they are, True for the one that answers: names of OpenSSL's
# routines, Erlang's sentence, Java's and the traffic server's.
_ROLES = {
    "process_client_certificate": True, "get_client_certificate": True,
    "tls server: in state": True, "for tls client authentication": True, "ah02039": True,
    "process_server_certificate": False, "get_server_certificate": False,
    "tls client: in state": False, "for tls server authentication": False,
    "connection failed for '": False, "peer address is": True,
}  # fmt: skip
_ABOUT = re.compile(
    r"(?i)certificate|\bssl|ssl\b|\btls|x\.?509|handshake|\bssh\b|\bcrls?\b|\bocsp\b|traversal"
    r"|\btunnel|pkix|certpath|trust anchor|verificationerror|ldap server|portforwarding"
)
_ABOUT_MODULE = re.compile(
    r"^developer\.(?:zone|trafficserver|clusterdb)|^network\.http\.trafficserver"
)
_IS_BAD = re.compile(
    r"(?i)\b(?:error|errno|fail\w*|refus\w*|reject\w*|denied|invalid|unable|cannot|could not|alert"
    r"|time-?out|timed out|abort\w*|mismatch\w*|expired|untrusted|broken|unacceptable)\b"
)
_LONE_PORT = re.compile(r"Dst-port\s*=\s*[\"']?\s*(\d{1,5})\b")
_LONE_ADDRESS = re.compile(r"(Src|Dst)-ip\s*=\s*[\"']?\s*([0-9A-Fa-f.:]{3,45})")
_MOST_TEXT, _MOST_LOOKED = 1000, 8192


@dataclass(slots=True)
class Line:
    """The columns of one record that matter here; texts without blanks around."""

    line: int
    time: datetime | None
    host: str
    process: str
    module: str
    level: str
    event: str
    detail: str
    reason: str
    ends: tuple[str, int | None, str, int | None]
    body: str
    file: str

    @property
    def inbound(self) -> bool | None:
        """Return whether this node answered, None when the record does not tell."""
        if self.event.startswith("Inbound") or 'bServer="true"' in self.body:
            return True
        if self.event.startswith("Outbound") or 'bServer="false"' in self.body:
            return False
        if self.process == "sshd":
            return True
        said = self.body[:_MOST_LOOKED].lower()
        return next((answers for words, answers in _ROLES.items() if words in said), None)

    @property
    def is_ssh(self) -> bool:
        """Return whether a program of SSH wrote it."""
        return self.process in SSH

    @property
    def is_sip(self) -> bool:
        """Return whether it is a SIP message."""
        return self.module == SIP

    @property
    def is_kind(self) -> bool:
        """Return whether it is of a kind that tells how a connection ended."""
        return (
            NEGOTIATION.lower() in self.event.lower()
            or self.event in (AUTHENTICATION, SERVER_FAILURE)
            or self.module in _MODULES
            or self.process in (*SSH, TRAFFIC_SERVER)
            or self.is_error
            or self.is_loose
        )

    @property
    def is_error(self) -> bool:
        """Return whether its level says that something failed."""
        return self.level in LEVELS

    @property
    def is_alarm(self) -> bool:
        """Return whether it is an alarm, or a program's line that the table of alarms knows."""
        return self.process == ALARM or alarm_of(self.body, self.process) is not None

    @property
    def is_lowered(self) -> bool:
        """Return whether it says that an alarm is over."""
        return "lowered" in f"{self.event} {self.detail}".lower()

    @property
    def is_loose(self) -> bool:
        """Return whether it counts only where its words are known: a warning, or free text."""
        if self.process in FREE:
            return True
        own = self.module in _MODULES or self.is_ssh or self.process == TRAFFIC_SERVER
        return self.level in WARNINGS and not own and not self.event

    @property
    def looks_bad(self) -> bool:
        """Return whether its level or its words say that something is wrong."""
        return self.is_error or bool(_IS_BAD.search(f"{self.event}\n{self.told}"))

    @property
    def told(self) -> str:
        """Return the words that tell what happened, without what every such record says."""
        free = self.is_ssh or self.process == TRAFFIC_SERVER
        if free and not (self.is_ssh and "=" not in self.detail and self.detail):
            return self.whole
        return self.reason or self.detail

    @property
    def whole(self) -> str:
        """Return what follows the process, whole: free text may hold what looks like pairs."""
        first = self.body.partition("\n")[0][:_MOST_LOOKED]
        found = re.search(rf"\s{self.process}(?:\[\d+\])?:?", first, re.IGNORECASE)
        return first[found.end() :].strip() if found else first

    def meaning(self) -> Meaning | None:
        """Return what the words mean, those that tell why before those that tell what."""
        if self.is_ssh or self.process == TRAFFIC_SERVER:
            return meaning_of(self.whole, ssh=self.is_ssh)
        best = meaning_of(f"{self.reason}\n{self.detail}\n{self.event}")
        if best is None or (best.vague and self.event):
            # A key that is quoted wrongly hides its value from the grammar, not from this.
            whole = meaning_of(self.body.partition("\n")[0])
            best = whole if whole is not None and (best is None or not whole.vague) else best
        return best

    def evidence(self, kind: EvidenceKind) -> Evidence:
        """Return the record as evidence, its first line cut."""
        text = self.body.partition("\n")[0][:_MOST_TEXT]
        return Evidence(kind, self.file, text, line=self.line)


def lines_of(log: Iterable[tuple["LogFile", Record]]) -> Iterator[Line]:
    """Yield the records that may tell of a connection, in the order of the log."""
    for file, record in log:
        if _is_worth(record):
            yield line_of(record, file.host, file.file)


def _is_worth(record: Record) -> bool:
    """Return whether a record may tell of a connection, by the cheapest test first."""
    said = record.head
    process, module = (said.process or "").lower(), (said.module or "").lower()
    event, level = said.event or "", (said.level or "").lower()
    if module in _MODULES or process in _PROGRAMS or _EVENTS.search(event):
        return True
    if (module == SIP and _is_answer(record.body)) or (
        process == ALARM and (_ABOUT.search(record.body) or alarm_of(record.body))
    ):
        return True
    leveled = level in LEVELS or (level in WARNINGS and process != ALARM)
    if leveled and process.startswith("xcp_") and _TO_HOST.search(said.detail or ""):
        return True
    if leveled or process in FREE:
        return _is_about(said)
    return bool(event and _IS_BAD.search(event) and _ABOUT.search(event))


def _is_answer(body: str) -> bool:
    """Return whether a SIP message tells a status; two plain searches spare most a slow one."""
    return ("|SIP/2.0 " in body or "Response Code=" in body) and bool(_ANSWER.search(body))


def _is_about(said: Head) -> bool:
    """Return whether a record speaks of what the kit judges."""
    texts = said.event or "", said.reason or "", (said.detail or "")[:_MOST_TEXT]
    return any(map(_ABOUT.search, texts)) or bool(_ABOUT_MODULE.search((said.module or "").lower()))


def line_of(record: Record, host: str | None = None, file: str = "") -> Line:
    """Return a record as a line; `host` is whose log it stands in, where it does not say itself."""
    said = record.head
    ends: tuple[object, ...] = _text(said.src_ip), said.src_port, _text(said.dst_ip), said.dst_port
    event = _text(said.event)
    if ends[3] is None and NEGOTIATION in event:
        ends = _lone_ends(record.body, ends)
    return Line(
        line=record.line,
        time=moment_of(said.time),
        host=_text(host if said.host is None else said.host),
        process=_text(said.process).lower(),
        module=_text(said.module).lower(),
        level=_text(said.level).lower(),
        event=event,
        detail=_text(said.detail),
        reason=_text(said.reason),
        ends=ends,  # type: ignore[arg-type]
        body=record.body,
        file=file,
    )


def _text(value: str | None) -> str:
    return (value or "").strip()


def _lone_ends(body: str, ends: tuple[object, ...]) -> tuple[object, ...]:
    """Return the ends with what a record quoted wrongly still shows of the answering one."""
    port = _LONE_PORT.search(body[:_MOST_LOOKED])
    found = dict(_LONE_ADDRESS.findall(body[:_MOST_LOOKED]))
    source, target = ends[0] or found.get("Src", ""), ends[2] or found.get("Dst", "")
    return source, ends[1], target, int(port[1]) if port else None
