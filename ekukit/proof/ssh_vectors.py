"""What PKIX-SSH did with client certificates by EKU, as test cases: measured, never computed.

Where a node presents its leaf alone, as algorithm x509v3-sign-rsa does, every issuing CA must be
trusted (E11); the algorithms of RFC 6187 send the chain. That Expressway's tunnels are PKIX-SSH is
a hypothesis (E13).
"""

import json
from dataclasses import dataclass

from ekukit.connections import EkuCheck, Side
from ekukit.proof.cases import RSA, ProofCase, handshake_of
from ekukit.proof.opinions import ShownPath
from ekukit.proof.vectors import AT, client_members, path_words
from ekukit.stacks.kinds import EkuKind

MEASURED_WITH = "PKIX-SSH 12.3, AllowedCertPurpose sslclient"
_ALONE, _CHAIN = "x509v3-sign-rsa", "x509v3-ssh-rsa, x509v3-rsa2048-sha256"


@dataclass(frozen=True, slots=True)
class MeasuredTunnel:
    """A client's certificate over SSH and what PKIX-SSH's server made of it.

    `error` and `depth` are OpenSSL's, as the server logged them, None where it was accepted; who is
    refused reads "Permission denied". `knows_issuing` is whether the issuing CA is trusted beside
    the root.
    """

    leaf: EkuKind
    issuing: EkuKind
    sends_chain: bool
    knows_issuing: bool
    error: int | None
    depth: int | None
    facts: tuple[str, ...]

    @property
    def case(self) -> ProofCase:
        """Return the path, as the proof has it."""
        return ProofCase(self.leaf, self.issuing, Side.CLIENT, EkuCheck.CLIENT_AUTH, key=RSA)

    @property
    def name(self) -> str:
        """Return its id."""
        way = "chain-sent" if self.sends_chain else "leaf-alone"
        trusts = "issuing-trusted" if self.knows_issuing else "issuing-not-trusted"
        return f"ekukit::ssh-client-eku::{way}-leaf-{self.leaf}-ca-{self.issuing}-{trusts}"


def _measured(*, sends_chain: bool) -> tuple[MeasuredTunnel, ...]:
    rows = (
        (EkuKind.BOTH, EkuKind.NONE, True, None, None, ("E13",)),
        (EkuKind.CLIENT, EkuKind.NONE, True, None, None, ("E13",)),
        (EkuKind.NONE, EkuKind.NONE, True, None, None, ("E13",)),
        (EkuKind.SERVER, EkuKind.NONE, True, 26, 0, ("E13",)),
        (EkuKind.ANY, EkuKind.NONE, True, 26, 0, ("E13",)),
        (EkuKind.BOTH, EkuKind.SERVER, True, 26, 1, ("E12",)),
        (EkuKind.BOTH, EkuKind.NONE, False, *((None, None) if sends_chain else (20, 0)), ("E11",)),
    )
    return tuple(
        MeasuredTunnel(leaf, issuing, sends_chain, knows, error, depth, facts)
        for leaf, issuing, knows, error, depth, facts in rows
    )


MEASURED = (*_measured(sends_chain=False), *_measured(sends_chain=True))


def ssh_vectors() -> dict[str, object]:
    """Return the suite, in the schema of the TLS vectors, so that the same harness reads it."""
    return {"version": 1, "testcases": [_testcase(row) for row in MEASURED]}


def ssh_vectors_text() -> str:
    """Return the suite as the text of a JSON file; keys, and so bytes, are new every time."""
    return json.dumps(ssh_vectors(), indent=2) + "\n"


def _testcase(row: MeasuredTunnel) -> dict[str, object]:
    shown = ShownPath(handshake_of(row.case, AT), Side.CLIENT)
    issuing, root = shown.credential.chain
    trusted = (root, issuing) if row.knows_issuing else (root,)
    way = "sends it with its issuing CA" if row.sends_chain else "sends it alone"
    knows = "root and issuing CA are" if row.knows_issuing else "the root alone is"
    said = "accepted" if row.error is None else f"denied, error {row.error} at depth {row.depth}"
    return {
        "id": row.name,
        "conflicts_with": [],
        "description": f"{path_words(row.case)}; the SSH client {way}, {knows} trusted: {said}.",
        **client_members(shown.credential.leaf, (issuing,) if row.sends_chain else (), trusted),
        "extended_key_usage": ["clientAuth"],
        "expected_result": "SUCCESS" if row.error is None else "FAILURE",
        "ekukit": {
            "checking": "On",
            "protocol": "SSH",
            "algorithm": _CHAIN if row.sends_chain else _ALONE,
            "measured_with": MEASURED_WITH,
            "error": row.error,
            "depth": row.depth,
            "facts": list(row.facts),
        },
    }
