"""What real handshakes make of each EKU profile, and what a certificate says to whom."""

from dataclasses import replace

import pandas as pd

from ekukit.certificates import Certificate, EkuProfile, eku_words
from ekukit.expressway import Choices, Expressway, Mode, Slot, Store, build, condition
from ekukit.frames import frame_of
from ekukit.lab import run

MATRIX_COLUMNS = (
    "EKUs of the certificate",
    "As client: zone, mode On",
    "As client: zone, mode Off",
    "As client: SSH tunnel",
    "As server: Edge's, on the zone",
)
CERTIFICATE_COLUMNS = ("Field", "What it says", "Who looks at it")
AUTHORITY_COLUMNS = ("Depth", "Certificate", "Its EKUs", "Signed by")


def eku_matrix_table() -> pd.DataFrame:
    """Return a row for each EKU profile; columns MATRIX_COLUMNS, cells of state and source.

    Each cell is a real handshake: the profile in Core's client store against Edge's mode On, Off
    and over SSH, then in Edge's server store. The issuer is internal, without EKU limits.
    """
    rows = []
    for profile in EkuProfile:
        cells = (
            _cell(_as_client(profile), "uc-zone"),
            _cell(replace(_as_client(profile), edge_checking=Mode.OFF), "uc-zone"),
            _cell(_as_client(profile), "ssh-tunnel"),
            _cell(_as_server(profile), "uc-zone", ("RFC-EKU",)),
        )
        rows.append((eku_words(profile.ekus), *cells))
    return frame_of(rows, MATRIX_COLUMNS)


def _as_client(profile: EkuProfile) -> Choices:
    slot = Slot("internal", profile)
    return condition("C3", core_server=slot, core_client=slot)


def _as_server(profile: EkuProfile) -> Choices:
    return condition("C3", edge_server=Slot("internal", profile))


def _cell(choices: Choices, name: str, rests_on: tuple[str, ...] = ()) -> tuple[object, ...]:
    found = next(out for out in run(build(choices)) if out.connection == name)
    # What every zone and every tunnel rests on would stand in every cell and say nothing.
    told = [fact for fact in found.facts if fact[0] != "N" and fact not in {"S2", "E1"}]
    return (found.state, f"{found.basis.value}: {', '.join(rests_on or told)}")


def certificate_table(node: Expressway, kind: Store = Store.SERVER) -> pd.DataFrame:
    """Return what a node's certificate says and who looks at it; columns CERTIFICATE_COLUMNS."""
    found = node.store(kind).certificate
    rows = [] if found is None else _fields(found)
    return frame_of(rows, CERTIFICATE_COLUMNS)


def _fields(found: Certificate) -> list[tuple[object, ...]]:
    valid = f"{found.not_before:%d %b %Y} to {found.not_after:%d %b %Y}"
    return [
        ("Subject", found.subject, "People. Machines read the names below"),
        (
            "Names (SAN)",
            found.names,
            "A client looks for the server's name (RFC-NAME); Edge's zone for Core's (E8)",
        ),
        (
            "Issuer",
            found.issuer,
            "Whoever verifies: is there a path to a root in my trusted CA list? (S3)",
        ),
        ("Valid", valid, "Whoever verifies: is now between the two? (RFC-TIME)"),
        (
            "Public key",
            found.key,
            "Whoever verifies: does the far end hold the private key? Never part of this",
        ),
        ("Serial number", found.serial_hex, "People: the same serial is the same certificate (S4)"),
        (
            "Extended key usage (EKU)",
            (eku_words(found.ekus), *(found.ekus or ())),
            (
                "A client looks for serverAuth in the server's (RFC-EKU)",
                "A server looks for clientAuth in the client's, if it checks (E3)",
            ),
        ),
    ]


def authority_table(node: Expressway, kind: Store = Store.SERVER) -> pd.DataFrame:
    """Return a node's certificate and the CAs above it, leaf first; columns AUTHORITY_COLUMNS.

    "Depth" is the place that OpenSSL's errors name: 0 is the leaf.
    """
    found = node.store(kind).certificate
    if found is None:
        return frame_of((), AUTHORITY_COLUMNS)
    rows: list[tuple[object, ...]] = [
        ("0: leaf", found.name, eku_words(found.ekus), found.issuer_name)
    ]
    for depth, ca in enumerate(found.chain, start=1):
        kind_of = "root" if ca.is_root else "issuing CA"
        signer = "itself" if ca.is_root else found.chain[depth].name
        rows.append((f"{depth}: {kind_of}", ca.name, eku_words(ca.ekus), signer))
    return frame_of(rows, AUTHORITY_COLUMNS)
