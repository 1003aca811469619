"""A page for whoever runs a far end: what we present, what it must accept, how to test it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from ekukit.certificates import CLIENT_AUTH, Certificate, eku_words
from ekukit.connections import EkuCheck, Handshake
from ekukit.connections.attempts import handshakes
from ekukit.connections.catalog import CATALOG, Connection
from ekukit.connections.handshake import Talk
from ekukit.expressway import Deployment, FarEnd, FarEndKind
from ekukit.expressway.farkinds import FAR_END_TITLES, FAR_ROWS
from ekukit.facts import fact
from ekukit.frames import frame_of
from ekukit.stacks import KNOWN, KnownStack, published
from ekukit.stacks.kinds import EkuKind, issuing_kind, leaf_kind
from ekukit.views.pages.document import Copied, Grid, Part, Section, Words
from ekukit.views.pages.paper import Paper
from ekukit.views.tables.stack_tables import kind_words, taken_table

PRESENTED_COLUMNS = ("When", "Port", "We present", "Its EKUs", "Issued by", "Valid until")
NEEDED_COLUMNS = ("When", "What it takes", "Facts")
FACT_COLUMNS = ("Fact", "What it says (source, how sure)")
RESULT_COLUMNS = ("What comes back", "What it means", "Facts")
YOURS, OURS = "YOUR-HOST", "OUR-HOST"
# In TLS 1.3 a refusal may come when the command has ended; TLS 1.2 tells within the handshake.
COMMAND = (
    "openssl s_client -connect {host}:{port} -tls1_2 -cert client.pem -key client-key.pem "
    "-cert_chain issuing-ca.pem -CAfile server-cas.pem -verify_return_error"
)
_BOTH_ACCEPT = (
    "Both sides accept. Node.js refuses after that, without a word: look into the log of the side "
    "that was called."
)
_REFUSED = (
    "The side that was called refuses the client certificate: most likely for its EKUs. Its log "
    "has the words."
)
_RESULTS = (
    ("“Verify return code: 0 (ok)”, and no “alert”", _BOTH_ACCEPT, "L8, L9"),
    ("alert 43, 46 or 42 (unsupported certificate, certificate unknown, bad certificate)",
     _REFUSED, "L5, L6, L7, L8"),
    ("alert 48 (unknown ca)", "It does not trust the CA of the client certificate.", "T8"),
    ("alert 40 (handshake failure)", "It got no certificate, or is rustls and refuses.", "L8"),
    ("“verify error”", "The caller does not trust the server's CA: server-cas.pem lacks it.", "S3"),
)  # fmt: skip
_NO_USAGE = (
    "Accept a client certificate without clientAuth: the check has to be switched off at your side "
    "(R3), until we present another."
)
_LIMITED = "Accept clientAuth although the issuing CA is limited, which OpenSSL and Go refuse."
_USUAL = "Nothing new about EKUs: clientAuth is there, and no CA above is limited."
_STRICT = "Send a client certificate with clientAuth, from an issuing CA that is not limited."
_DEMANDS = {
    EkuCheck.NOT_ASKED: ("We ask for no certificate of yours.", "E10"),
    EkuCheck.BYPASSED: ("Send a client certificate with serverAuth or clientAuth, not none.", "E4"),
    EkuCheck.IGNORED: ("Send a client certificate; its EKUs do not matter.", "E4"),
}
_RUN = (
    "The side that calls has the private key, so it runs the command; the side that is called "
    "watches its log. client.pem is the certificate that is tried, issuing-ca.pem the CA that "
    "issued it, server-cas.pem the CAs of the side that is called."
)
_AS_OF = (
    "Our side as of {at:%d %b %Y}. What your software does depends on its settings, too: ask who "
    "set it up."
)
_WHO = "Who calls presents a client certificate, who answers a server certificate (S2)"
_MOST_CAS = 12


def partner_page(
    deployment: Deployment, kind: FarEndKind, stack: KnownStack | None = None
) -> Paper:
    """Return the page for a far end; what it runs is said by `stack`, None where nobody knows.

    It tells of our side alone: of the far end nothing is claimed but what its stack did when it was
    tried. Of a customer's deployment, text is as it is given.
    """
    met = _meeting(deployment, kind)
    found = [(row, shake) for row in CATALOG if row.far_end is kind
             for shake in _distinct(handshakes(met, row))]  # fmt: skip
    line = _line([shake.client.certificate for row, shake in found if _calls_out(row)])
    presented = frame_of((_presented(*one) for one in found), PRESENTED_COLUMNS)
    needed = frame_of((need for one in found for need in _needed(*one)), NEEDED_COLUMNS)
    told = (
        Section("presented", "What we present", (Grid(presented, _WHO),)),
        Section("needed", "What your side must accept", (Grid(needed, "Each way we meet"),)),
        Section("stack", "What your software does with it", tuple(_stack_parts(found, stack))),
        Section("test", "Test it with one command", tuple(_test_parts(found))),
    )
    rests = (Words((_AS_OF.format(at=deployment.at),)), Grid(_cited(told), "Facts"))
    sections = (*told, Section("notes", "What this rests on", rests))
    return Paper(f"Certificates change: for {FAR_END_TITLES[kind]}", line, sections)


def _cited(sections: Iterable[Section]) -> pd.DataFrame:
    """Return the facts that the tables of sections name, once each; columns FACT_COLUMNS."""
    grids = (part for one in sections for part in one.parts if isinstance(part, Grid))
    cells = (str(cell) for grid in grids if "Facts" in grid.frame for cell in grid.frame["Facts"])
    named = dict.fromkeys(name for cell in cells for name in cell.split(", ") if name)
    found = [fact(name) for name in named]
    said = [(one.id, f"{one.claim} ({one.source}, {one.status.value})") for one in found]
    return frame_of(said, FACT_COLUMNS)


def _meeting(deployment: Deployment, kind: FarEndKind) -> Deployment:
    """Return the deployment with such a far end; files of a case do not show each of them."""
    if any(far.kind is kind for far in deployment.far_ends):
        return deployment
    row = FAR_ROWS[kind]
    far = FarEnd(kind, row.fqdn, row.address, None, frozenset(), row.default.requests)
    return replace(deployment, far_ends=(*deployment.far_ends, far))


def _calls_out(row: Connection) -> bool:
    return not isinstance(row.initiator, FarEndKind)


def _distinct(found: Iterable[Handshake]) -> Iterator[Handshake]:
    """Yield handshakes that differ in what our nodes do, not in what the far end may check."""
    seen = set()
    for shake in found:
        key = (shake.client.node, shake.server.node, shake.client.address, shake.server.address)
        if key not in seen:
            seen.add(key)
            yield shake


def _line(shown: list[Certificate | None]) -> str:
    """Return what the change comes to, by the certificates with which we call."""
    if any(one is not None and one.lacks_client_auth for one in shown):
        return (
            "Our client certificates no longer have clientAuth: your side must accept that, or our "
            "calls to you fail."
        )
    if not shown:
        return "You call us: your side has to trust who issues our server certificate."
    if None in shown:
        return "With which certificate we call you is not known from the files: ask for it."
    return "Our client certificates have clientAuth: your side has to trust who issues them."


def _when(row: Connection) -> str:
    return f"{'We call you' if _calls_out(row) else 'You call us'}: {row.title}"


def _ours(row: Connection, shake: Handshake) -> Certificate | None:
    return (shake.client if _calls_out(row) else shake.server).certificate


def _presented(row: Connection, shake: Handshake) -> tuple[object, ...]:
    ports = " or ".join(map(str, row.ports))
    shown = _ours(row, shake)
    if shown is None:
        return (_when(row), ports, "not known from the files", "", "", "")
    issuing = eku_words(shown.chain[0].ekus) if shown.chain else "not known"
    return (
        _when(row), ports, (shown.name, f"serial {shown.serial_hex}"), eku_words(shown.ekus),
        (shown.issuer_name, f"which has: {issuing}"), f"{shown.not_after:%d %b %Y}",
    )  # fmt: skip


def _needed(row: Connection, shake: Handshake) -> Iterator[tuple[str, str, str]]:
    shown, when = _ours(row, shake), _when(row)
    if shown is not None:
        cas = " and ".join(ca.name for ca in shown.chain) or shown.issuer_name
        yield when, f"Trust {cas}, in the list that your side uses for us.", "S2, T8"
    if _calls_out(row):
        yield when, *_usage(shown)
        return
    yield when, *_DEMANDS.get(shake.eku_check, (_STRICT, "E3, E6"))
    if shake.eku_check is not EkuCheck.NOT_ASKED:
        names = sorted({ca.name for ca in shake.server.trusted})
        more = f" and {len(names) - _MOST_CAS} more" if len(names) > _MOST_CAS else ""
        yield (
            when,
            f"Your certificate comes from one of: {', '.join(names[:_MOST_CAS])}{more}.",
            "S3",
        )


def _usage(shown: Certificate | None) -> tuple[str, str]:
    """Return what a server must take of our client certificate's EKUs, and the facts."""
    if shown is None:
        return "Not known from the files: ask for the certificate with which we call.", "S2"
    if shown.lacks_client_auth:
        return _NO_USAGE, "R3"
    limited = any(ca.ekus is not None and CLIENT_AUTH not in ca.ekus for ca in shown.chain)
    return (_LIMITED, "E6, L5, L8") if limited else (_USUAL, "L8")


def _stack_parts(
    found: list[tuple[Connection, Handshake]], stack: KnownStack | None
) -> Iterator[Part]:
    kinds: dict[tuple[EkuKind, EkuKind], None] = {}
    for row, shake in found:
        shown = shake.client.certificate if _calls_out(row) else None
        if shown is not None:
            above = [issuing_kind(ca.ekus) for ca in shown.chain if not ca.is_root]
            kinds[leaf_kind(shown.ekus), (above or [EkuKind.NONE])[0]] = None
    for leaf, issuing in kinds:
        frame = taken_table(leaf, issuing)
        frame = frame[frame["Stack"] == stack.title] if stack else frame
        yield Grid(
            frame,
            f"We call you with: {kind_words(leaf)}. The issuing CA has: {kind_words(issuing)}",
        )
    if not all(_calls_out(row) for row, _shake in found):
        silent = [one.title for one in ((stack,) if stack else KNOWN.values())
                  if not published(one.name).own[EkuKind.SERVER, EkuKind.NONE].good]  # fmt: skip
        told = f"{', '.join(silent)} sends none" if silent else "it is sent"
        yield Words((f"You call us with a certificate without clientAuth: {told} (L7; .NET: F2).",))
    version = f"{stack.title}: {published(stack.name).version}. " if stack else ""
    yield Words((f"{version}Tried with usual settings; a product built on it can differ.",))


def _test_parts(found: list[tuple[Connection, Handshake]]) -> Iterator[Part]:
    yield Words((_RUN,))
    for row in dict.fromkeys(row for row, _shake in found):
        host, who = (YOURS, "We") if _calls_out(row) else (OURS, "You")
        line = COMMAND.format(host=host, port=row.port)
        line += " -starttls xmpp-server" if row.talk is Talk.XMPP else ""
        yield Copied(f"{who} run it. {_when(row)}", (line,))
    yield Grid(frame_of(_RESULTS, RESULT_COLUMNS), "What it says")
