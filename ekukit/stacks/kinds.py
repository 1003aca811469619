"""The kinds of EKU sets by which stacks are told apart, and the kind of any certificate."""

from enum import StrEnum

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, EkuProfile, Ekus
from ekukit.certificates.eku import ANY

_CODE_SIGNING = "1.3.6.1.5.5.7.3.3"


class EkuKind(StrEnum):
    """The EKU sets that were tried with every stack; `code` stands for all foreign EKUs."""

    NONE = "none"
    SERVER = "server"
    CLIENT = "client"
    BOTH = "both"
    ANY = "any"
    ANY_SERVER = "any+server"
    CODE = "code"

    @property
    def ekus(self) -> Ekus:
        """Return the OIDs that were tried; None where the extension is left out."""
        return _TRIED[self] if self in _TRIED else EkuProfile(self.value).ekus


_TRIED: dict[EkuKind, Ekus] = {
    EkuKind.ANY_SERVER: (SERVER_AUTH, ANY),
    EkuKind.CODE: (_CODE_SIGNING,),
}
LEAF_KINDS = tuple(EkuKind)
ISSUING_KINDS = (EkuKind.NONE, EkuKind.SERVER, EkuKind.CLIENT, EkuKind.BOTH, EkuKind.ANY)


def leaf_kind(ekus: Ekus) -> EkuKind:
    """Return the kind of a leaf by its EKUs.

    Foreign ones change nothing beside serverAuth, clientAuth or any, nor does any beside
    clientAuth. That no stack tells them apart further is *assumed*: other sets were not tried.
    """
    if ekus is None:
        return EkuKind.NONE
    server, client, unlimited = (oid in ekus for oid in (SERVER_AUTH, CLIENT_AUTH, ANY))
    if client:
        return EkuKind.BOTH if server else EkuKind.CLIENT
    if unlimited:
        return EkuKind.ANY_SERVER if server else EkuKind.ANY
    return EkuKind.SERVER if server else EkuKind.CODE


def issuing_kind(ekus: Ekus) -> EkuKind:
    """Return the kind of an issuing CA by its EKUs.

    One with foreign EKUs alone counts as limited to serverAuth where clients are judged, and one
    with any beside serverAuth as any: neither was tried (*assumed*).
    """
    kind = leaf_kind(ekus)
    return {EkuKind.CODE: EkuKind.SERVER, EkuKind.ANY_SERVER: EkuKind.ANY}.get(kind, kind)
