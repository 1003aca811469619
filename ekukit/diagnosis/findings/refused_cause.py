"""Why a certificate was refused, by words and by the certificates that the archive holds.

Words tell what was refused at a moment, files what a store holds: where the two do not fit, another
certificate was refused, or something was changed since.
"""

from dataclasses import dataclass, replace

from ekukit.connections import Cause, Side
from ekukit.diagnosis.evidence.inventory import Held
from ekukit.diagnosis.evidence.purposes import in_time, purpose_fault
from ekukit.diagnosis.evidence.refusal_sentences import end_words, refused_certificate, replacement
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.evidence.tries import Try
from ekukit.diagnosis.findings.finding import CONTINUED, Confidence, Draft
from ekukit.expressway import Store

_INITIATOR = "Maintenance > Security > Client certificate on the initiator"
_SILENT = (
    " Some stacks silently send none when theirs lacks clientAuth: look at the EKUs of the "
    "certificate that {who} has."
)
_REPLACED = (
    " The {kind} store holds a certificate that this does not fit (serial {serial}), so {then}."
)
_ANOTHER = "another one was refused"
_CLOCK = " If it is the same one, the clock of {judge} was wrong (NTP)."
_STORED = " The {kind} store holds one (serial {serial}): uploaded since, or not sent."
_SEE_FIRST = (
    "See first whether it connects now: {what} since, or the node has not been restarted since "
    "the upload. If it fails again, a capture shows which certificate is presented."
)
# What beside the certificate may have been other when it was refused: in the finding, in the step.
_CHANGED = {
    Cause.UNTRUSTED: (
        f"{_ANOTHER}, or the trusted CA list, which now holds the CAs above it, was changed since",
        "the certificate or the trusted CA list was changed",
    ),
    Cause.NAME: (
        f"{_ANOTHER}, or the name that is expected was changed since",
        "the certificate or the expected name was changed",
    ),
}
_SAME = (_ANOTHER, "the certificate was replaced")
_UPLOADED = "the certificate was uploaded"
_NOW = "Status of the zone or tunnel now; the time of the last restart against that of the upload"
# What OpenSSL finds in a path, so that a path which it accepts was not refused for it.
_OF_PATHS = frozenset((
    Cause.UNTRUSTED, Cause.KEY_USAGE, Cause.NOT_A_CA, Cause.PATH_LENGTH, Cause.NAME_CONSTRAINTS,
    Cause.CRITICAL_EXTENSION, Cause.WEAK_KEY, Cause.WEAK_DIGEST, Cause.SIGNATURE, Cause.MALFORMED,
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class RefusedCause:
    """The cause, the refused certificate, and the one that is stored where that is another one."""

    cause: Cause
    held: Held | None
    stored: Held | None


def refused_cause(seen: Seen, found: Try, name: str, expected: str) -> RefusedCause:
    """Return the cause that words and certificate tell; `expected` is the name looked for.

    "Unfit for its purpose" stands for several faults; a certificate with none of them cannot be
    the one that was refused so, unless a capture shows that it was; nor can one that was in time
    be refused for its dates, nor one be refused for its path or name whose path OpenSSL accepts
    at that node, or that holds the name.
    """
    held = refused_certificate(found, seen.inventory)
    stored = replacement(found, seen.inventory)
    captured = found.client_serial if found.side is Side.CLIENT else found.server_serial
    if found.cause is Cause.NO_CERTIFICATE:
        own = seen.inventory.held.get((found.client.host or "", Store.CLIENT))
        return RefusedCause(found.cause, None, None if own is None or own.shown else own)
    if held is None or stored is not None or found.side is None:
        return RefusedCause(found.cause, held, stored)
    if found.cause is Cause.EKU:
        fault = purpose_fault(held, found.side)
        if fault is not None:
            return RefusedCause(fault, held, None)
        return RefusedCause(Cause.OTHER, held, None) if captured else _another(found, held)
    if not captured and _does_not_fit(seen, found, name, held, expected):
        return _another(found, held)
    return RefusedCause(found.cause, held, None)


def _another(found: Try, held: Held) -> RefusedCause:
    return RefusedCause(found.cause, None, held)


def _does_not_fit(seen: Seen, found: Try, name: str, held: Held, expected: str) -> bool:
    """Return whether a certificate has nothing of what the words say of the one refused."""
    if found.cause in (Cause.EXPIRED, Cause.NOT_YET_VALID):
        return found.time is not None and in_time(held, found.time)
    if found.cause is Cause.NAME:
        return expected.lower() in {name.lower() for name in held.certificate.answers_to}
    client, server = found.client.host or "", found.server.host or ""
    judge = server if found.side is Side.CLIENT else client
    if found.cause is Cause.UNTRUSTED and not _lists_all(seen, judge, held):
        return False  # what is sent beside it in the files may not have been sent
    return found.cause in _OF_PATHS and (name, client, server, found.side) in seen.accepted


def _lists_all(seen: Seen, judge: str, held: Held) -> bool:
    """Return whether a node's list holds every CA that is known above a certificate."""
    own = {ca.identity for ca in seen.inventory.trusted.get(judge, ())}
    return all(ca.identity in own for ca in held.certificate.chain)


def qualified(draft: Draft, found: Try, told: RefusedCause, *, healed: str) -> Draft:
    """Return the draft with what makes a refusal less sure, less bad, or asks for another look."""
    if told.cause is Cause.NO_CERTIFICATE:
        draft = _of_none(draft, found, told.stored)
    if healed:
        draft = draft.taken_back(healed)
    elif told.stored is not None and told.cause is not Cause.NO_CERTIFICATE:
        draft = _of_another(draft, told.cause, told.stored)
    return draft.taken_back(CONTINUED) if found.continues else draft


def _of_none(draft: Draft, found: Try, stored: Held | None) -> Draft:
    """Return the draft of a certificate that was not sent, with what the store holds."""
    text, todo = _SILENT.format(who=end_words(found.client)), draft.todo
    if stored is not None:
        text = f"{_STORED.format(kind=stored.store, serial=stored.certificate.serial_hex)}{text}"
        todo = _SEE_FIRST.format(what=_UPLOADED)
    return replace(draft, found=f"{draft.found}{text}", decide=_INITIATOR, todo=todo)


def _of_another(draft: Draft, cause: Cause, stored: Held) -> Draft:
    then, what = _CHANGED.get(cause, _SAME)
    serial = stored.certificate.serial_hex
    text = _REPLACED.format(kind=stored.store.value, serial=serial, then=then)
    text += _CLOCK.format(**draft.words) if cause in (Cause.EXPIRED, Cause.NOT_YET_VALID) else ""
    return replace(
        draft, found=f"{draft.found}{text}", confidence=Confidence.POSSIBLE, decide=_NOW,
        todo=_SEE_FIRST.format(what=what),
    )  # fmt: skip
