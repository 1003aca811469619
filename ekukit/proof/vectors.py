"""Test cases for others, in the schema of x509-limbo: client certificates by EKU, with reasons.

What x509-limbo has no member for stands in `ekukit`: the checking mode, the reason, OpenSSL's
verify error and depth, the facts. Whoever takes no further members can drop that one.
"""

import json
from collections.abc import Iterable

from cryptography import x509

from ekukit.certificates import certificate_pem, utc
from ekukit.connections import Cause, EkuCheck, Side, Verdict
from ekukit.connections.rules import judge
from ekukit.proof.cases import NAME, ProofCase, handshake_of, proof_cases
from ekukit.proof.opinions import ShownPath
from ekukit.stacks.kinds import EkuKind

AT = utc("2026-06-15")
_MODES = {EkuCheck.CLIENT_AUTH: "On", EkuCheck.BYPASSED: "Off"}
# Off is our reading of a sentence; On is OpenSSL's own check.
_FACTS = {"On": ("E3", "E5", "E6"), "Off": ("E4",)}
_REASONS = {
    Cause.ACCEPTED: "nothing is wrong",
    Cause.EKU: "the leaf's EKUs lack clientAuth",
    Cause.CA_EKU: "the issuing CA's EKUs leave no room for clientAuth",
}


def vectors() -> dict[str, object]:
    """Return the suite: every leaf EKU under every issuing CA EKU, in On and in Off."""
    cases = [case for case in proof_cases() if case.judged is Side.CLIENT and case.is_plain]
    verdicts = {case: judge(handshake_of(case, AT)) for case in cases}
    return {"version": 1, "testcases": [_testcase(case, verdicts) for case in cases]}


def vectors_text() -> str:
    """Return the suite as the text of a JSON file; keys, and so bytes, are new every time."""
    return json.dumps(vectors(), indent=2) + "\n"


def _name(case: ProofCase) -> str:
    def word(kind: EkuKind) -> str:
        return kind.value.replace("+", "-")

    mode = _MODES[case.check].lower()
    return f"ekukit::client-eku::{mode}-leaf-{word(case.leaf)}-ca-{word(case.issuing)}"


def _testcase(case: ProofCase, verdicts: dict[ProofCase, Verdict]) -> dict[str, object]:
    verdict, mode = verdicts[case], _MODES[case.check]
    shown = ShownPath(handshake_of(case, AT), Side.CLIENT)
    root = [ca for ca in shown.credential.chain if ca not in shown.sent]
    # The same bytes with another answer: nobody can pass both.
    others = [
        one for one in verdicts
        if (one.leaf, one.issuing) == (case.leaf, case.issuing)
        and verdicts[one].accepted != verdict.accepted
    ]  # fmt: skip
    told = f"EKU checking mode {mode}: {_REASONS[verdict.cause]}."
    return {
        "id": _name(case),
        "conflicts_with": [_name(one) for one in others],
        "description": f"{path_words(case)}, {told}",
        **client_members(shown.credential.leaf, shown.sent, root),
        "extended_key_usage": ["clientAuth"] if mode == "On" else [],
        "expected_result": "SUCCESS" if verdict.accepted else "FAILURE",
        "ekukit": {
            "checking": mode,
            "reason": verdict.cause.value,
            "error": verdict.error,
            "depth": verdict.depth,
            "facts": list(_FACTS[mode]),
        },
    }


def path_words(case: ProofCase) -> str:
    """Return leaf and issuing CA as a description begins."""
    return (
        f"A client certificate with EKUs `{case.leaf}` under an issuing CA with EKUs "
        f"`{case.issuing}`"
    )


def client_members(
    leaf: x509.Certificate, sent: Iterable[x509.Certificate], trusted: Iterable[x509.Certificate]
) -> dict[str, object]:
    """Return the members of the schema that every case has, for a client's path."""
    return {
        "features": [],
        "importance": "high",
        "validation_kind": "CLIENT",
        "trusted_certs": [certificate_pem(ca).decode() for ca in trusted],
        "untrusted_intermediates": [certificate_pem(ca).decode() for ca in sent],
        "peer_certificate": certificate_pem(leaf).decode(),
        "peer_certificate_key": None,
        "validation_time": AT.isoformat(timespec="seconds"),
        "signature_algorithms": [],
        "key_usage": [],
        "expected_peer_name": None,
        "expected_peer_names": [{"kind": "DNS", "value": NAME}],
        "max_chain_depth": None,
    }
