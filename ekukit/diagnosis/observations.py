"""What logs, captures and pasted pages show, as observed states and as findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ekukit.certificates import CLIENT_AUTH
from ekukit.connections import Cause, State, connection
from ekukit.diagnosis.codes import connection_code
from ekukit.diagnosis.finding import Confidence, Evidence, EvidenceKind, Severity
from ekukit.diagnosis.gathered import Gathered
from ekukit.diagnosis.inventory import Inventory
from ekukit.diagnosis.refusals import Fate, meaning_of
from ekukit.diagnosis.retold import (
    end_words,
    refused_certificate,
    replacement,
    told_of,
    words_of,
)
from ekukit.diagnosis.tries import Map, Try, connection_of, doubt
from ekukit.diagnosis.tunnels import Row

_LOOK = "The capture of that moment, or the log of the node that refused"
_SILENT = (
    " Some stacks silently send none when theirs lacks clientAuth: look at the EKUs of the "
    "certificate that {who} has."
)
# Ports that anybody on the Internet can reach: scanners leave the same lines as far ends.
_OPEN = ("b2b-in", "mra-client")
_STRANGER = (
    " Nothing in the archive tells who {who} is: a scanner of the Internet leaves the same lines."
)
_ASK_WHO = "Find out whether anybody misses a call or a login; if not, nothing."
_REPLACED = (
    " The {kind} store holds a certificate that this does not fit (serial {serial}), so another "
    "one was refused."
)
_SEE_FIRST = (
    "See first whether it connects now: the certificate was replaced since, or the node has not "
    "been restarted since the upload."
)
_NOW = "Status of the zone or tunnel now; the time of the last restart against that of the upload"
# Not reached is told apart from refused; what certificates foresee stands beside it.
UNREACHED = {"ssh-tunnel": "tunnel.unreached", "uc-zone": "zone.unreached"}
_ZONE_SCREEN = "Configuration > Zones on both nodes"
_TUNNEL_SCREEN = "Status > Unified Communications > SSH tunnels status on both nodes"


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """All that was seen: tries, pasted rows, who holds what, and what is foreseen by code."""

    tries: tuple[Try, ...]
    rows: tuple[Row, ...]
    inventory: Inventory
    known: Map
    foreseen: Mapping[str, frozenset[str]]


def add_observations(gathered: Gathered, seen: Seen) -> None:
    """Add what was seen to fail; where it was foreseen, as evidence of what was foreseen."""
    worked = _last_success(seen)
    told: dict[tuple[str, str, str], set[str]] = {}
    # What names no cause comes last, since it may be another view of what does.
    for found in sorted(seen.tries, key=lambda one: one.cause is Cause.OTHER):
        if found.fate is Fate.REFUSED:
            healed = _is_healed(found, worked, seen.known)
            between = told.setdefault((connection_of(found, seen.known), *_named(found)), set())
            between.add(_add_refusal(gathered, seen, found, between, healed=healed))
        elif found.fate is Fate.UNREACHED:
            _add_unreached(gathered, seen, found)
        elif found.fate is Fate.DENIED and connection_of(found, seen.known) == "ssh-tunnel":
            _add_denied(gathered, seen, found.evidence)
    for row in seen.rows:
        if row.state is State.FAILED:
            _add_row(gathered, seen, row)


def _last_success(seen: Seen) -> dict[tuple[str, str, str], datetime]:
    found: dict[tuple[str, str, str], datetime] = {}
    for one in seen.tries:
        if one.fate is Fate.WORKED and one.time is not None:
            key = (connection_of(one, seen.known), *pair_of(one))
            found[key] = max(found.get(key, one.time), one.time)
    return found


def pair_of(found: Try) -> tuple[str, str]:
    """Return both ends by host, by address where no host is known."""
    return found.client.host or found.client.address, found.server.host or found.server.address


def _named(found: Try) -> tuple[str, str]:
    """Return both ends, the one that answers by name, since a proxy's lines tell no address."""
    client, server = pair_of(found)
    return client, found.server.host or found.name or server


def _is_healed(found: Try, worked: Mapping[tuple[str, str, str], datetime], known: Map) -> bool:
    """Return whether the same two ends connected later."""
    later = worked.get((connection_of(found, known), *pair_of(found)))
    return later is not None and found.time is not None and later > found.time


def _add_refusal(
    gathered: Gathered, seen: Seen, found: Try, between: set[str], *, healed: bool
) -> str:
    """Add a refusal and return its code; `between` are the codes of the same two ends."""
    name = connection_of(found, seen.known)
    held = refused_certificate(found, seen.inventory)
    stored = replacement(found, seen.inventory)
    cause = found.cause
    if cause is Cause.EKU and stored is None and held and held.certificate.has_client_auth:
        chain = held.certificate.chain
        limited = any(ca.ekus is not None and CLIENT_AUTH not in ca.ekus for ca in chain)
        if limited:
            cause = Cause.CA_EKU
        elif found.client_serial:
            cause = Cause.OTHER
        else:
            held, stored = None, held
    code, confidence = _code(seen, name, cause, found, between)
    decide = _LOOK if cause is Cause.OTHER else ""
    told = told_of(found, cause, held)
    if found.words and cause is Cause.OTHER:
        told = f'{told} ("{found.words[:200]}")'
    title = f"{connection(name).title}: " if name else ""
    text = f"{title}{told}.{doubt(found, seen.known)}"
    todo = ""
    if cause is Cause.NO_CERTIFICATE:
        text += _SILENT.format(who=end_words(found.client))
        decide = "Maintenance > Security > Client certificate on the initiator"
    stranger = _is_stranger(name, found, seen.known)
    if healed:
        text += " It connected later."
    elif stored is not None:
        confidence, decide = Confidence.POSSIBLE, _NOW
        text += _REPLACED.format(kind=stored.store.value, serial=stored.certificate.serial_hex)
        todo = _SEE_FIRST
    if stranger:
        confidence, todo = Confidence.POSSIBLE, _ASK_WHO
        text += _STRANGER.format(who=end_words(found.client))
    gathered.add(
        code,
        text,
        [*found.evidence, *(one.evidence for one in (held, stored) if one is not None)],
        confidence=confidence,
        severity=Severity.WEAK if healed or stranger else None,
        words=words_of(found, held),
        decide=decide,
        todo=todo,
    )
    return code


def _is_stranger(name: str, found: Try, known: Map) -> bool:
    """Return whether anybody on the Internet could have opened this connection."""
    open_ = name in _OPEN and found.client.host is None
    return open_ and found.client.address not in known.configured


def _code(
    seen: Seen, name: str, cause: Cause, found: Try, between: set[str]
) -> tuple[str, Confidence]:
    """Return the code and how sure it is: what was seen and foreseen alike is certain."""
    if not name:
        plain = cause is Cause.OTHER
        return ("log.unknown-reason" if plain else "log.refused"), Confidence.POSSIBLE
    side = found.side
    code = connection_code(name, cause, side) if cause is not Cause.OTHER else ""
    foreseen = seen.foreseen.get(name, frozenset())
    if code in foreseen:
        return code, Confidence.CERTAIN
    told = [*sorted(foreseen), *sorted(between)]
    fitting = [one for one in told if side is None or f".{side.value}-" in one]
    if cause in (Cause.OTHER, Cause.EKU, Cause.CA_EKU):
        for one in fitting:
            if cause is Cause.OTHER or one.endswith(("eku", "eku-missing")):
                return one, Confidence.LIKELY
    if not code:
        return connection_code(name, Cause.OTHER, None), Confidence.POSSIBLE
    by_log = found.evidence[0].kind is not EvidenceKind.PACKET
    return code, Confidence.CERTAIN if by_log else Confidence.LIKELY


def _add_unreached(gathered: Gathered, seen: Seen, found: Try) -> None:
    name = connection_of(found, seen.known)
    code = UNREACHED.get(name)
    if code is None:
        return
    reached = [
        one.evidence[0]
        for one in seen.tries
        if one.fate in (Fate.REACHED, Fate.REFUSED, Fate.WORKED, Fate.DENIED)
        and connection_of(one, seen.known) == name
    ]
    reached += [row.evidence for row in seen.rows if row.connection == name
                and (row.state is State.ACTIVE or _fate(row) is Fate.DENIED)]  # fmt: skip
    screen = _ZONE_SCREEN if name == "uc-zone" else _TUNNEL_SCREEN
    where = f"{end_words(found.server, found.name)}, port {found.server.port}"
    text = f'{end_words(found.client)} did not reach {where} ("{found.words[:120]}").'
    if reached:
        text += " At another time it was reached, so this is not the whole story."
    gathered.add(
        code,
        text,
        [*found.evidence, *reached[:2]],
        confidence=Confidence.POSSIBLE if reached else Confidence.CERTAIN,
        decide=f"{screen}; a connection to that port from the initiator's network",
    )


def _fate(row: Row) -> Fate | None:
    meaning = meaning_of(row.reason)
    return meaning.fate if meaning is not None else None


def _add_row(gathered: Gathered, seen: Seen, row: Row) -> None:
    if row.connection == "ssh-tunnel" and _fate(row) is Fate.UNREACHED:
        text = f"The tunnel to {row.target} did not reach it ({row.reason})."
        gathered.add("tunnel.unreached", text, [row.evidence], confidence=Confidence.LIKELY)
    elif row.connection == "ssh-tunnel":
        _add_denied(gathered, seen, (row.evidence,))
    else:
        for code in seen.foreseen.get(row.connection, ()):
            gathered.add_evidence(code, [row.evidence])


def _add_denied(gathered: Gathered, seen: Seen, evidence: tuple[Evidence, ...]) -> None:
    """Add a tunnel that was refused as evidence of each cause that fits, else as unexplained."""
    codes = [*seen.foreseen.get("ssh-tunnel", ()), "tunnel.untrusted-issuing-ca",
             "certificate.unknown-oid", "certificate.no-common-name"]  # fmt: skip
    fitting = [code for code in dict.fromkeys(codes) if gathered.has(code)]
    for code in fitting:
        gathered.add_evidence(code, evidence)
    if not fitting:
        gathered.add(
            "tunnel.unexplained",
            "SSH tunnels are Failed, and no certificate in the archive explains it.",
            evidence,
            confidence=Confidence.POSSIBLE,
            decide=f"{_TUNNEL_SCREEN}; DNS forward and reverse; NTP; the authentication account",
        )
