"""What an upgrade does to a node's two stores and to its mode."""

from dataclasses import replace

from ekukit.errors import InputError
from ekukit.expressway.administration import UNKNOWN_MESSAGE, Answer
from ekukit.expressway.node import Expressway, Mode, Release, Store

_ORDER = list(Release)
_SAME_STORES = "Up to X15.4 there is one store; the upgrade leaves its certificate in place"
_TWO_STORES = "Both stores are there already; that an upgrade leaves them alone is assumed"
_COPIED = "Server certificate and key are copied into the client store, so both show one serial"
_NOTHING_TO_COPY = "The server store is empty, so there is nothing to copy into the client store"
_MODE_IS_NEW = "The EKU checking mode is new here, and On (E1)"
_SAME_RELEASE = "Upgrade Core and Edge to the same release (R7)"
_BREAKS = {
    True: "The copy lacks clientAuth: responders that check EKUs refuse it (E3). On Core the "
    "upgrade itself can take the UC zone down, which X15.4 validates one way (E15)",
    False: "The copy has clientAuth, so nothing breaks at the upgrade; the next renewal without "
    "it is the break (E9)",
}


def upgrade(node: Expressway, to: Release = Release.X15_5) -> Answer:
    """Return the node after an upgrade; to X15.5 the server store is copied to the client store.

    Raises InputError for the release that the node has already, or an earlier one. Rests on S1
    and S4. The mode is set to its default, On (E1), and settings of X15.4 are gone (S8). Not
    checked: whether the release can be reached in one step, licenses, and free space.
    """
    if _ORDER.index(to) <= _ORDER.index(node.release):
        later = ", ".join(_ORDER[_ORDER.index(node.release) + 1 :]) or "none"
        msg = f"{node.fqdn} has {node.release}; it cannot be upgraded to {to}. Later ones: {later}"
        raise InputError(msg)
    if not to.has_client_store or node.release.has_client_store:
        reason = _TWO_STORES if to.has_client_store else _SAME_STORES
        return _answer(replace(node, release=to), ("S1",), reason, ())
    copy = replace(node.server, kind=Store.CLIENT)
    found = node.server.certificate
    lacks = found is not None and found.lacks_client_auth
    reason = _COPIED if found else _NOTHING_TO_COPY
    upgraded = replace(node, release=to, client=copy, eku_checking=Mode.ON)
    breaks = (_BREAKS[lacks],) if found else ()
    return _answer(upgraded, ("S4",), reason, (_MODE_IS_NEW, *breaks, _SAME_RELEASE))


def _answer(
    node: Expressway, facts: tuple[str, ...], reason: str, warnings: tuple[str, ...]
) -> Answer:
    return Answer(
        accepted=True,
        message=UNKNOWN_MESSAGE,
        quoted=False,
        node=node,
        facts=facts,
        menu="",
        reason=reason,
        warnings=warnings,
    )
