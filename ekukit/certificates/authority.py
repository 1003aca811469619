"""Certificate authorities: an internal one that signs anything, a public one with a policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ekukit.certificates.certificate import CaCertificate, Certificate, utc
from ekukit.certificates.eku import CLIENT_AUTH, SERVER_AUTH, EkuProfile, ekus_of
from ekukit.errors import InputError

ORGANIZATION = "ekukit TEST ONLY"


@dataclass(frozen=True, slots=True)
class IssuancePolicy:
    """What a public authority binds itself to: from `cutoff` on, no clientAuth."""

    name: str
    cutoff: datetime
    longest_days: int = 200

    def refuses(self, ekus: tuple[str, ...] | None, issued: datetime) -> bool:
        """Return whether a certificate with these EKUs may not be issued at that moment."""
        return issued >= self.cutoff and ekus != (SERVER_AUTH,)


@dataclass(frozen=True, slots=True)
class Authority:
    """A root and its issuing CA; with a policy, also the issuing CA used before the cut-off.

    `label` is the source's name ("CA 1"), `public` whether browsers trust the root.
    """

    label: str
    public: bool
    root: CaCertificate
    issuing: CaCertificate
    before_cutoff: CaCertificate | None = None
    policy: IssuancePolicy | None = None

    @property
    def ca_certificates(self) -> tuple[CaCertificate, ...]:
        """Return every CA certificate that a trusted CA list needs for this authority."""
        earlier = (self.before_cutoff,) if self.before_cutoff else ()
        return (self.root, self.issuing, *earlier)

    def issue(  # noqa: PLR0913 - a certificate is asked for by name
        self,
        subject: str,
        *,
        eku: EkuProfile | str | tuple[str, ...] | None,
        issued: datetime,
        names: tuple[str, ...] = (),
        days: int | None = None,
        key: str = "RSA-2048",
    ) -> Certificate:
        """Return a certificate for a host name, with that name and `names` in its SAN.

        `days` defaults to the policy's limit, or two years without one. Raises InputError, naming
        policy and date, when a public authority is asked for anything but serverAuth from its
        cut-off on. The key is made when the lab needs it.
        """
        ekus = ekus_of(eku)
        if self.policy and self.policy.refuses(ekus, issued):
            msg = (
                f"{self.label} refuses this request: policy {self.policy.name!r} allows only "
                f"serverAuth from {self.policy.cutoff:%d %b %Y} on, asked for on "
                f"{issued:%d %b %Y}. Use an internal CA, or a certificate issued earlier"
            )
            raise InputError(msg)
        early = self.policy is not None and issued < self.policy.cutoff
        issuing = self.before_cutoff if early and self.before_cutoff else self.issuing
        limit = self.policy.longest_days if self.policy and not early else 730
        certificate = Certificate(
            subject=f"CN={subject},O={ORGANIZATION}",
            names=tuple(dict.fromkeys((subject, *names))),
            ekus=ekus,
            serial=0,
            not_before=issued,
            not_after=issued + timedelta(days=days or limit),
            chain=(issuing, self.root),
            key=key,
            public=self.public,
        )
        return certificate.moved()


def _ca(name: str, issuer: str, *, public: bool, server_only: bool = False) -> CaCertificate:
    return CaCertificate(
        subject=f"CN={name},O={ORGANIZATION}",
        issuer=f"CN={issuer},O={ORGANIZATION}",
        ekus=(SERVER_AUTH,) if server_only else None,
        not_before=utc("2020-01-01"),
        not_after=utc("2045-01-01"),
        public=public,
    )


def internal_authority(label: str = "CA 1") -> Authority:
    """Return an internal authority (root and issuing CA without EKU limits), TEST ONLY."""
    root, issuing = f"{label} Internal Root", f"{label} Internal Issuing CA"
    return Authority(
        label=label,
        public=False,
        root=_ca(root, root, public=False),
        issuing=_ca(issuing, root, public=False),
    )


def public_authority(label: str = "CA 2") -> Authority:
    """Return a stand-in for a public authority, TEST ONLY, that follows a serverAuth policy.

    From the cut-off on (1 May 2026) its issuing CA is limited to serverAuth (E6);
    certificates from before come from an issuing CA without an EKU extension.
    """
    root = f"{label} Public Root"
    return Authority(
        label=label,
        public=True,
        root=_ca(root, root, public=True),
        issuing=_ca(f"{label} Public TLS Issuing CA", root, public=True, server_only=True),
        before_cutoff=_ca(f"{label} Public Issuing CA (before cut-off)", root, public=True),
        policy=IssuancePolicy("TLS server authentication only", utc("2026-05-01")),
    )


def allows_client(ca: CaCertificate) -> bool:
    """Return whether a CA's own EKUs leave room for TLS clients under it (E6)."""
    return ca.ekus is None or CLIENT_AUTH in ca.ekus


def not_listed(
    chain: Iterable[CaCertificate], trusted: Iterable[CaCertificate]
) -> tuple[CaCertificate, ...]:
    """Return the CAs of a chain that a list lacks; one of the same name and key counts as listed.

    So OpenSSL finds an issuer: a renewed certificate of a CA is as good as the old one.
    """
    known = {ca.identity for ca in trusted}
    return tuple(ca for ca in chain if ca.identity not in known)
