"""What the ends of a handshake presented in a capture, as certificates to judge."""

from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from ekukit.connections import Side
from ekukit.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_MOST_NAMED = 12


def presented_in(
    capture: Path, packets: dict[Side, int | None]
) -> tuple[dict[Side, list[x509.Certificate]], "pd.Timestamp | None"]:
    """Return what each of these sides presented, leaf first, and when the capture begins.

    `packets` has the first packet of the side's handshake, as `handshakes` and Wireshark tell it;
    None where the capture shows one chain of that side alone. Raises InputError for a capture that
    cannot be read, a packet at which no such handshake begins, and a choice that is not given.
    """
    # Late, because it loads pandas, which files of certificates do not need.
    from ekukit.capture.reader import read_capture

    table = read_capture(capture)
    found = {side: _chain(table, capture, side, packet) for side, packet in packets.items()}
    times = table["time"].dropna()
    return found, times.min() if len(times) else None


def _chain(
    table: "pd.DataFrame", capture: Path, side: Side, packet: int | None
) -> list[x509.Certificate]:
    column = f"{side.value}_chain"
    shown = table[table[column].map(bool)]
    if packet is None and len(set(shown[column])) == 1:
        return _read(shown[column].iloc[0], f"{capture}: the {side.value}")
    rows = shown[shown["first_packet"] == packet]
    if packet is not None and len(rows):
        return _read(rows[column].iloc[0], f"{capture}, packet {packet}")
    what = f"a handshake that shows a {side.value} certificate"
    if shown.empty:
        msg = f"{capture}: {what} is not seen; TLS 1.3 hides it: give --{side.value} FILE"
    else:
        firsts = [str(first) for first in shown["first_packet"]]
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
