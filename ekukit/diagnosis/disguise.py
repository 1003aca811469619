"""A customer's deployment under pseudonyms that a certificate and an SSH name can hold."""

import re
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from ekukit.certificates import CaCertificate, Certificate, Limits
from ekukit.diagnosis.personal import address_of
from ekukit.diagnosis.redaction import Redaction
from ekukit.expressway import CertificateStore, Deployment, Expressway, FarEnd

# Addresses for measurements between nobody's networks (RFC 2544), enough for every node.
_FIRST = int(IPv4Address("198.18.0.0"))
_PLACES = re.compile(r"\[(host|domain)(\d+)\]")
_DIGITS = re.compile(r"\d+")


def disguised(deployment: Deployment, redaction: Redaction) -> Deployment:
    """Return the deployment with the redaction's pseudonyms instead of names and addresses.

    [host1].[domain1] becomes host1.domain1.example, [address3] becomes 198.18.0.3, since names in
    certificates have no brackets. Serials, EKUs, validity, keys, modes and who issued what stay,
    so that every handshake ends as it did. A DNS name that no certificate can hold is left out.
    """
    return _Disguise(redaction).deployment(deployment)


@dataclass(frozen=True, slots=True)
class _Disguise:
    redaction: Redaction

    def deployment(self, found: Deployment) -> Deployment:
        return replace(
            found,
            core=tuple(map(self._node, found.core)),
            edge=tuple(map(self._node, found.edge)),
            far_ends=tuple(map(self._far_end, found.far_ends)),
            domains=tuple(self._domain(name) for name in found.domains),
        )

    def _node(self, found: Expressway) -> Expressway:
        return replace(
            found,
            fqdn=self._host(found.fqdn),
            address=self._address(found.address),
            server=self._store(found.server),
            client=self._store(found.client),
            trusted=frozenset(map(self._ca, found.trusted)),
            verify_subject_name=self._host(found.verify_subject_name),
        )

    def _far_end(self, found: FarEnd) -> FarEnd:
        return replace(
            found,
            fqdn=self._host(found.fqdn),
            address=self._address(found.address),
            certificate=self._leaf(found.certificate) if found.certificate else None,
            trusts=frozenset(map(self._ca, found.trusts)),
        )

    def _store(self, found: CertificateStore) -> CertificateStore:
        certificate = self._leaf(found.certificate) if found.certificate else None
        return replace(found, certificate=certificate)

    def _leaf(self, found: Certificate) -> Certificate:
        sayable = [name for name in found.names if name.isascii() and "\0" not in name]
        return replace(
            found,
            subject=self._name(found.subject),
            names=tuple(map(self._host, sayable)),
            chain=tuple(map(self._ca, found.chain)),
            limits=self._limits(found.limits),
            der=b"",
        )

    def _ca(self, found: CaCertificate) -> CaCertificate:
        return replace(
            found,
            subject=self._name(found.subject),
            issuer=self._name(found.issuer),
            limits=self._limits(found.limits),
            der=b"",
        )

    def _limits(self, found: Limits) -> Limits:
        permitted, excluded = (
            tuple(self._host(name.lstrip(".")) for name in told if name.isascii())
            for told in (found.permitted, found.excluded)
        )
        return replace(found, permitted=permitted, excluded=excluded)

    def _name(self, text: str) -> str:
        """Return a distinguished name redacted."""
        return _PLACES.sub(_said, self.redaction(text))

    def _host(self, text: str) -> str:
        """Return a host name, with a wildcard and a dot at its end where it had them."""
        name = text.rstrip(".")
        label, _, domain = name.partition(".")
        if not name:
            return text
        if address_of(name):
            return self._address(name)
        if not domain:
            said = self.redaction.pseudonym("host", label)
        elif label == "*":
            said = f"*.{self._domain(domain)}"
        elif "." not in domain:
            said = self._domain(name)
        else:
            said = f"{self.redaction.pseudonym('host', label)}.{self._domain(domain)}"
        return _PLACES.sub(_said, said) + text[len(name) :]

    def _domain(self, text: str) -> str:
        return _PLACES.sub(_said, self.redaction.pseudonym("domain", text)) if text else text

    def _address(self, text: str) -> str:
        """Return an IPv4 address instead of an address, or of the name that stands for one."""
        known = address_of(text)
        number = _DIGITS.search(self.redaction.pseudonym("address", str(known or text)))
        assert number is not None  # noqa: S101 - pseudonyms are numbered
        return str(IPv4Address(_FIRST + int(number[0])))


def _said(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}{'.example' if found[1] == 'domain' else ''}"
