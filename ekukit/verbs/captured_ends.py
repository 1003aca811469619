"""What the ends of a handshake presented in a capture, as certificates to judge."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509

from ekukit.capture.packet_times import packet_moment
from ekukit.capture.reader import capture_rows
from ekukit.connections import Side
from ekukit.errors import InputError
from ekukit.frames import Row

_MOST_NAMED = 12


def presented_in(
    capture: Path, packets: dict[Side, int | None]
) -> tuple[dict[Side, list[x509.Certificate]], datetime | None]:
    """Return what each of these sides presented, leaf first, and when the capture begins.

    `packets` has the first packet of the side's handshake, as `handshakes` and Wireshark tell it;
    None where the capture shows one chain of that side alone. Raises InputError for a capture that
    cannot be read, a packet at which no such handshake begins, and a choice that is not given.
    """
    rows = capture_rows(capture).rows
    found = {side: _chain(rows, capture, side, packet) for side, packet in packets.items()}
    times = filter(None, (packet_moment(row["time"]) for row in rows))
    return found, min(times, default=None)


def _chain(
    rows: Sequence[Row], capture: Path, side: Side, packet: int | None
) -> list[x509.Certificate]:
    shown = [(row["first_packet"], chain) for row in rows
             if isinstance(chain := row[f"{side.value}_chain"], tuple) and chain]  # fmt: skip
    if packet is None and len({chain for _, chain in shown}) == 1:
        return _read(shown[0][1], f"{capture}: the {side.value}")
    fitting = [chain for first, chain in shown if first == packet]
    if packet is not None and fitting:
        return _read(fitting[0], f"{capture}, packet {packet}")
    what = f"a handshake that shows a {side.value} certificate"
    if not shown:
        msg = f"{capture}: {what} is not seen; TLS 1.3 hides it: give --{side.value} FILE"
    else:
        firsts = [str(first) for first, _ in shown]
        many = f" and {len(firsts) - _MOST_NAMED} more" if len(firsts) > _MOST_NAMED else ""
        wrong = f"at packet {packet} begins none" if packet is not None else "there are several"
        msg = (
            f"{capture}: {wrong}; give as --{side.value}-packet the first packet of {what}, "
            f"one of: {', '.join(firsts[:_MOST_NAMED])}{many}"
        )
    raise InputError(msg)


def _read(chain: tuple[bytes, ...], where: str) -> list[x509.Certificate]:
    found = []
    for place, der in enumerate(chain):
        try:
            found.append(x509.load_der_x509_certificate(der))
        except ValueError as error:
            msg = (
                f"{where}: certificate {place + 1} of the chain cannot be read ({error}); give the "
                "certificate as a file"
            )
            raise InputError(msg) from None
    return found
