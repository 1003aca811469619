"""The dates of a certificate: expiry, its CA's last day, the renewal that loses clientAuth."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from ekukit.believed import LATEST
from ekukit.certificates import Certificate
from ekukit.certificates.authority import allows_client
from ekukit.facts import Status, basis, latest_renewal
from ekukit.facts.calendar import Issuance, issuance, renewals
from ekukit.renewals.ca_words import calendar_ca, keeps_giving
from ekukit.renewals.mending_plan import MendingPlan
from ekukit.renewals.stops import Span, Stop, last_days, losing, stops_of

_NO_DAY = Span(None, None, None)
_FACT = re.compile(r"\b[DK]\d\b")


class Lapse(StrEnum):
    """What becomes of a certificate's clientAuth."""

    LOST = "disappears at a renewal"
    NONE = "none in it"
    LIMITED = "of no use: a CA above it does not allow clientAuth"
    KEPT = "kept: its issuing CA goes on giving it"
    NOT_AFFECTED = "kept: not known to be of a public CA"


@dataclass(frozen=True, slots=True)
class Holder:
    """Where a certificate is held: host, side and store, "" for what is not told."""

    host: str
    role: str = ""
    store: str = ""


@dataclass(frozen=True, slots=True)
class ShownNames:
    """What a certificate and its issuing CA are called, and its serial, "" where none is told."""

    name: str
    issuer: str
    serial: str


@dataclass(frozen=True, slots=True)
class CertificateDates:
    """When a certificate ends and loses clientAuth, and what goes down then.

    `ca` is the CA of the calendar, "" where the calendar has none. `last_issue` is the last day on
    which its CA gives clientAuth, `gone` the renewal that is the first without it when each is made
    on the last day, `renewals` those before. `keeps_until` is the end of one that is issued on that
    last day, None when it has passed or is not told. `on_request` says that the CA gives clientAuth
    only when asked for it.
    `down` are ids of connections and services that fail then, `perhaps` those that may; both are
    None where it is not told which node holds it. `mending` is the plan that brings them back,
    None where nothing fails or none can be made. `alias` stands for its names where they are
    hidden.
    """

    certificate: Certificate
    holders: tuple[Holder, ...]
    ca: str
    lapse: Lapse
    expires: dt.date
    facts: tuple[str, ...]
    last_issue: Span = _NO_DAY
    gone: Span = _NO_DAY
    stops: tuple[Stop, ...] = ()
    renewals: tuple[dt.date, ...] = ()
    keeps_until: dt.date | None = None
    on_request: bool = False
    down: tuple[str, ...] | None = None
    perhaps: tuple[str, ...] | None = None
    mending: MendingPlan | None = None
    alias: ShownNames | None = None

    @property
    def basis(self) -> Status:
        """Return the weakest status of what its dates rest on."""
        told = [stop.status for stop in self.stops if stop.decides]
        found = [*told, basis(self.facts)]
        return max(found, key=list(Status).index)

    @property
    def where(self) -> tuple[str, ...]:
        """Return in words where it is held, a node's two stores together."""
        nodes: dict[tuple[str, str], list[str]] = {}
        for one in self.holders:
            nodes.setdefault((one.role, one.host), []).append(one.store)
        return tuple(
            " ".join(filter(None, (role, " + ".join(filter(None, stores)), host)))
            for (role, host), stores in nodes.items()
        ) or (self.shown.name,)

    @property
    def shown(self) -> ShownNames:
        """Return its names as they may be shown."""
        found = self.certificate
        serial = found.serial_hex if found.serial else ""
        return self.alias or ShownNames(found.name, found.issuer_name, serial)

    @property
    def unless_asked(self) -> dt.date | None:
        """Return the renewal that loses clientAuth when nobody asks the CA for it, if earlier."""
        gone = self.gone.decided
        return self.expires if self.on_request and gone and gone > self.expires else None

    @property
    def lacks_it(self) -> bool:
        """Return whether it is without clientAuth, or with one that is of no use (E6)."""
        return self.lapse in (Lapse.NONE, Lapse.LIMITED)

    @property
    def missed(self) -> tuple[str, ...]:
        """Return the ids of what fails for want of clientAuth, without any of what may."""
        return self.down or self.perhaps or ()

    @property
    def dark(self) -> bool:
        """Return whether anything goes down, or is down, for want of clientAuth."""
        return bool(self.down)


def dates_of(
    certificate: Certificate, holders: tuple[Holder, ...], on: dt.date, renewed_by: str = ""
) -> CertificateDates:
    """Return the dates of a certificate, judged from a day on; what goes down is not told here.

    `renewed_by` is the CA of the calendar that renews it where the issuer's name tells none. A
    certificate that has ended counts as renewed on `on`. Nothing is verified.
    """
    ends = certificate.not_after.date()
    own = calendar_ca(certificate.issuer)
    public = bool(own) if certificate.public is None else certificate.public
    ca = own or (renewed_by if public else "")
    if certificate.lacks_client_auth:
        return CertificateDates(certificate, holders, ca, Lapse.NONE, ends, ("E3", "S9"))
    if not all(allows_client(ca) for ca in certificate.chain):
        return CertificateDates(certificate, holders, ca, Lapse.LIMITED, ends, ("E6", "E12"))
    if not public:
        facts = ("S9",) if certificate.public is False else ("S9", "T9")
        return CertificateDates(certificate, holders, ca, Lapse.NOT_AFFECTED, ends, facts)
    if keeps_giving(certificate.issuer):
        return CertificateDates(certificate, holders, ca, Lapse.KEPT, ends, ("R4",))
    stops = stops_of(ca)
    last = last_days(stops)
    open_until = last.decided if last.decided and last.decided >= on else None
    first = min(max(ends, on), LATEST.date())
    return CertificateDates(
        certificate,
        holders,
        ca,
        Lapse.LOST,
        ends,
        _facts(stops),
        last_issue=last,
        gone=losing(first, ca, stops),
        renewals=renewals(first, ca, stops[0].date)[:-1],
        stops=stops,
        keeps_until=latest_renewal(open_until, ca) if open_until else None,
        on_request=issuance(ca, on) is Issuance.ON_REQUEST,
    )


def _facts(stops: tuple[Stop, ...]) -> tuple[str, ...]:
    told = [name for stop in stops for name in _FACT.findall(stop.source)]
    return tuple(dict.fromkeys(("E9", "D1", *told)))
