"""A second opinion on a certificate path, from `cryptography.x509.verification`."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509 import verification

from ekukit.certificates.eku import CLIENT_AUTH, SERVER_AUTH


@dataclass(frozen=True, slots=True)
class PathOpinion:
    """Whether the path was accepted, and the library's own reason when not."""

    accepted: bool
    reason: str


def check_client_path(
    leaf: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    trusted: tuple[x509.Certificate, ...],
    *,
    at: datetime,
    eku_checking: bool = True,
) -> PathOpinion:
    """Return the opinion on a client's path, with clientAuth demanded or not.

    With `eku_checking` off every certificate needs serverAuth, clientAuth or no EKU extension
    (E4, our reading). Names, revocation and the key's strength beyond the library's defaults are
    not checked.
    """
    roots = [ca for ca in trusted if ca.subject == ca.issuer]
    between = [*chain, *(ca for ca in trusted if ca.subject != ca.issuer)]
    if not roots:
        return PathOpinion(accepted=False, reason="no trusted root")
    builder = verification.PolicyBuilder().store(verification.Store(roots)).time(at)
    if not eku_checking:
        builder = builder.extension_policies(
            ee_policy=verification.ExtensionPolicy.permit_all().may_be_present(
                x509.ExtendedKeyUsage, verification.Criticality.AGNOSTIC, _server_or_client
            ),
            ca_policy=verification.ExtensionPolicy.permit_all()
            .may_be_present(
                x509.ExtendedKeyUsage, verification.Criticality.AGNOSTIC, _server_or_client
            )
            .require_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, _is_ca),
        )
    try:
        builder.build_client_verifier().verify(leaf, between)
    except verification.VerificationError as refusal:
        return PathOpinion(accepted=False, reason=str(refusal))
    return PathOpinion(accepted=True, reason="")


def _server_or_client(
    _policy: object, _certificate: x509.Certificate, ekus: x509.ExtendedKeyUsage | None
) -> None:
    wanted = {SERVER_AUTH, CLIENT_AUTH}
    if ekus is not None and not wanted & {oid.dotted_string for oid in ekus}:
        msg = "neither serverAuth nor clientAuth"
        raise ValueError(msg)


def _is_ca(
    _policy: object, _certificate: x509.Certificate, constraints: x509.BasicConstraints
) -> None:
    if not constraints.ca:
        msg = "the issuer is no CA"
        raise ValueError(msg)
