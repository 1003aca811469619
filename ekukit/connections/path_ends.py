"""Where a path ends that leads to no trusted root: at a CA whose issuer is not at hand."""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509

from ekukit.certificates import CaCertificate, Certificate
from ekukit.certificates.certificate import common_name
from ekukit.certificates.extensions import value_of
from ekukit.certificates.pemfile import UNSEEN

_PUT_ABOVE = "Put {issuer}{other} into {{list}}."
_OR_OWN = ", or a self-signed {ca} if there is one,"
_TAKE_AWAY = (
    "Remove the {ca} that {issuer} signed from {{list}}, which has the self-signed one, too."
)
_FETCH = (
    "Get the certificate of {issuer}{key} from whoever runs that CA, and put {it} into {{list}}."
)
_KEY = " with the key identifier {told}"


@dataclass(frozen=True, slots=True)
class PathEnd:
    """The issuer that a path lacks, by name.

    `ca` is the CA of the trusted list at which the path ends, "" where no certificate of the issuer
    is in the files; `twice` says that the list has a self-signed certificate of that CA as well,
    `crossed` that it is the topmost CA that is known, so that there may be one elsewhere.
    `key` is the issuer's key identifier as tools print it, "" where it is not told; `others` are
    CAs of the path that the list lacks, too.
    """

    issuer: str
    ca: str = ""
    twice: bool = False
    crossed: bool = False
    key: str = ""
    others: tuple[str, ...] = ()

    @property
    def todo(self) -> str:
        """Return the step; {list} is to be filled in."""
        if self.ca:
            words = {"issuer": _literal(self.issuer), "ca": _literal(self.ca)}
            other = _OR_OWN.format(**words) if self.crossed else ""
            return (_TAKE_AWAY if self.twice else _PUT_ABOVE).format(**words, other=other)
        it = " and ".join(("it", *map(_literal, self.others)))
        key = _KEY.format(told=self.key) if self.key else ""
        return _FETCH.format(issuer=_literal(self.issuer), key=key, it=it)


def path_end(shown: Certificate | None, trusted: Iterable[CaCertificate]) -> PathEnd | None:
    """Return where the path of a real certificate ends in a list of CAs, None where it does not.

    None as well where the list lacks CAs that the files hold: those are named by the path. Not
    checked: signatures, and whether OpenSSL takes another certificate of the same CA.
    """
    if shown is None or not shown.der or not shown.chain:
        return None
    listed, top = list(trusted), shown.chain[-1]
    if top.identity in {ca.identity for ca in listed}:
        return _in_list(shown, listed)
    name = top.name if top.key == UNSEEN else common_name(top.issuer) or top.issuer
    below = shown.der if top.key == UNSEEN else top.der
    if top.is_root or not below or name in {ca.name for ca in listed}:
        return None
    own = {ca.identity for ca in listed}
    more = [ca.name for ca in shown.chain if ca.key != UNSEEN and ca.identity not in own]
    return PathEnd(name, key=_key_of_issuer(below), others=tuple(more))


def _in_list(shown: Certificate, listed: list[CaCertificate]) -> PathEnd | None:
    """Return the listed CA at which the path ends for want of its issuer.

    OpenSSL goes on in the list from the first listed CA, and of two certificates of one CA may take
    the one that leads nowhere.
    """
    open_ = [ca for ca in listed if ca.identity == shown.chain[0].identity]
    seen: set[CaCertificate] = set()
    while open_:
        at = open_.pop()
        if at in seen:  # a root is its own issuer
            continue
        seen.add(at)
        above = [ca for ca in listed if ca.subject == at.issuer]
        if not above:
            twice = any(ca.is_root and ca.identity == at.identity for ca in listed)
            crossed = at.identity == shown.chain[-1].identity
            return PathEnd(common_name(at.issuer) or at.issuer, at.name, twice, crossed)
        open_ += above
    return None


def _key_of_issuer(der: bytes) -> str:
    """Return the authority key identifier of a certificate, "" where there is none."""
    found = value_of(x509.load_der_x509_certificate(der), x509.AuthorityKeyIdentifier)
    return found.key_identifier.hex(":").upper() if found and found.key_identifier else ""


def _literal(name: str) -> str:
    """Return a stranger's name for a text that is to be filled in."""
    return name.replace("{", "{{").replace("}", "}}")
