"""Why a verdict means what it means: one table from causes to words, remedies and facts."""

from dataclasses import dataclass

from ekukit.connections.handshake import Cause, EkuCheck, Protocol, Side
from ekukit.expressway import FarEndKind, Store
from ekukit.expressway.farend import FAR_END_TITLES


@dataclass(frozen=True, slots=True)
class Reason:
    """A row of the table; the words in braces are filled in from the handshake."""

    found: str
    check: str
    todo: str
    facts: tuple[str, ...]


CHECKS: dict[tuple[Protocol, EkuCheck], str] = {
    (Protocol.TLS, EkuCheck.CLIENT_AUTH): "{judge} demands clientAuth{mode}",
    (Protocol.TLS, EkuCheck.BYPASSED): "{judge} takes serverAuth too{mode}",
    (Protocol.TLS, EkuCheck.IGNORED): "{judge} does not look at EKUs",
    (Protocol.TLS, EkuCheck.NOT_ASKED): "{judge} asks for no certificate",
    (Protocol.SSH, EkuCheck.CLIENT_AUTH): "SSH at {judge}: clientAuth is demanded in every mode",
}

# Where a certificate is put right, by the store that presents it (None: a far end).
PAGES: dict[Store | None, str] = {
    Store.CLIENT: "Maintenance > Security > Client certificate",
    Store.SERVER: "Maintenance > Security > Server certificate",
    None: "at {who}, by whoever runs it",
}
# Where trust is put right: on an Expressway or at a far end.
LISTS: dict[bool, str] = {
    True: "{judge}'s trusted CA list (Maintenance > Security > Trusted CA certificate)",
    False: "the trust store of {judge}",
}
# CUCM keeps trust in two stores (T8); of others no source names theirs.
_FAR_LISTS = {FarEndKind.CUCM: "tomcat-trust and CallManager-trust of CUCM"}


def far_list(kind: FarEndKind, judge: str = "") -> str:
    """Return where a far end has the CAs that it trusts."""
    return _FAR_LISTS.get(kind) or LISTS[False].format(judge=judge or FAR_END_TITLES[kind])


_OWN_REASONS: dict[tuple[Cause, Side | None], Reason] = {
    (Cause.ACCEPTED, None): Reason(
        found="{judge} accepted {who}'s {store} certificate ({ekus})",
        check="",
        todo="Nothing.",
        facts=(),
    ),
    (Cause.EKU, Side.CLIENT): Reason(
        found="{who}'s {store} certificate has {ekus}; clientAuth is missing",
        check="",
        todo="Give {who} a client certificate with clientAuth ({page}).{alternative}",
        facts=(),
    ),
    (Cause.EKU, Side.SERVER): Reason(
        found="{who}'s {store} certificate has {ekus}; serverAuth is missing",
        check="EKU of the leaf that the responder presents",
        todo="Give {who} a server certificate with serverAuth ({page}).",
        facts=("RFC-EKU",),
    ),
    (Cause.CA_EKU, Side.CLIENT): Reason(
        found="the CA that issued {who}'s {store} certificate is limited to other usages",
        check="EKU of the issuing CA",
        todo="Use an issuing CA without an EKU limit, or with clientAuth.",
        facts=("E6",),
    ),
    (Cause.CA_EKU, Side.SERVER): Reason(
        found="the CA that issued {who}'s {store} certificate does not allow serverAuth",
        check="EKU of the issuing CA",
        todo="Use an issuing CA without an EKU limit, or with serverAuth.",
        facts=("RFC-EKU",),
    ),
    (Cause.UNTRUSTED, Side.CLIENT): Reason(
        found="{judge} cannot build a path from {who}'s {store} certificate to a trusted root",
        check="chain against the trusted CA list",
        todo="Put root and issuing CA of {issuer} into {list}.",
        facts=("S3",),
    ),
    (Cause.UNTRUSTED, Side.SERVER): Reason(
        found="{judge} cannot build a path from {who}'s {store} certificate to a trusted root",
        check="chain against the trusted CA list",
        todo="Put root and issuing CA of {issuer} into {list}.",
        facts=("S3",),
    ),
    (Cause.NAME, Side.CLIENT): Reason(
        found="{who}'s {store} certificate does not hold the name {name}",
        check="TLS verify subject name against the SAN",
        todo="Re-issue the certificate with that name, or correct the zone's TLS verify "
        "subject name.",
        facts=("E8",),
    ),
    (Cause.NAME, Side.SERVER): Reason(
        found="{who}'s {store} certificate does not hold the name {name}",
        check="peer address against the SAN",
        todo="Re-issue the certificate with that name, or correct the peer address.",
        facts=("RFC-NAME",),
    ),
    (Cause.EXPIRED, Side.CLIENT): Reason(
        found="{who}'s {store} certificate or its chain has expired",
        check="validity",
        todo="Renew it ({page}), from a CA that still gives clientAuth.",
        facts=("RFC-TIME",),
    ),
    (Cause.EXPIRED, Side.SERVER): Reason(
        found="{who}'s {store} certificate or its chain has expired",
        check="validity",
        todo="Renew it ({page}).",
        facts=("RFC-TIME",),
    ),
    (Cause.NOT_YET_VALID, Side.CLIENT): Reason(
        found="{who}'s {store} certificate or its chain is not valid yet",
        check="validity",
        todo="Check the clocks of both nodes and the certificate's first day.",
        facts=("RFC-TIME",),
    ),
    (Cause.NOT_YET_VALID, Side.SERVER): Reason(
        found="{who}'s {store} certificate or its chain is not valid yet",
        check="validity",
        todo="Check the clocks of both nodes and the certificate's first day.",
        facts=("RFC-TIME",),
    ),
    (Cause.NO_CERTIFICATE, Side.CLIENT): Reason(
        found="{who} presented no certificate; its {store} store is empty",
        check="a certificate is demanded",
        todo="Upload a certificate ({page}).",
        facts=("S2",),
    ),
    (Cause.NO_CERTIFICATE, Side.SERVER): Reason(
        found="{who} has no certificate to present; its {store} store is empty",
        check="a server certificate is demanded",
        todo="Upload a certificate ({page}).",
        facts=("S2",),
    ),
    (Cause.OTHER, None): Reason(
        found="the handshake failed for a reason that the kit does not know: {text}",
        check="not known",
        todo="Look at the capture.",
        facts=("LAB-OTHER",),
    ),
}

# What decides a path whichever side presents it. OpenSSL refuses these; what Expressway does with
# them is not published (E14).
_PATH_REASONS: dict[Cause, Reason] = {
    Cause.KEY_USAGE: Reason(
        found="{who}'s {store} certificate has {ekus}, but its key usage ({usage}) lacks "
        "digitalSignature, so it cannot prove itself in a handshake",
        check="key usage of the leaf",
        todo="Re-issue it with digitalSignature in its key usage ({page}).",
        facts=("E14",),
    ),
    Cause.NOT_A_CA: Reason(
        found="{which} may not issue certificates: its basic constraints do not say CA, or its key "
        "usage lacks certificate-sign",
        check="basic constraints and key usage of the issuing CA",
        todo="Use a certificate from a CA whose own certificate says CA:TRUE and certificate-sign "
        "({page}).",
        facts=("E14",),
    ),
    Cause.PATH_LENGTH: Reason(
        found="{which} allows fewer CAs below it than there are",
        check="path length of the CAs",
        todo="Use a certificate from a CA nearer to the root ({page}).",
        facts=("E14",),
    ),
    Cause.NAME_CONSTRAINTS: Reason(
        found="a CA above {who}'s {store} certificate does not allow the names in it (name "
        "constraints)",
        check="name constraints of the CAs",
        todo="Use a certificate from a CA that may issue for these names ({page}).",
        facts=("E14",),
    ),
    Cause.CRITICAL_EXTENSION: Reason(
        found="{which} has a critical extension that OpenSSL does not know",
        check="critical extensions",
        todo="Re-issue it without that extension ({page}).",
        facts=("E14",),
    ),
    Cause.WEAK_KEY: Reason(
        found="{which} has a key that is too small",
        check="size of the keys",
        todo="Re-issue it with an RSA key of at least 2048 bits ({page}).",
        facts=("E14",),
    ),
    Cause.WEAK_DIGEST: Reason(
        found="{which} is signed with a digest that is too weak",
        check="digest of the signatures",
        todo="Re-issue it, signed with SHA-256 or better ({page}).",
        facts=("E14",),
    ),
    Cause.SIGNATURE: Reason(
        found="{which} has a signature that does not fit its issuer's key",
        check="signatures of the path",
        todo="Find out which of the two was replaced; put the CA's present certificate into "
        "{list}.",
        facts=("E14",),
    ),
    Cause.MALFORMED: Reason(
        found="{which} holds something that OpenSSL cannot read",
        check="encoding of the path",
        todo="Re-issue it ({page}).",
        facts=("E14",),
    ),
    Cause.REVOKED: Reason(
        found="{which} is revoked",
        check="revocation",
        todo="Find out why it was revoked, and replace it ({page}).",
        facts=("E14",),
    ),
    Cause.REVOCATION: Reason(
        found="{judge} checks revocation and found no usable CRL for {who}'s {store} certificate",
        check="revocation",
        todo="Load a current CRL of {issuer} at {judge} (Maintenance > Security > CRL "
        "management), or switch revocation checking off there.",
        facts=("E14",),
    ),
}
UNDOCUMENTED = frozenset(_PATH_REASONS) - {Cause.REVOKED, Cause.REVOCATION}

REASONS: dict[tuple[Cause, Side | None], Reason] = {
    **_OWN_REASONS,
    **{(cause, side): row for cause, row in _PATH_REASONS.items() for side in Side},
}
