"""Why a verdict means what it means: reasons by cause and side, and the words that fill them."""

from ekukit.connections.catalog import ROWS
from ekukit.connections.cause_table import NETWORK_CAUSES, OWN_CAUSES, CauseRow, Reason
from ekukit.connections.handshake import Cause, EkuCheck, Handshake, Protocol, Side, Verdict
from ekukit.connections.outcome import Outcome
from ekukit.connections.path_causes import PATH_CAUSES
from ekukit.connections.path_ends import path_end
from ekukit.expressway import FarEndKind, Store
from ekukit.expressway.farkinds import FAR_ROWS

CHECKS: dict[tuple[Protocol, EkuCheck], str] = {
    (Protocol.TLS, EkuCheck.CLIENT_AUTH): "{judge} demands clientAuth{mode}",
    (Protocol.TLS, EkuCheck.BYPASSED): "{judge} takes serverAuth too{mode}",
    (Protocol.TLS, EkuCheck.IGNORED): "{judge} does not look at EKUs",
    (Protocol.TLS, EkuCheck.BY_STACK): "{judge} takes these EKUs, as its stack did when tried",
    (Protocol.TLS, EkuCheck.NOT_ASKED): "{judge} asks for no certificate",
    (Protocol.SSH, EkuCheck.CLIENT_AUTH): "SSH at {judge}: clientAuth is demanded in every mode",
}

# Where a certificate is put right, by the store that presents it (None: a far end).
PAGES: dict[Store | None, str] = {
    Store.CLIENT: "Maintenance > Security > Client certificate",
    Store.SERVER: "Maintenance > Security > Server certificate",
    None: "at {who}, by whoever runs it",
}
TRUST_PAGE = "Maintenance > Security > Trusted CA certificate"
ZONE_NAME_PAGE = "Configuration > Zones > Zones, TLS verify subject name"
# Where trust is put right: on an Expressway or at a far end.
LISTS: dict[bool, str] = {
    True: f"{{judge}}'s trusted CA list ({TRUST_PAGE})",
    False: "the trust store of {judge}",
}


def far_list(kind: FarEndKind, judge: str = "") -> str:
    """Return where a far end has the CAs that it trusts."""
    row = FAR_ROWS[kind]
    return row.trust_list or LISTS[False].format(judge=judge or row.title)


CAUSES: dict[Cause, CauseRow] = {**OWN_CAUSES, **PATH_CAUSES}
UNDOCUMENTED = frozenset(cause for cause, row in CAUSES.items() if not row.is_documented)
REASONS: dict[tuple[Cause, Side | None], Reason] = {
    (Cause.ACCEPTED, None): Reason(
        found="{judge} accepted {who}'s {store} certificate ({ekus})",
        check="",
        todo="Nothing.",
        facts=(),
    ),
    **{(cause, None): reason for cause, reason in NETWORK_CAUSES.items()},
    **{
        (cause, side): reason
        for cause, row in CAUSES.items()
        for side, reason in row.reasons().items()
    },
}


# The list holds every CA above by name and key: putting them there again changes nothing.
LISTED = (
    "Re-issue it: its CAs are in {list} already, and its authority key identifier or another "
    "extension does not fit them."
)


def is_listed(handshake: Handshake, verdict: Verdict) -> bool:
    """Return whether a path is refused as untrusted though the list holds all CAs above it."""
    client = verdict.judged is not Side.SERVER
    shows, judges = handshake.client, handshake.server
    if not client:
        shows, judges = judges, shows
    chain = shows.certificate.chain if shows.certificate else ()
    listed = {ca.identity for ca in judges.trusted}
    whole = bool(chain) and chain[-1].is_root and all(ca.identity in listed for ca in chain)
    return verdict.cause is Cause.UNTRUSTED and whole


def todo_template(handshake: Handshake, verdict: Verdict) -> str:
    """Return what is to be done about a verdict, with words in braces to be filled in."""
    reason = REASONS[verdict.cause, verdict.judged]
    shows, judges = handshake.client, handshake.server
    if verdict.judged is Side.SERVER:
        shows, judges = judges, shows
    if verdict.cause is Cause.UNTRUSTED and (end := path_end(shows.certificate, judges.trusted)):
        return end.todo
    if is_listed(handshake, verdict):
        return LISTED
    above = shows.certificate.chain if shows.certificate is not None else ()
    if verdict.cause is Cause.UNTRUSTED and len(above) == 1 and above[0].is_root:
        return _ROOT_ALONE
    return (reason.todo_of_ca if verdict.depth else "") or reason.todo


_ROOT_ALONE = "Put {issuer} into {list}."
# For a picture, which has room for few words.
_NOT_REACHED = {
    Cause.UNREACHED.value: "no answer on {port}",
    Cause.UNRESOLVED.value: "name does not resolve",
}


def not_reached(outcome: Outcome) -> str:
    """Return in few words why nothing crossed, "" where something did or nothing was tried."""
    said = _NOT_REACHED.get(outcome.code.partition(".")[2], "")
    return said and said.format(port=ROWS[outcome.connection].port)
