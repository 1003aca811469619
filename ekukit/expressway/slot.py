"""What a store holds, as controls say it: an issuer and an EKU profile."""

from dataclasses import dataclass

from ekukit.certificates import EkuProfile
from ekukit.nearest import member

ISSUERS = ("internal", "public")


@dataclass(frozen=True, slots=True)
class Slot:
    """What a store holds: the issuer (of ISSUERS) and the EKU profile, which a word may name."""

    issuer: str
    eku: EkuProfile

    def __post_init__(self) -> None:
        """Take a word for the profile; raises InputError for one that names none."""
        if not isinstance(self.eku, EkuProfile):
            object.__setattr__(self, "eku", member(EkuProfile, self.eku, "EKU profile"))


INTERNAL_BOTH = Slot("internal", EkuProfile.BOTH)
PUBLIC_BOTH = Slot("public", EkuProfile.BOTH)
PUBLIC_SERVER = Slot("public", EkuProfile.SERVER)
