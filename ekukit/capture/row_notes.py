"""What a row of the capture table cannot say in columns: what is hidden, missing or wrong."""

from ekukit.capture.conversation import Found
from ekukit.capture.fields import serial_of
from ekukit.capture.sender import Sender
from ekukit.capture.spoken import RETRY
from ekukit.capture.ssh_stream import CUT, Ssh
from ekukit.capture.tls_messages import (
    CLIENT_HELLO,
    FINISHED,
    HELLO_DONE,
    NAMES,
    REQUEST,
    SERVER_HELLO,
)
from ekukit.capture.tls_secrets import Secrets
from ekukit.capture.tls_stream import SEALED_ALERT, SEALED_FINISHED, Tls

_MOST_NAMES = 3
_UNFIT = "those that it carries do not open it"
_UNASKED = "the server did not ask for a client certificate"
_RESUMED_13 = "resumed session (pre-shared key): no certificates are sent"
_HIDDEN = "TLS 1.3 hides certificates and alerts unless the file carries secrets: "


def tls_notes(found: Found, talk: Tls, secrets: Secrets) -> list[str]:
    """Return notes on a TLS connection; `secrets` are those of the file."""
    asks, answers = talk.sides[found.client], talk.sides[1 - found.client]
    notes = ["the capture begins in the middle of the connection"] * (not found.opened)
    if CLIENT_HELLO not in (*asks.packets, *asks.parts):
        notes.append("no ClientHello seen")
    if RETRY in answers.packets:
        notes.append(f"HelloRetryRequest in packet {answers.packets[RETRY]}")
    elif SERVER_HELLO not in (*answers.packets, *answers.parts):
        notes.append("no ServerHello seen")
    if talk.is_13:
        notes += _notes_13(talk, found.client, secrets)
    else:
        notes += _notes_12(answers)
    if asks.chain == ():
        notes.append("the client sent an empty Certificate message: no client certificate")
    for who, side in (("client", asks), ("server", answers)):
        notes += [f"{NAMES[kind]} of the {who} (packet {at}) is not all there"
                  for kind, at in side.parts.items() if kind not in side.packets]  # fmt: skip
        notes += [f"{who}, {fault}" for fault in side.faults]
        if side.leaf and side.chain is None:
            notes.append(f"the leaf of the {who} has serial {serial_of(side.leaf)}")
        if side.missing:
            notes.append(f"{side.missing} bytes from the {who} are missing: not all could be read")
    return notes


def _notes_12(answers: Sender) -> list[str]:
    if SERVER_HELLO not in answers.packets or answers.missing:
        return []
    if HELLO_DONE not in answers.packets:
        resumed = answers.encrypted and answers.chain is None
        return ["resumed session: no certificates are sent"] * resumed
    unasked = REQUEST not in answers.packets
    return [_UNASKED] * unasked


def _notes_13(talk: Tls, client: int, secrets: Secrets) -> list[str]:
    if talk.opened:
        return _notes_opened(talk, talk.sides[1 - client])
    carried = talk.random.hex().encode() in secrets
    notes = [_HIDDEN + (_UNFIT if carried else "it carries none")]
    if talk.resumes:
        notes.append(_RESUMED_13)
    sizes = [record.size for record in talk.sealed if record.way == client]
    if sizes[:1] == [SEALED_ALERT]:
        notes.append("the client's first encrypted record has the size of an alert")
    finished = [
        place
        for place, record in enumerate(talk.sealed)
        if record.way == client and record.size >= SEALED_FINISHED
    ]
    after = talk.sealed[finished[0] :] if finished else []
    if [record.size for record in after if record.way != client][:1] == [SEALED_ALERT]:
        notes.append("the server answered Finished with a record of the size of an alert")
    return notes


def _notes_opened(talk: Tls, answers: Sender) -> list[str]:
    notes = ["decrypted with the secrets in the file"]
    if talk.opened < len(talk.sealed):
        notes.append(f"they open {talk.opened} of {len(talk.sealed)} encrypted records")
    if talk.resumes:
        notes.append(_RESUMED_13)
    elif FINISHED in answers.packets and REQUEST not in answers.packets:
        notes.append(_UNASKED)
    return notes


def ssh_notes(talk: Ssh, client: int) -> list[str]:
    """Return notes on an SSH connection; `client` is the client's direction."""
    notes = []
    for who, side in (("client", talk.sides[client]), ("server", talk.sides[1 - client])):
        notes.append(f"{who} {side.banner}" if side.banner else f"no version line of the {who}")
        if side.banner and side.banner.endswith(CUT):
            notes.append(f"the version line of the {who} is not all there")
        if side.missing:
            notes.append(f"{side.missing} bytes from the {who} are missing: not all could be read")
        if side.algorithms:
            more = len(side.algorithms) - _MOST_NAMES
            names = ", ".join(side.algorithms[:_MOST_NAMES]) + (f", {more} more" * (more > 0))
            notes.append(f"host keys the {who} offers: {names}")
    if talk.host_key:
        notes.append(f"host key algorithm: {talk.host_key}")
    notes.append("the client's certificate and the answer to it are encrypted in SSH")
    return notes
