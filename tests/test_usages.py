"""EKUs by name and in words, and what counts as a host name."""

import pytest

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.certificates.eku import ANY, EkuProfile, Ekus, eku_words, ekus_of
from ekukit.certificates.hostname import is_host_name
from ekukit.errors import InputError

PROFILES: dict[str, Ekus] = {
    "server": (SERVER_AUTH,), "client": (CLIENT_AUTH,), "both": (SERVER_AUTH, CLIENT_AUTH),
    "none": None, "any": (ANY,),
}  # fmt: skip
WORDS: list[tuple[Ekus, str]] = [
    (None, "no EKU extension"), ((), "an empty EKU extension"), ((SERVER_AUTH,), "serverAuth"),
    ((SERVER_AUTH, CLIENT_AUTH), "serverAuth + clientAuth"), ((ANY,), "anyExtendedKeyUsage"),
    (("1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9"),
     "codeSigning + emailProtection + timeStamping + OCSPSigning"),
    (("1.2.3", CLIENT_AUTH), "1.2.3 + clientAuth"),
]  # fmt: skip


@pytest.mark.parametrize("name", EkuProfile)
def test_a_profile_has_its_usages(name: EkuProfile) -> None:
    """By name, as the extension lists them; "none" has no extension."""
    assert name.ekus == PROFILES[name.value] == ekus_of(name.value) == ekus_of(name)


def test_usages_are_a_profile_or_oids() -> None:
    """What is neither is refused with what would do."""
    assert ekus_of(None) is None
    assert ekus_of(()) == ()
    assert ekus_of(("1.2.3", CLIENT_AUTH)) == ("1.2.3", CLIENT_AUTH)
    with pytest.raises(
        InputError, match=r"^EKU profile 'clint' is unknown; use one of: .*mean cli"
    ):
        ekus_of("clint")
    with pytest.raises(
        InputError, match=rf"^'clientAuth' is not an OID; .* such as {CLIENT_AUTH}$"
    ):
        ekus_of((SERVER_AUTH, "clientAuth"))


@pytest.mark.parametrize(("ekus", "words"), WORDS)
def test_usages_in_words_are_named(ekus: Ekus, words: str) -> None:
    """An extension without any is not the same as none."""
    assert eku_words(ekus) == words


def test_of_a_flood_of_usages_those_with_a_name_are_shown() -> None:
    """Twenty are shown in the order of the certificate, of more the named ones first."""
    strange = tuple(f"1.2.{number}" for number in range(2000))
    assert eku_words((*strange[:19], CLIENT_AUTH)) == " + ".join((*strange[:19], "clientAuth"))
    flood = eku_words((*strange, CLIENT_AUTH))
    assert flood == " + ".join(("clientAuth", *strange[:19], "1,981 more"))


HOSTS = ["a", "core.example.com", "CORE-1.example.com", "10.1.2.3", "a" * 253]
OTHERS = ["", "*.example.com", "core..example.com", ".example.com", "core.example.com.", "-a", "a-",
          "core example", "a" * 254, "ä.example.com", "a_b"]  # fmt: skip


def test_a_host_name_is_letters_digits_dots_and_hyphens() -> None:
    """No wildcard, no empty label, at most 253 letters."""
    assert [name for name in HOSTS if not is_host_name(name)] == []
    assert [name for name in OTHERS if is_host_name(name)] == []
