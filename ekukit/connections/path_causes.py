"""The causes that decide a path whichever side presents it.

OpenSSL refuses these; what Expressway does with them is not published (E14).
"""

from ekukit.connections.cause_table import OTHER_CA, CauseRow, Reason
from ekukit.connections.handshake import Cause

PATH_CAUSES: dict[Cause, CauseRow] = {
    Cause.KEY_USAGE: CauseRow(
        title="digitalSignature is missing in the key usage",
        short="key usage",
        fault="has a key usage ({bits}) without digitalSignature",
        needs="digitalSignature in its key usage",
        required="digitalSignature in the key usage of {who}'s {store} certificate.",
        said=(
            "{judge} refused {which} as not fit for its purpose{ekus}, and its key "
            "usage lacks digitalSignature"
        ),
        reason=Reason(
            found=(
                "{who}'s {store} certificate has {ekus}, but its key usage ({usage}) lacks "
                "digitalSignature, so it cannot prove itself in a handshake"
            ),
            check="key usage of the leaf",
            todo="Re-issue it with digitalSignature in its key usage ({page}).",
            facts=("E14",),
        ),
        is_documented=False,
    ),
    Cause.NETSCAPE_TYPE: CauseRow(
        title="the Netscape certificate type does not allow it",
        short="Netscape type",
        fault="has a Netscape certificate type that does not allow this role",
        needs="no Netscape certificate type",
        required="No Netscape certificate type in {who}'s {store} certificate, or one that fits.",
        said=(
            "{judge} refused {which} as not fit for its purpose{ekus}, and its Netscape "
            "certificate type does not allow this role"
        ),
        reason=Reason(
            found=(
                "{who}'s {store} certificate has {ekus}, but its Netscape certificate type "
                "(nsCertType) does not allow this role"
            ),
            check="Netscape certificate type of the leaf",
            todo="Re-issue it without the Netscape certificate type ({page}).",
            facts=("E14",),
        ),
        is_documented=False,
    ),
    Cause.NOT_A_CA: CauseRow(
        title="an issuer is no CA",
        fault="was issued by a certificate that is no CA",
        required="Issuers whose certificates say CA and certificate-sign.",
        said="{judge} refused {which} because an issuer above it is no CA",
        reason=Reason(
            found=(
                "{which} may not issue certificates: its basic constraints do not say CA, "
                "or its key usage lacks certificate-sign"
            ),
            check="basic constraints and key usage of the issuing CA",
            todo=(
                "Use a certificate from a CA whose own certificate says CA:TRUE and "
                "certificate-sign ({page})."
            ),
            facts=("E14",),
        ),
        is_documented=False,
    ),
    Cause.PATH_LENGTH: CauseRow(
        title="the chain is longer than a CA allows",
        fault="has more CAs above it than one of them allows",
        required="A chain no longer than its CAs allow.",
        said="{judge} refused {which} because its chain is longer than a CA allows",
        reason=Reason(
            found="{which} allows fewer CAs below it than there are",
            check="path length of the CAs",
            todo="Use a certificate from a CA nearer to the root ({page}).",
            facts=("E14",),
        ),
        is_documented=False,
    ),
    Cause.NAME_CONSTRAINTS: CauseRow(
        title="a CA does not allow its names",
        fault="holds names that a CA above it does not allow",
        required="Names that the CAs of {who}'s {store} certificate may issue for.",
        said=(
            "{judge} refused {which} because a CA above it does not allow its names "
            "(name constraints)"
        ),
        reason=Reason(
            found=(
                "a CA above {who}'s {store} certificate does not allow the names in it "
                "(name constraints)"
            ),
            check="name constraints of the CAs",
            todo="Use a certificate from a CA that may issue for these names ({page}).",
            facts=("E14",),
        ),
        is_documented=False,
    ),
    Cause.CRITICAL_EXTENSION: CauseRow(
        title="a critical extension is not known",
        fault="has a critical extension in its path that OpenSSL does not know",
        needs="no critical extension in its path that OpenSSL does not know",
        required="Critical extensions that the far node knows.",
        said="{judge} refused {which} for a critical extension that it does not know",
        reason=Reason(
            found="{which} has a critical extension that OpenSSL does not know",
            check="critical extensions",
            todo="Re-issue it without that extension ({page}).",
            facts=("E14",),
            todo_of_ca=OTHER_CA,
        ),
        is_documented=False,
    ),
    Cause.WEAK_KEY: CauseRow(
        title="a key is too small",
        fault="has a key in its path that is too small",
        needs="larger keys in its path",
        required="Keys of at least 2048 bits (RSA) or 224 bits (EC) in the whole path.",
        said="{judge} refused {which} because a key in its path is too small",
        reason=Reason(
            found="{which} has a key that is too small",
            check="size of the keys",
            todo="Re-issue it with an RSA key of at least 2048 bits ({page}).",
            facts=("E14",),
            todo_of_ca=OTHER_CA,
        ),
        is_documented=False,
    ),
    Cause.WEAK_DIGEST: CauseRow(
        title="a signature's digest is too weak",
        fault="has a signature in its path whose digest is too weak",
        needs="a stronger digest in the signatures of its path",
        required="Signatures with SHA-256 or better in the whole path.",
        said=(
            "{judge} refused {which} because a signature in its path uses a digest that is too weak"
        ),
        reason=Reason(
            found="{which} is signed with a digest that is too weak",
            check="digest of the signatures",
            todo="Re-issue it, signed with SHA-256 or better ({page}).",
            facts=("E14",),
            todo_of_ca=OTHER_CA,
        ),
        is_documented=False,
    ),
    Cause.SIGNATURE: CauseRow(
        title="a signature does not fit",
        fault="has a signature that does not fit its issuer's key",
        required="Signatures that fit the keys of the issuers.",
        said="{judge} refused {which} because a signature in its path does not fit",
        reason=Reason(
            found="{which} has a signature that does not fit its issuer's key",
            check="signatures of the path",
            todo=(
                "Find out which of the two was replaced; put the CA's present certificate "
                "into {list}."
            ),
            facts=("E14",),
        ),
        is_documented=False,
    ),
    Cause.MALFORMED: CauseRow(
        title="something in it cannot be read",
        fault="holds something that cannot be read",
        required="Certificates that OpenSSL can read.",
        said="{judge} could not read {which} or a certificate of its path",
        reason=Reason(
            found="{which} holds something that OpenSSL cannot read",
            check="encoding of the path",
            todo="Re-issue it ({page}).",
            facts=("E14",),
        ),
        is_documented=False,
    ),
    Cause.REVOKED: CauseRow(
        title="revoked",
        short="revoked",
        fault="is revoked",
        required="A path of which nothing is revoked.",
        said="{judge} refused {which} as revoked",
        reason=Reason(
            found="{which} is revoked",
            check="revocation",
            todo="Find out why it was revoked, and replace it ({page}).",
            facts=("E14",),
        ),
    ),
    Cause.REVOCATION: CauseRow(
        title="revocation cannot be checked",
        required="A current CRL of every issuer, where revocation is checked.",
        said=(
            "{judge} refused {which} because it found no usable CRL for it: revocation "
            "checking is on"
        ),
        reason=Reason(
            found=(
                "{judge} checks revocation and found no usable CRL for {who}'s {store} certificate"
            ),
            check="revocation",
            todo=(
                "Load a current CRL of {issuer} at {judge} (Maintenance > Security > CRL "
                "management), or switch certificate revocation checking off "
                "there (its SIP settings)."
            ),
            facts=("E14",),
        ),
    ),
}
