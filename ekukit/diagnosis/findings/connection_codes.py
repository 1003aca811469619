"""The codes of connections that fail: by row of the catalog, and cause and side or trouble."""

from ekukit.connections import CATALOG, Cause, Connection, Protocol, Side
from ekukit.connections.handshake import Talk
from ekukit.connections.reasons import REASONS
from ekukit.diagnosis.findings.finding import Code, Severity
from ekukit.log.troubles import (
    OF_SIP,
    OF_TUNNELS,
    TROUBLES,
    UNREACHED,
    Trouble,
    trouble_code,
)

_REQUIRED: dict[Cause, str] = {
    Cause.EKU: "{purpose} in the extended key usage of {who}'s {store} certificate.",
    Cause.CA_EKU: "An issuing CA without an EKU limit, or one that has {purpose}.",
    Cause.UNTRUSTED: "Root and issuing CA of {who}'s {store} certificate in {list}.",
    Cause.NAME: "The name {name} among the names of {who}'s {store} certificate.",
    Cause.EXPIRED: "A certificate and a chain inside their validity.",
    Cause.NOT_YET_VALID: "A certificate and a chain inside their validity.",
    Cause.NO_CERTIFICATE: "A certificate from {who}.",
    Cause.KEY_USAGE: "digitalSignature in the key usage of {who}'s {store} certificate.",
    Cause.NOT_A_CA: "Issuers whose certificates say CA and certificate-sign.",
    Cause.PATH_LENGTH: "A chain no longer than its CAs allow.",
    Cause.NAME_CONSTRAINTS: "Names that the CAs of {who}'s {store} certificate may issue for.",
    Cause.CRITICAL_EXTENSION: "Critical extensions that the far node knows.",
    Cause.WEAK_KEY: "Keys of at least 2048 bits (RSA) or 224 bits (EC) in the whole path.",
    Cause.WEAK_DIGEST: "Signatures with SHA-256 or better in the whole path.",
    Cause.SIGNATURE: "Signatures that fit the keys of the issuers.",
    Cause.MALFORMED: "Certificates that OpenSSL can read.",
    Cause.REVOKED: "A path of which nothing is revoked.",
    Cause.REVOCATION: "A current CRL of every issuer, where revocation is checked.",
    Cause.OTHER: "A handshake that succeeds.",
}
_TITLES: dict[Cause, str] = {
    Cause.EKU: "{purpose} is missing",
    Cause.CA_EKU: "the issuing CA does not allow {purpose}",
    Cause.UNTRUSTED: "no path to a trusted root",
    Cause.NAME: "the name does not match",
    Cause.EXPIRED: "expired",
    Cause.NOT_YET_VALID: "not valid yet",
    Cause.NO_CERTIFICATE: "no certificate was presented",
    Cause.KEY_USAGE: "digitalSignature is missing in the key usage",
    Cause.NOT_A_CA: "an issuer is no CA",
    Cause.PATH_LENGTH: "the chain is longer than a CA allows",
    Cause.NAME_CONSTRAINTS: "a CA does not allow its names",
    Cause.CRITICAL_EXTENSION: "a critical extension is not known",
    Cause.WEAK_KEY: "a key is too small",
    Cause.WEAK_DIGEST: "a signature's digest is too weak",
    Cause.SIGNATURE: "a signature does not fit",
    Cause.MALFORMED: "something in it cannot be read",
    Cause.REVOKED: "revoked",
    Cause.REVOCATION: "revocation cannot be checked",
    Cause.OTHER: "failed for a reason that the kit does not know",
}
_PURPOSES = {Side.CLIENT: "clientAuth", Side.SERVER: "serverAuth", None: ""}


def connection_code(connection: str, cause: Cause, side: Side | None) -> str:
    """Return the code of a connection that ended so, as its outcome has it."""
    return f"{connection}.{side.value + '-' if side else ''}{cause.value}"


def _of_connection(row: Connection, cause: Cause, side: Side | None) -> Code:
    purpose = _PURPOSES[side]
    whose = f", {side.value} certificate" if side else ""
    facts = (*row.facts, *REASONS[cause, side].facts, *dict(row.refusals).get(cause, "").split())
    return Code(
        code=connection_code(row.id, cause, side),
        title=f"{row.title}{whose}: {_TITLES[cause].format(purpose=purpose)}",
        severity=Severity.BROKEN,
        required=_REQUIRED[cause].replace("{purpose}", purpose),
        todo=REASONS[cause, side].todo,
        facts=tuple(dict.fromkeys(facts)),
    )


CONNECTION_CODES = tuple(
    _of_connection(row, cause, side)
    for row in CATALOG
    for cause, side in REASONS
    if cause is not Cause.ACCEPTED
)


# What is seen to be wrong, or not to fit together, and not why.
_UNEXPLAINED = (
    Code(
        "zone.unexplained", "The UC zone failed, and nothing in the archive explains it",
        Severity.BROKEN,
        "A cause that can be seen.",
        "Take logs of both nodes while it fails; check the zone's user name and password, its port "
        "and whether SIP is on.", ("N1", "L1"),
    ),
    Code(
        "log.not-understood", "Lines that look like trouble and are not understood", Severity.WEAK,
        "Lines whose words the kit knows.",
        "Read these lines; nothing is concluded from them.", ("LAB-OTHER",),
    ),
    Code(
        "archive.two-systems", "Files of systems that have nothing in common", Severity.WEAK,
        "The files of one system.", "Look at each system alone: inspect its files by themselves.",
        ("N1",),
    ),
)  # fmt: skip
# Anybody's host on the Internet may be down; that breaks nothing here.
_FAR_AWAY = ("b2b-out", "webex", "xmpp-federation", "cloud-onboarding", "b2b-in", "mra-client")


def _of_trouble(row: Connection | None, trouble: Trouble, side: Side | None) -> Code:
    """Return the code of a trouble on a connection, or on one that is not told (None)."""
    told = TROUBLES[trouble]
    name = row.id if row is not None else ""
    title = row.title if row is not None else "A connection"
    whose = f", {side.value} certificate" if side else ""
    weak = row is None or (trouble in UNREACHED and row.id in _FAR_AWAY)
    return Code(
        code=trouble_code(name, trouble, side.value if side else ""),
        title=f"{title}{whose}: {told.title}",
        severity=Severity.WEAK if weak else Severity.BROKEN,
        required=told.required,
        todo=told.todo,
        facts=tuple(dict.fromkeys((*(row.facts if row is not None else ()), *told.facts))),
    )


def trouble_codes() -> dict[str, Code]:
    """Return what is unexplained, and a code for every trouble that a connection can have."""
    found = {code.code: code for code in _UNEXPLAINED}
    for row in (None, *CATALOG):
        over_ssh = row is not None and row.protocol is Protocol.SSH
        for trouble in Trouble:
            if over_ssh:
                fits = trouble in (*OF_TUNNELS, *UNREACHED, Trouble.CLOSED, Trouble.REFUSED)
            else:
                fits = trouble not in OF_TUNNELS
                fits &= trouble not in OF_SIP or row is None or row.talk is Talk.SIP
            sides = tuple(Side) if trouble is Trouble.REFUSED and row is not None else (None,)
            for side in sides if fits else ():
                code = _of_trouble(row, trouble, side)
                found.setdefault(code.code, code)
    return found
