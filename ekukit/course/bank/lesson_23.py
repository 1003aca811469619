"""Questions of lesson 23: the same certificate, and what the software at the other side does."""

from dataclasses import replace

from ekukit.causes.card_words import BY_ITS_OWNER
from ekukit.certificates import EkuProfile
from ekukit.connections import State
from ekukit.course import mendings as changes
from ekukit.course.forms import choose, mend, outcome, state, tick
from ekukit.course.places import CORE_CLIENT, CORE_LIST, CORE_SERVER, place
from ekukit.course.question import Question
from ekukit.expressway import Choices, Deployment, FarEndKind, Mode, Slot, build, condition
from ekukit.stacks import KNOWN, published
from ekukit.stacks.kinds import EkuKind

_FIVE = ("openssl", "go", "java", "gnutls", "nss")
_NONE_FAILS = "none: with the mode Off all of them get in"
_EKU, _NAME = "our certificate lacks clientAuth", "our certificate does not hold the right name"
_DAMAGED = "our certificate is damaged"
_PUBLIC_BOTH = "both EKUs, from a CA whose issuing CA is limited to serverAuth"
_PRIVATE_BOTH = "both EKUs, from a CA whose issuing CA has no EKU limit"
_ANY = "anyExtendedKeyUsage alone, from a CA whose issuing CA has no EKU limit"
_RENEWED = "serverAuth alone, as renewed"
_CORE_NEW = "Core: client certificate from CA 1 with both EKUs"
_CORE_OFF = "Core: EKU checking mode Off"
_TO_JAVA = "The partner: Java in place of Go"
_TO_GNUTLS = "The partner: GnuTLS in place of Go"
_NSS_PLACE = f"Neighbor ({KNOWN['nss'].title}): {BY_ITS_OWNER}"
_ROWS = {
    _PUBLIC_BOTH: (EkuKind.BOTH, EkuKind.SERVER),
    _PRIVATE_BOTH: (EkuKind.BOTH, EkuKind.NONE),
    _ANY: (EkuKind.ANY, EkuKind.NONE),
    _RENEWED: (EkuKind.SERVER, EkuKind.SERVER),
}


def called_partner(stack: str) -> Choices:
    """Return condition 2 with a partner of that stack, whom Core calls."""
    return condition("C2").with_far_end(FarEndKind.NEIGHBOR, stack=stack)


def calling_partner(stack: str) -> Choices:
    """Return condition 4, Core's mode Off, with a renewed partner of that stack that calls Core."""
    renewed = Slot("public", EkuProfile.SERVER)
    start = condition("C4", core_checking=Mode.OFF)
    return start.with_far_end(FarEndKind.NEIGHBOR, stack=stack, presents=renewed)


def _takers(leaf: EkuKind, issuing: EkuKind) -> frozenset[str]:
    return frozenset(
        KNOWN[name].title for name in _FIVE if published(name).clients[leaf, issuing].good
    )


def _shut_out() -> str:
    """Return whose call fails with Core's mode Off, by a handshake for each of the five."""
    found = [
        KNOWN[name].title
        for name in _FIVE
        if state(calling_partner(name), "neighbor-in") is not State.ACTIVE
    ]
    return found[0] if found else _NONE_FAILS


def _meant_by_go() -> str:
    """Return what is wrong when Go sends its alert about the renewed certificate."""
    causes = {"client-eku-missing": _EKU, "client-name-mismatch": _NAME}
    return causes[outcome(called_partner("go"), "neighbor-out").code.partition(".")[2]]


def _taken_by_all() -> str:
    return next(
        words
        for words, row in _ROWS.items()
        if all(published(name).clients[row].good for name in KNOWN)
    )


def _with_stack(deployment: Deployment, stack: str) -> Deployment:
    return replace(
        deployment,
        far_ends=tuple(
            replace(far, stack=KNOWN[stack]) if far.kind is FarEndKind.NEIGHBOR else far
            for far in deployment.far_ends
        ),
    )


QUESTIONS = (
    Question(
        "23.who-takes",
        "Core calls five partners, one for each stack, and shows the renewed certificate: "
        "serverAuth alone, from an issuing CA that is limited to serverAuth. Who accepts it? Tick "
        "all that do.",
        tick(
            tuple(KNOWN[name].title for name in _FIVE),
            lambda: _takers(EkuKind.SERVER, EkuKind.SERVER),
        ),
        hint="Four of the five look for clientAuth when a client certificate arrives.",
        why="GnuTLS does not look at EKUs here (L2). The others want clientAuth in the leaf, each "
        "with an alert and words of its own (L5, L6, L7, L8).",
        facts=("L2", "L5", "L6", "L7", "L8"),
        mistakes={
            "OpenSSL": "its purpose check wants clientAuth, as Expressway's mode On does (L8).",
            "Go": "it wants clientAuth in the leaf, and in the issuing CA as well (L5).",
            "Java": "it wants clientAuth in the leaf; what the issuing CA has it passes over (L6).",
            "GnuTLS": "it took every client certificate that was tried, whatever its EKUs (L2).",
            "NSS": "as a server it wants clientAuth in the leaf (L7).",
        },
    ),
    Question(
        "23.alert",
        "Core calls the Go partner, and its capture has alert 42, bad certificate. What is wrong?",
        choose((_DAMAGED, _NAME, _EKU), _meant_by_go),
        hint="What did Go send for such a certificate in the table above?",
        why="For a missing clientAuth Go said 42 (L5), where OpenSSL said 43. An alert's number is "
        "the stack's choice; the certificate that was shown decides.",
        facts=("L5", "L8"),
        mistakes={
            _DAMAGED: "So the alert is called. But every byte is as the CA signed it; Go calls a "
            "missing usage so.",
            _NAME: "Expressway sends 42 for a name, as in lesson 21. A server looks for no name in "
            "a client's certificate unless it is told to.",
        },
    ),
    Question(
        "23.issuing-ca",
        "The public CA offers another one: with both EKUs, and from the same issuing CA, "
        "which is limited to serverAuth. Who of the five accepts it? Tick all that do.",
        tick(
            tuple(KNOWN[name].title for name in _FIVE),
            lambda: _takers(EkuKind.BOTH, EkuKind.SERVER),
        ),
        hint="Some read the EKUs of the leaf alone, some of the whole path.",
        why="OpenSSL and Go want the usage in the issuing CA, too (L8, L5); Java and NSS read the "
        "leaf alone (L6, L7), GnuTLS neither (L2). On OpenSSL this is fact E6.",
        facts=("L2", "L5", "L6", "L7", "L8", "E6"),
        mistakes={
            "OpenSSL": "it refuses at the issuing CA, depth 1 (E6).",
            "Go": "it wants the usage in every CA of the path that has EKUs (L5).",
            "Java": "it reads the leaf's EKUs, and those have clientAuth (L6).",
            "GnuTLS": "it reads no EKUs here (L2).",
            "NSS": "it took the leaf with clientAuth under such an issuing CA (L7).",
        },
    ),
    Question(
        "23.order",
        "You do not know what the next partner runs. Which of these client certificates did all "
        "nine stacks accept?",
        choose(tuple(_ROWS), _taken_by_all),
        hint="The strictest of them decides: it reads leaf and issuing CA, and wants clientAuth "
        "by name.",
        why="With clientAuth in the leaf and no limit above it none of the nine refused (L2, L5, "
        "L6, L7, L8). Whether a partner trusts that CA is another question: ask.",
        facts=("L2", "L5", "L6", "L7", "L8"),
        mistakes={
            _PUBLIC_BOTH: "OpenSSL, Go, Node.js and rustls refuse it for its issuing CA.",
            _ANY: "OpenSSL, Node.js, NSS and rustls do not count it as clientAuth.",
            _RENEWED: "Only GnuTLS takes it.",
        },
    ),
    Question(
        "23.sends",
        "Now the partners call Core. Their certificates were renewed, too: serverAuth alone. "
        "Core's mode is Off, as this kit reads it (E4). Whose call still fails?",
        choose((*(KNOWN[name].title for name in _FIVE), _NONE_FAILS), _shut_out),
        hint="Off passes over a certificate that lacks clientAuth. It cannot pass over none at "
        "all.",
        why="NSS, asked for a certificate, sends none that lacks clientAuth (L7), and .NET does "
        "the same (F2). Core sees an empty answer, and no mode mends that.",
        facts=("L7", "F2", "E4"),
        mistakes={
            "OpenSSL": "it sends what it is given, whatever the EKUs (L8).",
            "Go": "it refuses such certificates as a server; as a client it sends its own (L5).",
            "Java": "it sends its own, whatever the EKUs (L6).",
            "GnuTLS": "it looks at no EKUs, neither as a server nor as a client (L2).",
            _NONE_FAILS: "One of them never shows what Off would pass over.",
        },
    ),
    Question(
        "23.mend",
        "Mend it. Core calls a partner whose software is written in Go, and is refused. Tick one "
        "change that is enough.",
        mend(
            lambda: build(called_partner("go")),
            {
                _CORE_OFF: changes.core_mode_off,
                _TO_JAVA: lambda found: _with_stack(found, "java"),
                _CORE_NEW: changes.core_client_internal,
                _TO_GNUTLS: lambda found: _with_stack(found, "gnutls"),
            },
            needs=("neighbor-out",),
        ),
        hint="One of the two changes that do it weakens a check, and is the partner's to make.",
        why="A client certificate with clientAuth and no limit above it is taken by every stack "
        "(L5). GnuTLS would take the old one, too: for want of a check (L2).",
        facts=("L5", "L2", "S2"),
        mistakes={
            _CORE_OFF: "Core's mode checks who calls Core. Here Core calls (E2).",
            _TO_JAVA: "Java wants clientAuth in the leaf as well (L6).",
        },
    ),
    Question(
        "23.place",
        "Diagnosis. Core's mode is Off, and a renewed partner that runs on NSS cannot call. Where "
        "is that put right?",
        place(
            lambda: build(calling_partner("nss")),
            "neighbor-in",
            (CORE_SERVER, CORE_CLIENT, CORE_LIST, _NSS_PLACE),
            shown=False,
        ),
        hint="Who did not send what, and whose certificate would have to change?",
        why="The partner's own stack keeps its certificate back for want of clientAuth (L7): it "
        "needs another one. Nothing on Core makes it speak.",
        facts=("L7", "S2"),
        mistakes={
            CORE_SERVER: "The partner read it, and had nothing against it.",
            CORE_CLIENT: "Core answers here: its client certificate is not shown (S2).",
            CORE_LIST: "A list decides whom Core trusts; nothing was shown that it could trust.",
        },
    ),
)
