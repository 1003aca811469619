"""Tables of outcomes with fixed columns, also when empty: as the product's pages show them."""

from collections.abc import Iterable
from datetime import datetime

import pandas as pd

from ekukit.certificates import Certificate, eku_words
from ekukit.connections import Outcome, State
from ekukit.connections.catalog import ROWS, place_title
from ekukit.connections.outcome import Presented
from ekukit.connections.reasons import not_reached
from ekukit.expressway import Deployment, Expressway, Role, Store
from ekukit.expressway.administration import Answer
from ekukit.expressway.build import CA2
from ekukit.expressway.node import client_store_origin
from ekukit.frames import frame_of

ZONE_COLUMNS = (
    "Name",
    "Type",
    "Calls",
    "Bandwidth used",
    "H323 status",
    "SIP status",
    "Search rule status",
)
TUNNEL_COLUMNS = ("Target", "Domain", "Status", "Tunnel Created", "Reason", "Peer")
SERVICE_COLUMNS = ("Service", "State", "Because")
EVIDENCE_ROWS = (
    "State",
    "Why",
    "Presented by the initiator",
    "Presented by the responder",
    "Check that decided",
    "Alert or error",
    "Source",
)
CONNECTION_COLUMNS = ("Connection", "From", "To", "Port", "State", "Why", "Source")
STORE_COLUMNS = ("Node", "Store", "EKUs", "Issuer", "Valid", "Serial", "How it came there")

_DENIED = "Permission denied"


def zone_table(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Return the zone list's row per pair of peers; columns ZONE_COLUMNS, dtype object.

    "SIP status" holds a `State`. Calls and bandwidth are 0: the lab makes no calls.
    """
    rows = (
        (
            "uczone.MRA",
            "Unified Communications traversal",
            "0",
            "0 kbps",
            "Off",
            found.state,
            "No search rules configured",
        )
        for found in outcomes
        if found.connection == "uc-zone"
    )
    return frame_of(rows, ZONE_COLUMNS)


def tunnel_table(outcomes: Iterable[Outcome], deployment: Deployment, role: Role) -> pd.DataFrame:
    """Return the SSH tunnel page of one side; columns TUNNEL_COLUMNS, one row per peer and domain.

    "Status" holds a `State`. "Tunnel Created" is the deployment's moment, in UTC. "Reason" is the
    product's where it is known ("Permission denied"), else what the lab read, marked as such.
    """
    hosts = {node.address: node.fqdn for node in (*deployment.core, *deployment.edge)}
    rows = []
    for found in outcomes:
        if found.connection != "ssh-tunnel":
            continue
        far = found.responder if role is Role.CORE else found.initiator
        near = found.initiator if role is Role.CORE else found.responder
        created = _moment(deployment.at)
        rows += [
            (hosts.get(far, far), domain, found.state, created, _tunnel_reason(found), near)
            for domain in deployment.domains
        ]
    return frame_of(rows, TUNNEL_COLUMNS)


def _tunnel_reason(found: Outcome) -> str:
    if found.state is State.ACTIVE:
        return ""
    if not found.text or found.text.startswith(_DENIED):
        return _DENIED if found.code.split(".")[-1].startswith("client-") else "not known"
    return f"lab: {found.text}"


def _moment(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M:%S}"


def service_table(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Return the services with their states; columns SERVICE_COLUMNS, "State" holds a `State`."""
    rows = (
        (found.title, found.state, found.reason)
        for found in outcomes
        if found.connection in {"mra-login", "webrtc-proxy"}
    )
    return frame_of(rows, SERVICE_COLUMNS)


def evidence_table(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Return who presented what, which check decided, on which sources: one column an outcome.

    Rows are EVIDENCE_ROWS, in the column "" that heads them; dtype object.
    """
    columns: dict[str, list[object]] = {"": list(EVIDENCE_ROWS)}
    for found in outcomes:
        name = found.title if not found.initiator else f"{found.title}, {found.responder}"
        columns[name] = evidence_rows(found)
    return pd.DataFrame(columns, dtype=object)


def evidence_rows(found: Outcome) -> list[object]:
    """Return what EVIDENCE_ROWS name of an outcome; tuples are lines."""
    crossed = not not_reached(found)
    return [
        found.state,
        _why(found),
        _presented(found.presented_by_client if crossed else None),
        _presented(found.presented_by_server if crossed else None),
        found.check,
        _signal(found),
        _source(found),
    ]


def _source(found: Outcome) -> tuple[str, ...]:
    return (f"{found.basis.value}: {', '.join(found.facts)}",)


def connection_table(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Return every connection in one row; columns CONNECTION_COLUMNS, "State" holds a `State`."""
    rows = (
        (
            found.title,
            (place_title(ROWS[found.connection].initiator), found.initiator),
            (place_title(ROWS[found.connection].responder), found.responder),
            ROWS[found.connection].port,
            found.state,
            found.reason,
            _source(found),
        )
        for found in outcomes
        if found.connection in ROWS
    )
    return frame_of(rows, CONNECTION_COLUMNS)


def _why(found: Outcome) -> tuple[str, ...]:
    todo = (f"To do: {found.todo}",) if found.state is not State.ACTIVE else ()
    hidden = tuple(f"Also wrong, hidden behind this: {also}." for also in found.hidden)
    return (found.reason, *found.notes, *hidden, *todo)


def _presented(found: Presented | None) -> tuple[str, ...]:
    if found is None:
        return ("nothing",)
    lines = (
        f"{found.node}, {found.store} store",
        eku_words(found.ekus),
        f"issuer {found.issuer}",
        f"serial {found.serial}",
    )
    return (*lines, found.origin) if found.origin else lines


def _signal(found: Outcome) -> tuple[str, ...]:
    lines = []
    if found.alert is not None:
        lines.append(f"TLS alert {found.alert}")
    if found.error is not None:
        lines.append(f"OpenSSL error {found.error} at depth {found.depth}")
    if found.text:
        lines.append(f"read by the far end: {found.text}")
    return tuple(lines) or ("none",)


def store_table(deployment: Deployment, *, names: bool = False) -> pd.DataFrame:
    """Return what every store holds and how it can have come there; columns STORE_COLUMNS.

    A certificate that the public stand-in issued before its cut-off is labeled so. With `names`
    the serial's column also tells the names for which the certificate is good.
    """
    rows = []
    for node in (*deployment.core, *deployment.edge):
        for kind in Store:
            store = node.server if kind is Store.SERVER else node.client
            origin = client_store_origin(node).value if kind is Store.CLIENT else "uploaded"
            if kind is Store.CLIENT and not node.release.has_client_store:
                origin = f"{node.release.value} has one store, which serves both (S1)"
            said = certificate_words(store.certificate, names=names)
            rows.append((node_words(deployment, node), kind.value, *said, origin))
    frame = frame_of(rows, STORE_COLUMNS)
    return frame.rename(columns={"Serial": "Serial and names"}) if names else frame


def answer_table(answer: Answer) -> pd.DataFrame:
    """Return what a node answered to an upload or a command; columns "Field", "Value"."""
    whose = "the product's own words" if answer.quoted else "our words; the product's are not known"
    rows = [
        ("Accepted", "✓ yes" if answer.accepted else "✗ no"),
        (f"Message ({whose})", tuple(answer.message.splitlines())),
        ("Why", answer.reason),
        ("Where", answer.menu or "not named by a source"),
        ("Take care", answer.warnings or "nothing"),
        ("Source", f"{answer.basis.value}: {', '.join(answer.facts)}"),
    ]
    return frame_of(rows, ("Field", "Value"))


def node_words(deployment: Deployment, node: Expressway) -> str:
    """Return "Core", or in a cluster the peer's host name."""
    peers = deployment.core if node.role is Role.CORE else deployment.edge
    return node.role.value if len(peers) == 1 else node.fqdn


def certificate_words(
    certificate: Certificate | None, *, names: bool = False
) -> tuple[object, ...]:
    """Return EKUs, issuer, validity and serial of a certificate, with `names` those as well."""
    if certificate is None:
        return ("no certificate", "", "", "")
    kind = {True: "public CA", False: "internal CA", None: "not known to be public"}
    valid = [f"{certificate.not_before:%d %b %Y} - {certificate.not_after:%d %b %Y}"]
    if certificate.chain and certificate.chain[0] == CA2.before_cutoff and CA2.policy:
        valid.append(f"issued before the cut-off ({CA2.policy.cutoff:%d %b %Y})")
    issuer = (certificate.issuer_name, kind[certificate.public])
    serial = (certificate.serial_hex, *(f"name {name}" for name in certificate.names if names))
    told = serial if names else certificate.serial_hex
    return (eku_words(certificate.ekus), issuer, tuple(valid), told)
