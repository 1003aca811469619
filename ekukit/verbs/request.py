"""The verb `request`: what to order for a slot, as signing request, configuration and points."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, Unpack

from ekukit.certificates import eku_words
from ekukit.errors import InputError
from ekukit.orders.order_texts import (
    OrderPoint,
    before_upload,
    openssl_config,
    page_points,
    template_points,
)
from ekukit.orders.signing import KEYS, SignedRequest, sign_request
from ekukit.orders.slot_needs import (
    SLOTS,
    SlotNeeds,
    goes_public,
    needs_by_name,
    needs_of,
    peers_of,
    slot_of,
)
from ekukit.printable import escaped
from ekukit.verbs.inspect import RoleOption
from ekukit.verbs.issue import host_name
from ekukit.verbs.known_case import CaseOption, KnownCase, known_case
from ekukit.verbs.option import Option, a_path, signed, taken
from ekukit.whole_files import write_new

if TYPE_CHECKING:
    import pandas as pd

REQUEST_COLUMNS = ("slot", "host", "subject", "names", "eku", "key", "follows", "left_out")
_EC = "No source of this kit says whether Expressway takes a key on a curve."
_CA_DECIDES = (
    "A CA gives what its template or product says, whatever the request asks for (general "
    "practice): look at what comes back before you upload it."
)


def _names(given: str | Iterable[str]) -> tuple[str, ...]:
    names = given.split(",") if isinstance(given, str) else given
    return tuple(host_name(str(name).strip()) for name in names if str(name).strip())


class RequestOptions(TypedDict, total=False):
    """What `request` takes beside a slot."""

    case: CaseOption
    role: RoleOption
    names: Annotated[str | Iterable[str], Option("names to ask for, too", shown="A,B", read=_names)]
    key: Annotated[str, Option(values=tuple(KEYS), default="rsa3072")]
    issuer: Annotated[
        str,
        Option("the CA that is asked (default: private for Core's client store)",
               values=("private", "public"), also=("--for",)),
    ]  # fmt: skip
    on_node: Annotated[
        bool, Option("the node makes key and request; tell what to type there", flag=True)
    ]
    folder: Annotated[
        str | PathLike[str],
        Option("write key (mode 0600), request and the rest there", shown="FOLDER", read=a_path),
    ]


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
        from ekukit.views.tables.order_table import point_table

        told = self.frame.rename(columns=lambda name: name.replace("_", " ").capitalize())
        parts = [table(told, "What to order")]
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


@signed(RequestOptions)
def request(slot: str, **options: Unpack[RequestOptions]) -> Requested:
    """Return what to order for a slot ("core-client"): names, EKUs, subject, and points to keep.

    Names and subject are those of the certificate that it follows, the node's and the cluster's
    (E8), from a `case`: a condition or archives; without one give `names`. With `folder` a key
    and a request are written for each node, beside an openssl configuration and the points.
    Raises InputError for a slot, name or value that is not known, and for what cannot be written.
    """
    chosen = taken("request", RequestOptions, dict(options))
    wanted = slot_of(slot)
    known = known_case(chosen["case"], chosen["role"]) if chosen["case"] else None
    makes_key = bool(chosen["folder"]) and not chosen["on_node"]
    requests = tuple(
        SlotRequest(
            needs,
            chosen["key"],
            openssl_config(needs, chosen["key"]),
            sign_request(needs, chosen["key"]) if makes_key else None,
        )
        for needs in _needs(wanted, known, chosen)
    )
    files: dict[str, bytes] = {}
    for number, one in enumerate(requests, 1):
        files |= _files(one, number, is_lab=known is not None and known.is_lab)
    if chosen["folder"]:
        write_new(chosen["folder"], files)
    paths = tuple(chosen["folder"] / name for name in files) if chosen["folder"] else ()
    ec = (_EC,) if not KEYS[chosen["key"]].startswith("RSA") else ()
    return Requested(requests, paths, (_CA_DECIDES, *ec, *(known.notes if known else ())))


def _needs(slot: str, known: KnownCase | None, chosen: dict[str, Any]) -> tuple[SlotNeeds, ...]:
    names = chosen["names"] or ()
    if known is None:
        if not names:
            msg = "no name to ask for; give --names, or the case whose certificate is followed"
            raise InputError(msg)
        public = _is_public(chosen["issuer"], default=goes_public(SLOTS[slot], None))
        return (needs_by_name(slot, names, public=public),)
    role, store = SLOTS[slot]
    found = []
    for node in peers_of(known.deployment, role):
        if store.value == "client" and not node.release.has_client_store:
            msg = f"{node.fqdn} has {node.release}, which has no client store (S1)"
            raise InputError(msg)
        public = _is_public(chosen["issuer"], default=goes_public(SLOTS[slot], node))
        found.append(needs_of(known.deployment, node, slot, public=public, more=names))
    lacking = [needs.host for needs in found if not needs.names]
    if lacking:
        msg = f"{', '.join(lacking)}: no host name is known; give --names"
        raise InputError(msg)
    return tuple(found)


def _is_public(given: str | None, *, default: bool) -> bool:
    return default if given is None else given == "public"


def _files(found: SlotRequest, number: int, *, is_lab: bool) -> dict[str, bytes]:
    from ekukit.certificates.hostname import is_host_name

    host = found.needs.host if is_host_name(found.needs.host) else f"node{number}"
    stem = f"{host}-{found.needs.slot}"
    files = {f"{stem}.cnf": found.openssl.encode(), f"{stem}-order.txt": _order(found).encode()}
    if found.signed is not None:
        files[f"{stem}.csr"] = found.signed.csr
        files[f"{stem}-key{'-TEST-ONLY' if is_lab else ''}.pem"] = found.signed.key
    return files


def _order(found: SlotRequest) -> str:
    from ekukit.printable import visible

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
