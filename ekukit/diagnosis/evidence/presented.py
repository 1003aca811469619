"""Who presented what to whom in the captures, as plain values for shell and JSON."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from cryptography import x509

from ekukit.capture.packet_times import packet_time
from ekukit.certificates import eku_words, read_x509
from ekukit.certificates.certificate import common_name
from ekukit.connections.alert_names import ALERT_NAMES, CERTIFICATE_ALERTS, FATAL
from ekukit.diagnosis.evidence.captured import leaf_serial
from ekukit.frames import Row

# What is told of the leaf that an end presented, by its columns "client_subject" and so on.
LEAF_COLUMNS = ("subject", "ekus", "issuer")
_PLAIN = ("file", "first_packet", "protocol", "client", "client_port", "server", "server_port",
          "version", "sni", "certificate_request", "decrypted", "complete", "note")  # fmt: skip


def handshake_values(
    given: Sequence[Row], most: int | None = None
) -> tuple[list[dict[str, object]], int]:
    """Return the handshakes in the order of the captures, and how many were left out.

    With `most`, refused and broken ones are left out last. Each has the plain columns of the
    table, `time`, the leaf of both ends (`server_certificate`, `client_certificate`; None where
    none was seen, its values None for an empty answer) and `alerts` in words, with whose
    certificate each refused.
    """
    rows = given
    if most is not None and len(given) > most:
        places = sorted(range(len(given)), key=lambda place: _rank(given[place]))[:most]
        rows = [given[place] for place in sorted(places)]
    return [_values(row) for row in rows], len(given) - len(rows)


def _rank(row: Row) -> int:
    refused = any(level == FATAL for *_, level, _ in _alerts(row))
    return bool(row["complete"]) + (not refused)


def _values(row: Row) -> dict[str, object]:
    return {
        **{name: row[name] for name in _PLAIN},
        "time": packet_time(row["time"]),
        "server_certificate": _presented(row, "server"),
        "client_certificate": _presented(row, "client"),
        "alerts": [_alert(*alert) for alert in _alerts(row)],
    }


def _alerts(row: Row) -> Iterable[tuple[int, str, int, int]]:
    found = row["alerts"]
    return found if isinstance(found, (tuple, list)) else ()


def _alert(packet: int, sender: str, level: int, number: int) -> dict[str, object]:
    return {
        "packet": packet, "sender": sender, "fatal": level == FATAL, "number": number,
        "name": ALERT_NAMES.get(number), "refused": refused_by(sender, level, number),
        "text": alert_words(sender, level, number),
    }  # fmt: skip


def refused_by(sender: str, level: int, number: int) -> str | None:
    """Return whose certificate a fatal alert refuses, "client" or "server"; None for no one's."""
    if level != FATAL or number not in CERTIFICATE_ALERTS:
        return None
    return "client" if sender == "server" else "server"


def alert_words(sender: str, level: int, number: int) -> str:
    """Return an alert in a sentence: who sent it, what it is called, whose certificate it refuses.

    Source: RFC 8446 clause 6.2 and IANA's registry of TLS alerts.
    """
    kind = "fatal alert" if level == FATAL else "warning"
    name = ALERT_NAMES.get(number, "of no known name")
    refused = refused_by(sender, level, number)
    words = f": it refused the certificate of the {refused}" if refused else ""
    return f"{sender} sent {kind} {number} {name}{words}"


def _presented(row: Row, end: str) -> dict[str, object] | None:
    serial = leaf_serial(row, end)
    if serial is None:
        return None
    return {
        **{column: row.get(f"{end}_{column}") for column in LEAF_COLUMNS},
        "serial": serial or None,
        "packet": row[f"{end}_certificates_packet"],
        "whose": row.get(f"certificate_of_{end}"),
    }


@lru_cache(maxsize=1024)
def leaf_words(der: bytes) -> tuple[str, str, str]:
    """Return name, EKUs and issuer of a certificate in words; nothing is verified."""
    try:
        leaf = x509.load_der_x509_certificate(der)
        view = read_x509(leaf)
        issuer = leaf.issuer.rfc4514_string()
        return view.name, eku_words(view.ekus), common_name(issuer) or issuer
    except Exception:  # noqa: BLE001 - hostile bytes fail in many ways, none of which matters
        return "a certificate that cannot be read", "not read", "not read"
