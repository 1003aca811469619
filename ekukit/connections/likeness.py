"""Handshakes that are alike but for what hosts are called: what comes of one comes of all."""

import re
from dataclasses import replace
from functools import lru_cache

from ekukit.certificates import CaCertificate, Certificate
from ekukit.certificates.certificate import common_name
from ekukit.certificates.hostname import is_host_name
from ekukit.connections.handshake import End, Handshake, Verdict

_LONGEST = 63
_OTHER = re.compile(r"host\d+\.example\.com")
_ADDRESSES = "198.18.0.1", "198.18.0.2"


def alike(handshake: Handshake) -> tuple[Handshake, dict[str, str]]:
    """Return a handshake that ends the same, with other names, and which name became which.

    Addresses and serial numbers are others, too. A name is replaced by the same one wherever it
    stands, so that it matches what it matched; of peers that differ in nothing else the result is
    equal. A handshake in which what a name looks like may count comes back as it is: real bytes,
    wildcards, capitals, name constraints.
    """
    ends = handshake.client, handshake.server
    called: dict[str, str] = {}
    if not all(map(_is_plain, ends)):
        return handshake, called
    client, server = (_renamed(end, address, called)
                      for end, address in zip(ends, _ADDRESSES, strict=True))  # fmt: skip
    return replace(handshake, client=client, server=server), called


def renamed_back(verdict: Verdict, called: dict[str, str]) -> Verdict:
    """Return a verdict on a handshake that is alike with the names of the other in its text."""
    own = {other: name for name, other in called.items()}
    text = _OTHER.sub(lambda found: own.get(found[0], found[0]), verdict.text)
    return replace(verdict, text=text)


def _is_plain(end: End) -> bool:
    shown = end.certificate
    if _limits_names(end.trusted) or (end.expects_name and not _is_usual(end.expects_name)):
        return False
    return shown is None or _is_made(shown)


@lru_cache(maxsize=1024)
def _is_made(shown: Certificate) -> bool:
    """Return whether a certificate is the kit's own, with names that can be replaced."""
    name = common_name(shown.subject)
    return (
        not shown.der
        and all(map(_is_usual, (*shown.names, name)))
        and shown.subject.count(f"CN={name}") == 1
        and not _limits_names(frozenset(shown.chain))
    )


@lru_cache(maxsize=1024)
def _limits_names(cas: frozenset[CaCertificate]) -> bool:
    return any(ca.limits.permitted or ca.limits.excluded for ca in cas)


def _is_usual(name: str) -> bool:
    ends_in_letters = not name.rpartition(".")[2].isdigit()
    return is_host_name(name) and name == name.lower() and ends_in_letters and len(name) <= _LONGEST


def _renamed(end: End, address: str, called: dict[str, str]) -> End:
    def other(name: str) -> str:
        return called.setdefault(name, f"host{len(called) + 1}.example.com") if name else ""

    shown = end.certificate
    if shown is not None:
        name = common_name(shown.subject)
        names = tuple(map(other, shown.names))
        subject = shown.subject.replace(f"CN={name}", f"CN={other(name)}")
        shown = replace(shown, subject=subject, names=names, serial=1)
    return replace(end, address=address, certificate=shown, expects_name=other(end.expects_name))
