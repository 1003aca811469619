"""Tries to connect that captures show: handshakes, alerts, and whose certificate was refused."""

from collections.abc import Sequence

from ekukit.capture.handshake_rows import chain_view
from ekukit.capture.packet_times import packet_moment
from ekukit.certificates import describe
from ekukit.connections import Cause, Side
from ekukit.connections.alert_names import ALERT_NAMES, CERTIFICATE_ALERTS, FATAL, OPEN_ALERTS
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.tries import Map, Try
from ekukit.expressway import Store
from ekukit.frames import Row
from ekukit.log.meanings import ALERT_CAUSES, Meaning, alert_meaning
from ekukit.log.words import Fate

_SILENT = 40
# Evidence shows a dozen; what a flood of others say is not worth the time.
_MOST_TOLD = 2000


def tries_in_captures(rows: Sequence[Row], known: Map, inventory: Inventory) -> list[Try]:
    """Return a try for every handshake that got an answer: completed, refused, or not seen to end.

    SSH hides who was accepted, and TLS 1.3 without its secrets hides certificates and refusals:
    such a try is no more than reached.
    """
    found, told = [], _Told(inventory)
    for row in rows:
        made = _try(row, known, told)
        if made is not None:
            found.append(made)
    return found


def addresses_from(rows: Sequence[Row], inventory: Inventory) -> dict[str, str]:
    """Return hosts by the IP address from which their certificates were presented.

    A client certificate counts for its sender; where both stores hold the same, either role does.
    An address that presents certificates of two nodes belongs to neither.
    """
    seen: dict[str, set[str]] = {}
    for row in rows:
        for end in ("client", "server"):
            held = inventory.of_serial(leaf_serial(row, end) or "")
            if held is not None and row[end]:
                seen.setdefault(str(row[end]), set()).add(held.host)
    return {address: hosts.pop() for address, hosts in seen.items() if len(hosts) == 1}


def leaf_serial(row: Row, end: str) -> str | None:
    """Return the serial of the leaf of "client" or "server", "" for none sent, None if not seen."""
    serials = row[f"{end}_serials"]
    if not isinstance(serials, (tuple, list)):
        return None
    return str(serials[0]) if serials else ""


def _try(row: Row, known: Map, told: "_Told") -> Try | None:
    fate, cause, side, packet, words, meaning = _ending(row)
    if fate is None:
        return None
    name = str(row["sni"] or "")
    client_serial, server_serial = leaf_serial(row, "client"), leaf_serial(row, "server")
    evidence = [Evidence(EvidenceKind.PACKET, str(row["file"]), words, packet=packet)]
    for column, end in (("client", client_serial), ("server", server_serial)):
        if end is not None:
            evidence.append(told.evidence(row, column, end))
    return Try(
        client=known.peer(str(row["client"] or ""), _number(row["client_port"])),
        server=known.peer(str(row["server"] or ""), _number(row["server_port"])),
        fate=fate,
        cause=cause,
        side=side,
        evidence=tuple(evidence),
        words=words,
        name=name,
        time=packet_moment(row["time"]),
        client_serial=client_serial,
        server_serial=server_serial,
        handshake=str(row["random"] or ""),
        trouble=meaning.trouble if meaning else None,
        row=meaning.row if meaning else None,
    )


Ending = tuple[Fate | None, Cause, Side | None, int | None, str, Meaning | None]


def _ending(row: Row) -> Ending:
    for packet, sender, level, number in row["alerts"] or ():  # type: ignore[attr-defined]
        if level != FATAL:
            continue
        # Who sends it judged what the other end presented; other alerts judge no certificate.
        judged = number in CERTIFICATE_ALERTS | OPEN_ALERTS
        side = (Side.CLIENT if sender == "server" else Side.SERVER) if judged else None
        meaning = alert_meaning(number)
        cause = meaning.cause
        sent_none = side is Side.CLIENT and leaf_serial(row, "client") == ""
        if sent_none and number in (_SILENT, *ALERT_CAUSES):
            cause, meaning = Cause.NO_CERTIFICATE, Meaning(Fate.REFUSED, Cause.NO_CERTIFICATE)
        words = f"the {sender} sent the alert {ALERT_NAMES.get(number, number)} ({number})"
        if number in CERTIFICATE_ALERTS and side is not None:
            words += f": it refused the certificate of the {side.value}"
        return meaning.fate, cause, side, packet, words, meaning
    first = _number(row["first_packet"])
    hidden = row["protocol"] != "TLS" or str(row["version"]) == "TLS 1.3"
    hidden = hidden and not row["decrypted"]
    if row["complete"] and not hidden:
        told = f"the TLS handshake from {row['client']} to {row['server']} completed"
        return Fate.WORKED, Cause.ACCEPTED, None, first, told, None
    if row["server_hello"] is not None:
        told = f"{row['server']} answered {row['client']} over {row['protocol']}; {row['note']}"
        return Fate.REACHED, Cause.OTHER, None, first, told, None
    return None, Cause.OTHER, None, None, "", None


class _Told:
    """What certificates say, each told once: many connections show the same."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._words: dict[tuple[object, ...], str] = {}

    def evidence(self, row: Row, end: str, serial: str) -> Evidence:
        packet = _number(row[f"{end}_certificates_packet"])
        key = (serial, end, row[f"{end}_chain"])
        words = self._words.get(key)
        if words is None:
            words = whose(serial, end, self._inventory)
            if len(self._words) < _MOST_TOLD:
                words = self._words[key] = self._described(row, end, serial, words)
        return Evidence(EvidenceKind.PACKET, str(row["file"]), words, packet=packet, serial=serial)

    def _described(self, row: Row, end: str, serial: str, words: str) -> str:
        chain = row[f"{end}_chain"]
        held = self._inventory.of_serial(serial)
        view = chain_view(chain) if serial and isinstance(chain, tuple) else None
        view = held.certificate if held is not None else view
        return words if view is None else f"{words}: {describe(view)}"


def whose(serial: str | None, end: str, inventory: Inventory) -> str:
    """Return in words whose certificate an end presented, as far as the archive's files tell."""
    if serial is None:
        return ""
    if not serial:
        return f"the {end} sent no certificate"
    held = inventory.of_serial(serial)
    if held is None:
        return f"the {end}'s certificate, not among the archive's files"
    stores = [kind.value for kind in Store if (other := inventory.held.get((held.host, kind)))
              and other.certificate.serial_hex == serial]  # fmt: skip
    kinds = "both stores hold it" if len(stores) > 1 else f"the {stores[0]} store's"
    return f"the certificate of {held.host or 'the node'}: {kinds}"


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int) else None
