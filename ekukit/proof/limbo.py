"""Test cases of x509-limbo's schema, judged by the kit's path verification over their bytes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from ekukit.certificates.pemfile import ca_views, view_of
from ekukit.connections import EkuCheck, Handshake, Protocol, Side, Verdict
from ekukit.connections.handshake import End, Talk
from ekukit.errors import InputError
from ekukit.lab.verification import verify
from ekukit.proof.cases import authority, leaf_of
from ekukit.stacks.kinds import EkuKind

_CHECKS = {"On": EkuCheck.CLIENT_AUTH, "Off": EkuCheck.BYPASSED}
_EKUS: dict[Side, tuple[list[str], list[str]]] = {
    Side.CLIENT: (["clientAuth"], []),
    Side.SERVER: (["serverAuth"], []),
}


@dataclass(frozen=True, slots=True)
class LimboResult:
    """A test case: what it expects and what the kit says; None where it asks for something else."""

    id: str
    expected: bool
    verdict: Verdict | None
    why: str = ""

    @property
    def agrees(self) -> bool:
        """Return whether the kit says what is expected, or was not asked."""
        return self.verdict is None or self.verdict.accepted is self.expected


def judge_limbo(path: Path) -> tuple[LimboResult, ...]:
    """Return the result of each test case of a file; raises InputError for another file.

    Skipped, each with its reason: cases with features, a chain depth, other EKUs, key usages or
    signature algorithms, names that are no DNS names, and certificates that cannot be read.
    """
    try:
        cases = json.loads(path.read_text(encoding="utf-8"))["testcases"]
        return tuple(_result(case) for case in cases)
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path}: no test cases of x509-limbo could be read ({error}); give its limbo.json"
        raise InputError(msg) from None


def _result(case: Mapping[str, Any]) -> LimboResult:
    expected = case["expected_result"] == "SUCCESS"
    why = _skipped(case)
    if why:
        return LimboResult(case["id"], expected, None, why)
    try:
        return LimboResult(case["id"], expected, verify(_handshake(case)))
    except (ValueError, InputError, x509.DuplicateExtension) as error:
        return LimboResult(case["id"], expected, None, f"cannot be read: {error}")


def _skipped(case: Mapping[str, Any]) -> str:
    kind = Side[case["validation_kind"]]
    if case.get("extended_key_usage") not in _EKUS[kind]:
        return "other EKUs"
    for name in ("features", "max_chain_depth", "signature_algorithms", "key_usage"):
        if case.get(name):
            return name
    if any(one["kind"] != "DNS" for one in _names(case)):
        return "names that are no DNS names"
    return ""


def _names(case: Mapping[str, Any]) -> list[dict[str, str]]:
    one = case.get("expected_peer_name")
    return [*([one] if one else []), *case["expected_peer_names"]]


def _handshake(case: Mapping[str, Any]) -> Handshake:
    leaf = x509.load_pem_x509_certificate(case["peer_certificate"].encode())
    sent, roots = (
        tuple(x509.load_pem_x509_certificate(pem.encode()) for pem in case[name])
        for name in ("untrusted_intermediates", "trusted_certs")
    )
    views = ca_views((*sent, *roots))
    told = case.get("validation_time")
    at = datetime.fromisoformat(told) if told else datetime.now(UTC)
    names = _names(case)
    good = leaf_of(EkuKind.BOTH, EkuKind.NONE, at)
    own = frozenset(authority(EkuKind.NONE).ca_certificates)
    shown = view_of(leaf, (*sent, *roots))
    shows = End("the peer", "shows", None, shown, True, own, "")  # noqa: FBT003
    trusted = frozenset(views[ca] for ca in roots)
    name = names[0]["value"] if names else ""
    judges = End("the judge", "judges", None, good, True, trusted, name)  # noqa: FBT003
    is_client = case["validation_kind"] == "CLIENT"
    client, server = (shows, judges) if is_client else (judges, shows)
    check = _CHECKS[case.get("ekukit", {}).get("checking", "On")]
    return Handshake(Protocol.TLS, client, server, 0, check, at, Talk.NONE)
