"""A customer's deployment under pseudonyms that a certificate and an SSH name can hold."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import IPv4Address

from ekukit.certificates import CaCertificate, Certificate, Ekus
from ekukit.certificates.constraints import Limits
from ekukit.expressway import CertificateStore, Deployment, Expressway, FarEnd
from ekukit.privacy.names import Names
from ekukit.privacy.shown_words import is_known_oid
from ekukit.privacy.text_forms import address_of

# Addresses for measurements between nobody's networks (RFC 2544), enough for every node.
_FIRST = int(IPv4Address("198.18.0.0"))
# The enterprise number for examples (RFC 5612).
_NOBODYS = "1.3.6.1.4.1.32473."
_PLACES = re.compile(r"\[(host|domain)(\d+)\]")
_ADDRESSES, _SERIALS = re.compile(r"\[address(\d{1,4})\]"), re.compile(r"\[serial(\d+)\]")
_OIDS = re.compile(r"\[oid(\d+)\]")
_DIGITS = re.compile(r"\d+")
_DIGEST = re.compile(r"[0-9a-f]{16,}")


def disguised(deployment: Deployment, names: Names) -> Deployment:
    """Return the deployment with pseudonyms instead of names, addresses, serials and key digests.

    [host1].[domain1] becomes host1.domain1.example, [address3] becomes 198.18.0.3, [serial2]
    becomes 2, since certificates have no brackets. Of validity only the days stay. EKUs, modes and
    who issued what stay, so that every handshake ends as it did; an EKU without a name gets a
    number for examples. A DNS name that no certificate can hold is left out.
    """
    return _Disguise(names, deployment.at).deployment(deployment)


def disguised_certificate(certificate: Certificate, names: Names) -> Certificate:
    """Return a certificate as `disguised` has it; of its validity the days."""
    return _Disguise(names, certificate.not_after).leaf(certificate)


def as_disguised(text: str) -> str:
    """Return text whose pseudonyms are spelled as in a disguised deployment: one way on a screen.

    Others, such as [user1], stay.
    """
    shown = _PLACES.sub(_said, text)
    shown = _ADDRESSES.sub(lambda found: str(IPv4Address(_FIRST + int(found[1]))), shown)
    return _SERIALS.sub(r"\1", shown)


@dataclass(frozen=True, slots=True)
class _Disguise:
    names: Names
    at: datetime

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
            certificate=self.leaf(found.certificate) if found.certificate else None,
            trusts=frozenset(map(self._ca, found.trusts)),
        )

    def _store(self, found: CertificateStore) -> CertificateStore:
        certificate = self.leaf(found.certificate) if found.certificate else None
        return replace(found, certificate=certificate)

    def leaf(self, found: Certificate) -> Certificate:
        sayable = [name for name in found.names if name.isascii() and "\0" not in name]
        return replace(
            found,
            subject=self._name(found.subject),
            names=tuple(map(self._host, sayable)),
            chain=tuple(map(self._ca, found.chain)),
            serial=self._number("serial", found.serial_hex),
            ekus=self._ekus(found.ekus),
            not_before=self._day(found.not_before),
            not_after=self._day(found.not_after),
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
            key=_DIGEST.sub(self._key, found.key),
            issuer_key=_DIGEST.sub(self._key, found.issuer_key),
            ekus=self._ekus(found.ekus),
            not_before=self._day(found.not_before),
            not_after=self._day(found.not_after),
        )

    def _limits(self, found: Limits) -> Limits:
        permitted, excluded = (
            tuple(self._host(name.lstrip(".")) for name in told if name.isascii())
            for told in (found.permitted, found.excluded)
        )
        odd = self._ekus(found.unknown_critical) or ()
        return replace(found, permitted=permitted, excluded=excluded, unknown_critical=odd)

    def _number(self, kind: str, value: str) -> int:
        number = _DIGITS.search(self.names.pseudonyms.of(kind, value))
        assert number is not None  # noqa: S101 - pseudonyms are numbered
        return int(number[0])

    def _key(self, found: re.Match[str]) -> str:
        return f"key {self._number('key', found[0])}"

    def _ekus(self, found: Ekus) -> Ekus:
        if found is None:
            return None
        return tuple(oid if is_known_oid(oid) else f"{_NOBODYS}{self._number('oid', oid)}"
                     for oid in found)  # fmt: skip

    def _day(self, moment: datetime) -> datetime:
        """Return a moment of the same day that lies on the same side of the judged moment."""
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return day if moment <= self.at else day.replace(hour=23, minute=59, second=59)

    def _name(self, text: str) -> str:
        """Return a distinguished name redacted."""
        said = _PLACES.sub(_said, self.names.distinguished(text))
        return _OIDS.sub(rf"{_NOBODYS}\1", said)

    def _host(self, text: str) -> str:
        """Return a host name, with a wildcard and a dot at its end where it had them."""
        name = text.rstrip(".")
        label, _, domain = name.partition(".")
        if not name:
            return text
        if address_of(name):
            return self._address(name)
        if not domain:
            said = self.names.pseudonyms.of("host", label)
        elif label == "*":
            said = f"*.{self._domain(domain)}"
        elif "." not in domain:
            said = self._domain(name)
        else:
            said = f"{self.names.pseudonyms.of('host', label)}.{self._domain(domain)}"
        return _PLACES.sub(_said, said) + text[len(name) :]

    def _domain(self, text: str) -> str:
        return _PLACES.sub(_said, self.names.pseudonyms.of("domain", text)) if text else text

    def _address(self, text: str) -> str:
        """Return an IPv4 address instead of an address, or of the name that stands for one."""
        known = address_of(text)
        return str(IPv4Address(_FIRST + self._number("address", str(known or text))))


def _said(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}{'.example' if found[1] == 'domain' else ''}"
