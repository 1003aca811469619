"""Single faults as changes of a handshake: what is wrong with one end's certificate."""

from collections.abc import Callable
from dataclasses import replace

from ekukit.certificates import SERVER_AUTH, CaCertificate, Certificate, utc
from ekukit.certificates.authority import internal_authority
from ekukit.connections import Handshake, Side
from ekukit.connections.handshake import End

Fault = Callable[[Handshake, Side], Handshake]
STRANGER = internal_authority("CA 9")
CODE_SIGNING = "1.3.6.1.5.5.7.3.3"


def _leaf(**changes: object) -> Fault:
    def fault(handshake: Handshake, side: Side) -> Handshake:
        found = end(handshake, side).certificate
        return _with(handshake, side, found.moved(**changes) if found else None)

    return fault


def end(handshake: Handshake, side: Side) -> End:
    """Return one end of a handshake."""
    return handshake.client if side is Side.CLIENT else handshake.server


def _with(handshake: Handshake, side: Side, certificate: Certificate | None) -> Handshake:
    changed = replace(end(handshake, side), certificate=certificate)
    return _set(handshake, side, changed)


def _set(handshake: Handshake, side: Side, changed: End) -> Handshake:
    if side is Side.CLIENT:
        return replace(handshake, client=changed)
    return replace(handshake, server=changed)


def _other(side: Side) -> Side:
    return Side.SERVER if side is Side.CLIENT else Side.CLIENT


def _wrong_ca(handshake: Handshake, side: Side) -> Handshake:
    found = end(handshake, side).certificate
    chain = (STRANGER.issuing, STRANGER.root)
    return _with(handshake, side, found.moved(chain=chain) if found else None)


def _issuing_not_trusted(handshake: Handshake, side: Side) -> Handshake:
    found = end(handshake, side).certificate
    judge = end(handshake, _other(side))
    issuing: set[CaCertificate] = {found.chain[0]} if found else set()
    return _set(handshake, _other(side), replace(judge, trusted=judge.trusted - issuing))


def _server_only_ca(handshake: Handshake, side: Side) -> Handshake:
    found = end(handshake, side).certificate
    if found is None:
        return handshake
    issuing, *above = found.chain
    limited = replace(issuing, ekus=(SERVER_AUTH,))
    judge = end(handshake, _other(side))
    trusted = frozenset(limited if ca == issuing else ca for ca in judge.trusted)
    changed = _set(handshake, _other(side), replace(judge, trusted=trusted))
    return _with(changed, side, found.moved(chain=(limited, *above)))


FAULTS: dict[str, Fault] = {
    "expired": _leaf(not_after=utc("2026-06-14")),
    "not-yet-valid": _leaf(not_before=utc("2026-06-16")),
    "wrong-name": _leaf(subject="CN=other.example.com", names=("other.example.com",)),
    "wrong-ca": _wrong_ca,
    "issuing-ca-not-trusted": _issuing_not_trusted,
    "serverauth-only-issuing-ca": _server_only_ca,
    "serverauth-only": _leaf(ekus=(SERVER_AUTH,)),
    "foreign-eku": _leaf(ekus=(CODE_SIGNING,)),
    "no-certificate": lambda handshake, side: _with(handshake, side, None),
}
