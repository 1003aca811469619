"""Which CA of the calendar issued a certificate, and whether it goes on giving clientAuth."""

import tomllib
from functools import cache

from ekukit.certificates.certificate import common_name
from ekukit.facts.ledger import text


def calendar_ca(issuer: str) -> str:
    """Return the CA of the calendar that an issuing CA's name belongs to, "" for none.

    By words in the name, which no source lists; the signature is not looked at.
    """
    said = issuer.lower()
    return next((ca for ca, words in _words().items() if any(word in said for word in words)), "")


def keeps_giving(issuer: str) -> str:
    """Return what an issuing CA goes on giving, with its source, "" when no source says so (R4)."""
    own = (common_name(issuer) or issuer).lower()
    return next((told for name, told in _keeping() if own.endswith(name)), "")


@cache
def _words() -> dict[str, tuple[str, ...]]:
    rows = tomllib.loads(text("calendar.toml"))["words"]
    return {row["subject"]: tuple(row["words"]) for row in rows}


@cache
def _keeping() -> tuple[tuple[str, str], ...]:
    rows = tomllib.loads(text("calendar.toml"))["keeps"]
    return tuple(
        (name.lower(), f"{row['gives']}; {row['source']}") for row in rows for name in row["names"]
    )
