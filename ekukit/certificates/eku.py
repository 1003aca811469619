"""Extended key usage (EKU): the purposes a certificate may be used for."""

from enum import StrEnum

from cryptography import x509

from ekukit.errors import InputError
from ekukit.nearest import nearest

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
ANY = "2.5.29.37.0"

# None: the certificate has no EKU extension at all, which is not the same as an empty list.
Ekus = tuple[str, ...] | None


class EkuProfile(StrEnum):
    """The EKU sets that the kit's controls offer."""

    SERVER = "server"
    CLIENT = "client"
    BOTH = "both"
    NONE = "none"
    ANY = "any"

    @property
    def ekus(self) -> Ekus:
        """Return the profile's OIDs; None where the extension is left out."""
        return _PROFILES[self]


_PROFILES: dict[EkuProfile, Ekus] = {
    EkuProfile.SERVER: (SERVER_AUTH,),
    EkuProfile.CLIENT: (CLIENT_AUTH,),
    EkuProfile.BOTH: (SERVER_AUTH, CLIENT_AUTH),
    EkuProfile.NONE: None,
    EkuProfile.ANY: (ANY,),
}

# A stranger's certificate may list tens of thousands.
_MOST_SHOWN = 20
_NAMES = {
    SERVER_AUTH: "serverAuth",
    CLIENT_AUTH: "clientAuth",
    ANY: "anyExtendedKeyUsage",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
}


def ekus_of(profile: "EkuProfile | str | tuple[str, ...] | None") -> Ekus:
    """Return the OIDs of a profile name, of a tuple of dotted OIDs, or None.

    Raises InputError for a name that is no profile or an OID that is not dotted numbers.
    """
    if profile is None:
        return None
    if isinstance(profile, str):
        try:
            return EkuProfile(profile).ekus
        except ValueError:
            known = ", ".join(EkuProfile)
            msg = f"EKU profile {profile!r} is unknown; use one of: {known}, or a tuple of OIDs"
            raise InputError(msg + nearest(profile, EkuProfile)) from None
    for oid in profile:
        try:
            x509.ObjectIdentifier(oid)
        except ValueError:
            msg = f"{oid!r} is not an OID; write dotted numbers such as {CLIENT_AUTH}"
            raise InputError(msg) from None
    return tuple(profile)


def eku_words(ekus: Ekus) -> str:
    """Return EKUs in words: "serverAuth + clientAuth", "no EKU extension", or bare OIDs.

    Of a flood, those with a name and the first others; all of them count where it is judged.
    """
    if ekus is None:
        return "no EKU extension"
    if len(ekus) > _MOST_SHOWN:
        ekus = tuple(sorted(ekus, key=lambda oid: oid not in _NAMES))
    told = [_NAMES.get(oid, oid) for oid in ekus[:_MOST_SHOWN]]
    more = len(ekus) - len(told)
    return " + ".join([*told, f"{more:,} more"] if more else told) or "an empty EKU extension"
