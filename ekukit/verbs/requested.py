"""What to order for a slot, in every shape: a table, points, JSON, the files of an order."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ekukit.certificates import eku_words
from ekukit.certificates.hostname import is_host_name
from ekukit.orders.order_texts import OrderPoint, before_upload, page_points, template_points
from ekukit.orders.signing import SignedRequest
from ekukit.orders.slot_needs import SlotNeeds
from ekukit.printable import escaped, visible

if TYPE_CHECKING:
    import pandas as pd

REQUEST_COLUMNS = ("slot", "host", "subject", "names", "eku", "key", "follows", "left_out")


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """The order of one slot of one node; `signed` is None where nothing was written."""

    needs: SlotNeeds
    key: str
    openssl: str
    signed: SignedRequest | None = None

    @property
    def subject(self) -> str:
        """Return the subject in words."""
        return ", ".join(f"{part}={value}" for part, value in self.needs.subject)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Requested:
    """What to order for a slot, for each node of its side, and the files that were written.

    A notebook shows it as a table and points; `json()` is what the shell prints. A private key
    stands in its file alone.
    """

    requests: tuple[SlotRequest, ...]
    files: tuple[Path, ...]
    notes: tuple[str, ...]

    @property
    def frame(self) -> "pd.DataFrame":
        """Return one row for each node; columns REQUEST_COLUMNS, dtype string, lists by commas."""
        import pandas as pd

        rows = [
            (one.needs.slot, one.needs.host, one.subject, ", ".join(one.needs.names),
             eku_words(one.needs.ekus), one.key, one.needs.follows, "; ".join(one.needs.left_out))
            for one in self.requests
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(REQUEST_COLUMNS), dtype="string")

    def json(self) -> str:
        """Return what `ekukit request --json` prints."""
        data = {
            "requests": [_data(one) for one in self.requests],
            "files": list(map(str, self.files)),
            "notes": list(self.notes),
        }
        return escaped(json.dumps(data, indent=2, ensure_ascii=False))

    def __repr__(self) -> str:
        """Return how many orders and files there are, in one line."""
        return f"<Requested: orders {len(self.requests)}; files {len(self.files)}>"

    def _repr_html_(self) -> str:
        from ekukit.views.html import page, paragraphs, table
        from ekukit.views.tables.order_table import headed, point_table

        parts = [table(headed(self.frame), "What to order")]
        for one in self.requests[:1]:
            parts += [table(point_table(told), title) for title, told in points_of(one).items()]
        return page(*parts, paragraphs(self.notes))


def points_of(found: SlotRequest) -> dict[str, tuple[OrderPoint, ...]]:
    """Return under a heading each what to keep with the node, a Microsoft CA, and afterwards."""
    told = {
        "On the node's page": tuple(page_points(found.needs)),
        "In a template of a Microsoft CA": tuple(template_points(found.needs)),
        "Before the upload": tuple(before_upload(found.needs)),
    }
    return {title: points for title, points in told.items() if points}


def files_of(found: SlotRequest, number: int, *, is_lab: bool) -> dict[str, bytes]:
    """Return the files of an order by name; `number` stands for a node without a host name."""
    host = found.needs.host if is_host_name(found.needs.host) else f"node{number}"
    stem = f"{host}-{found.needs.slot}"
    files = {f"{stem}.cnf": found.openssl.encode(), f"{stem}-order.txt": _order(found).encode()}
    if found.signed is not None:
        files[f"{stem}.csr"] = found.signed.csr
        files[f"{stem}-key{'-TEST-ONLY' if is_lab else ''}.pem"] = found.signed.key
    return files


def _order(found: SlotRequest) -> str:
    lines = [f"{found.needs.slot} of {found.needs.host}", f"Subject: {found.subject}",
             f"Names: {', '.join(found.needs.names)}", f"EKUs: {eku_words(found.needs.ekus)}",
             f"Why these: {found.needs.why}"]  # fmt: skip
    for title, points in points_of(found).items():
        lines += ["", f"{title}:", *(f"- {point.text} ({point.source})" for point in points)]
    return "\n".join(map(visible, lines)) + "\n"


def _data(found: SlotRequest) -> dict[str, object]:
    needs = found.needs
    return {
        "slot": needs.slot,
        "host": needs.host,
        "subject": found.subject,
        "names": list(needs.names),
        "eku": eku_words(needs.ekus),
        "why": needs.why,
        "key": found.key,
        "for": "public" if needs.public else "private",
        "follows": needs.follows or None,
        "left_out": list(needs.left_out),
        "csr": found.signed.csr.decode() if found.signed else None,
        "openssl": found.openssl,
        "points": {
            title: [{"text": point.text, "source": point.source} for point in points]
            for title, points in points_of(found).items()
        },
    }
