"""The verb `request`: what to order for a slot, as signing request, configuration and points."""

from collections.abc import Iterable
from os import PathLike
from typing import Annotated, Any, TypedDict, Unpack

from ekukit.diagnosis.rebuild.given_deployment import STAND_IN
from ekukit.errors import InputError
from ekukit.orders.order_texts import openssl_config
from ekukit.orders.signing import KEYS, sign_request
from ekukit.orders.slot_needs import (
    SLOTS,
    SlotNeeds,
    goes_public,
    needs_by_name,
    needs_of,
    peers_of,
    slot_of,
)
from ekukit.verbs.inspect import RoleOption
from ekukit.verbs.issue import host_name
from ekukit.verbs.known_case import CaseOption, KnownCase, RedactOption, known_case
from ekukit.verbs.option import Option, a_path, signed, taken
from ekukit.verbs.requested import Requested, SlotRequest, files_of
from ekukit.whole_files import write_new

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
    redact: RedactOption
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


@signed(RequestOptions)
def request(slot: str, **options: Unpack[RequestOptions]) -> Requested:
    """Return what to order for a slot ("core-client"): names, EKUs, subject, and points to keep.

    Names and subject are those of the certificate that it follows, the node's and the cluster's
    (E8), from a `case`: a condition or archives; without one give `names`. With `folder` a key
    and a request are written for each node, beside an openssl configuration and the points. With
    `redact` names are pseudonyms, and nothing is written, since a request needs the real ones.
    Raises InputError for a slot, name or value that is not known, and for what cannot be written.
    """
    chosen = taken("request", RequestOptions, dict(options))
    wanted = slot_of(slot)
    known = _known(chosen)
    if known is not None and known.hidden is not None:
        chosen["names"] = known.hidden.hosts(chosen["names"] or ())
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
        files |= files_of(one, number, is_lab=known is not None and known.is_lab)
    if chosen["folder"]:
        write_new(chosen["folder"], files)
    paths = tuple(chosen["folder"] / name for name in files) if chosen["folder"] else ()
    ec = (_EC,) if not KEYS[chosen["key"]].startswith("RSA") else ()
    # An order rests on no handshake.
    of_case = [told for told in (known.notes if known else ()) if told != STAND_IN]
    found = Requested(requests, paths, (_CA_DECIDES, *ec, *of_case))
    if known is not None:
        known.refuse(found.json(), "the order")
    return found


def _known(chosen: dict[str, Any]) -> KnownCase | None:
    """Return the case, under pseudonyms where that is asked; None without one."""
    if chosen["redact"] and (chosen["folder"] or not chosen["case"]):
        msg = "--redact hides the names of a case in what is printed; give --case"
        if chosen["folder"]:
            msg = "--redact and --folder: a request with pseudonyms is of no use; give one of them"
        raise InputError(msg)
    known = known_case(chosen["case"], chosen["role"]) if chosen["case"] else None
    return known.under_pseudonyms() if known is not None and chosen["redact"] else known


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
