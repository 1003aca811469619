"""The table of causes: words, remedy and facts of each, for engines, findings and logs alike.

A further cause is a further member of `Cause` and its row here, or in `path_causes` where it is
OpenSSL that finds it in a path; which of OpenSSL's numbers lead to it stands in `lab.verify_errors`
and, where the rules foresee it, in `connections.rules`.
"""

from dataclasses import dataclass

from ekukit.connections.handshake import Cause, Side


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a handshake ended so; the words in braces are filled in from the handshake.

    `check` is "" where it follows from what the responder demands (CHECKS). `todo_of_ca` stands
    instead of `todo` where the fault is in a CA above the certificate, "" for the same.
    """

    found: str
    check: str
    todo: str
    facts: tuple[str, ...]
    todo_of_ca: str = ""


# Whoever renews the certificate below such a CA keeps the fault.
_RENEWED_CA = (
    "Put the renewed certificate of that CA into {list} if it has one of the same key, else use a "
    "certificate from another CA ({page})."
)
OTHER_CA = (
    "Use a certificate from another issuing CA ({page}): re-issued by this one it fails again."
)


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A row of the table: what a finding is called, what it requires, and what a log tells.

    `title`, `required` and `said` are for findings, `reason` is for an engine's verdict, with
    `of_server` instead where a server's certificate is judged and that differs. `short` says it in
    three words on a picture ("" for the cause's own name), `fault` what is wrong with a
    certificate, after its name, `fault_of_ca` where it is a CA above it; `needs` what the next
    certificate needs beside usages and names, since one that is renewed like for like lacks it
    again. `is_sided` says whether it is known whose certificate was found wanting, `is_documented`
    whether anybody says that Expressway refuses it as OpenSSL does.
    """

    title: str
    required: str
    said: str
    reason: Reason
    of_server: Reason | None = None
    short: str = ""
    fault: str = "was refused"
    fault_of_ca: str = ""
    needs: str = ""
    is_sided: bool = True
    is_documented: bool = True

    def reasons(self) -> dict[Side | None, Reason]:
        """Return its reason by the side that is judged."""
        if not self.is_sided:
            return {None: self.reason}
        return {Side.CLIENT: self.reason, Side.SERVER: self.of_server or self.reason}


OWN_CAUSES: dict[Cause, CauseRow] = {
    Cause.EKU: CauseRow(
        title="{purpose} is missing",
        short="{lacks}",
        fault="lacks {usage}",
        required="{purpose} in the extended key usage of {who}'s {store} certificate.",
        said="{judge} refused {which} as not fit for its purpose{ekus}",
        reason=Reason(
            found="{who}'s {store} certificate has {ekus}; clientAuth is missing",
            check="",
            todo="Give {who} a client certificate with clientAuth ({page}).{alternative}",
            facts=(),
        ),
        of_server=Reason(
            found="{who}'s {store} certificate has {ekus}; serverAuth is missing",
            check="EKU of the leaf that the responder presents",
            todo="Give {who} a server certificate with serverAuth ({page}).",
            facts=("RFC-EKU",),
        ),
    ),
    Cause.CA_EKU: CauseRow(
        title="the issuing CA does not allow {purpose}",
        short="its CA has {lacks}",
        fault="comes from a CA without {usage}",
        required="An issuing CA without an EKU limit, or one that has {purpose}.",
        said="{judge} refused {which} because of the EKUs of a CA above it",
        reason=Reason(
            found="the CA that issued {who}'s {store} certificate is limited to other usages",
            check="EKU of the issuing CA",
            todo="Use an issuing CA without an EKU limit, or with clientAuth.",
            facts=("E6",),
        ),
        of_server=Reason(
            found="the CA that issued {who}'s {store} certificate does not allow serverAuth",
            check="EKU of the issuing CA",
            todo="Use an issuing CA without an EKU limit, or with serverAuth.",
            facts=("RFC-EKU",),
        ),
    ),
    Cause.UNTRUSTED: CauseRow(
        title="no path to a trusted root",
        short="untrusted CA",
        fault="is self-signed, or its issuer is not known",
        required="Root and issuing CA of {who}'s {store} certificate in {list}.",
        said="{judge} found no path from {which} to a trusted root",
        reason=Reason(
            found="{judge} cannot build a path from {who}'s {store} certificate to a trusted root",
            check="chain against the trusted CA list",
            todo="Put root and issuing CA of {issuer} into {list}.",
            facts=("S3",),
        ),
    ),
    Cause.NAME: CauseRow(
        title="the name does not match",
        short="another name",
        fault="does not hold the name {name}",
        required="The name {name} among the names of {who}'s {store} certificate.",
        said="{judge} did not find the name {name} in {which}",
        reason=Reason(
            found="{who}'s {store} certificate does not hold the name {name}",
            check="TLS verify subject name against the SAN",
            todo=(
                "Re-issue the certificate with that name, or correct the zone's TLS verify "
                "subject name."
            ),
            facts=("E8",),
        ),
        of_server=Reason(
            found="{who}'s {store} certificate does not hold the name {name}",
            check="peer address against the SAN",
            todo="Re-issue the certificate with that name, or correct the peer address.",
            facts=("RFC-NAME",),
        ),
    ),
    Cause.EXPIRED: CauseRow(
        title="expired",
        short="expired",
        fault="expired on {until}",
        fault_of_ca="comes from a CA that expired on {until}",
        required="A certificate and a chain inside their validity.",
        said="{judge} refused {which} as expired",
        reason=Reason(
            found="{which} has expired",
            check="validity",
            todo="Renew it ({page}), from a CA that still gives clientAuth.",
            facts=("RFC-TIME",),
            todo_of_ca=_RENEWED_CA,
        ),
        of_server=Reason(
            found="{which} has expired",
            check="validity",
            todo="Renew it ({page}).",
            facts=("RFC-TIME",),
            todo_of_ca=_RENEWED_CA,
        ),
    ),
    Cause.NOT_YET_VALID: CauseRow(
        title="not valid yet",
        short="not valid yet",
        fault="is not valid before {since}",
        fault_of_ca="comes from a CA that is not valid before {since}",
        required="A certificate and a chain inside their validity.",
        said="{judge} refused {which} as not valid yet",
        reason=Reason(
            found="{which} is not valid yet",
            check="validity",
            todo="Check the clocks of both nodes and the certificate's first day.",
            facts=("RFC-TIME",),
        ),
    ),
    Cause.NO_CERTIFICATE: CauseRow(
        title="no certificate was presented",
        short="no certificate",
        fault="is not sent by its stack, for want of {usage}",
        required="A certificate from {who}.",
        said="{who} presented no certificate to {judge}",
        reason=Reason(
            found="{who} presented no certificate; its {store} store is empty",
            check="a certificate is demanded",
            todo="Upload a certificate ({page}).",
            facts=("S2",),
        ),
        of_server=Reason(
            found="{who} has no certificate to present; its {store} store is empty",
            check="a server certificate is demanded",
            todo="Upload a certificate ({page}).",
            facts=("S2",),
        ),
    ),
    Cause.OTHER: CauseRow(
        title="failed for a reason that the kit does not know",
        required="A handshake that succeeds.",
        said="the handshake of {who} with {judge} failed, and the words do not tell why",
        reason=Reason(
            found="the handshake failed for a reason that the kit does not know: {text}",
            check="not known",
            todo="Look at the capture.",
            facts=("LAB-OTHER",),
        ),
        is_sided=False,
    ),
}
# What keeps a handshake from beginning; archives tell more of it (`log.troubles`).
NETWORK_CAUSES: dict[Cause, Reason] = {
    Cause.UNREACHED: Reason(
        found="{who} gets no answer from {judge} on port {port}; no certificate was shown",
        check="the port is reached",
        todo="Let port {port} through from {who} to {judge} (firewalls between them); no "
        "certificate is at fault.",
        facts=("L1",),
    ),
    Cause.UNRESOLVED: Reason(
        found="{who} cannot resolve the name of {judge}; no certificate was shown",
        check="the name resolves",
        todo="Mend DNS for {who}; no certificate is at fault.",
        facts=("L1",),
    ),
}
