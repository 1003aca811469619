"""The certificates that every stack is tried with, and the folder that a driver reads."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from ekukit.certificates import certificate_pem, make_credential
from ekukit.certificates.authority import Authority, internal_authority
from ekukit.certificates.credential import Credential
from ekukit.stacks.kinds import ISSUING_KINDS, LEAF_KINDS, EkuKind

NAME = "localhost"
PASSWORD = b"stacks"
_DAYS = 90
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Cell:
    """A leaf's and its issuing CA's EKUs; the root is one for all, without EKUs."""

    leaf: EkuKind
    issuing: EkuKind


CELLS = tuple(Cell(leaf, issuing) for leaf in LEAF_KINDS for issuing in ISSUING_KINDS)
# What nobody refuses for its EKUs: the other end's certificate while a cell is judged.
PLAIN = Cell(EkuKind.BOTH, EkuKind.NONE)


@lru_cache(maxsize=64)
def credential(cell: Cell) -> Credential:
    """Return an RSA-2048 leaf for localhost with issuing CA and root, valid now."""
    start = internal_authority("Stacks")
    named = f"CN=Stacks Issuing CA ({cell.issuing}),O=ekukit TEST ONLY"
    issuing = replace(start.issuing, subject=named, ekus=cell.issuing.ekus)
    authority = Authority("Stacks", public=False, root=start.root, issuing=issuing)
    issued = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    return make_credential(
        authority.issue(NAME, eku=cell.leaf.ekus, issued=issued, days=_DAYS, key="RSA-2048")
    )


def write_folder(cell: Cell, folder: Path) -> None:
    """Write what a driver reads: own.pem (leaf and issuing CA), key.pem, own.p12, root.pem."""
    own = credential(cell)
    issuing, root = own.chain
    packed = pkcs12.serialize_key_and_certificates(
        b"own", own.key, own.leaf, [issuing], BestAvailableEncryption(PASSWORD)
    )
    for name, data in (
        ("own.pem", own.leaf_pem() + own.chain_pem()),
        ("key.pem", own.key_pem()),
        ("own.p12", packed),
        ("root.pem", certificate_pem(root)),
    ):
        (folder / name).touch(_OWNER_ONLY)
        (folder / name).write_bytes(data)
