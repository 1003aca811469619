"""What a far end's TLS stack decides of EKUs, beside what OpenSSL does."""

from dataclasses import replace

import pytest

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Certificate
from ekukit.connections import Cause, EkuCheck, Side, Verdict, connection, handshakes
from ekukit.connections.farstack import demanded, is_kept_back, stack_words
from ekukit.expressway import FarEnd, FarEndKind, build, condition
from ekukit.stacks import KNOWN, published

FOUND = build(condition("C2"))
NEIGHBOR = next(end for end in FOUND.far_ends if end.kind is FarEndKind.NEIGHBOR)
SHAKE = handshakes(FOUND, connection("neighbor-out"))[0]
HELD = SHAKE.client.certificate
assert HELD is not None
CODE, ANY = "1.3.6.1.5.5.7.3.3", "2.5.29.37.0"
CLIENT, SERVER = Side.CLIENT, Side.SERVER
BY_STACK, OWN = EkuCheck.BY_STACK, EkuCheck.CLIENT_AUTH


def shown(*ekus: str) -> Certificate:
    """Return a leaf with these usages below a CA without any."""
    assert HELD is not None
    chain = tuple(replace(ca, ekus=None) for ca in HELD.chain)
    return HELD.moved(ekus=ekus, chain=chain)


LEAVES = [(SERVER_AUTH,), (CLIENT_AUTH,), (SERVER_AUTH, CLIENT_AUTH), (ANY,), (CODE,)]


@pytest.mark.parametrize("stack", sorted(KNOWN))
@pytest.mark.parametrize("ekus", LEAVES)
@pytest.mark.parametrize("of_client", [True, False])
def test_a_stack_decides_where_it_takes_what_openssl_refuses(
    stack: str, ekus: tuple[str, ...], *, of_client: bool
) -> None:
    """By what was tried of it; what both refuse OpenSSL refuses, what both take it takes."""
    leaf, own, strict = shown(*ekus), published(stack), published("openssl")
    if of_client:
        takes, wants = own.takes_client(leaf).good, strict.takes_client(leaf).good
    else:
        takes, wants = own.takes_server(leaf).good, strict.takes_server(leaf).good
    expected = BY_STACK if (takes, wants) == (True, False) else OWN
    assert demanded(KNOWN[stack], leaf, of_client=of_client) is expected


def test_gnutls_takes_a_client_without_clientauth_and_go_does_not() -> None:
    """Neither is asked where OpenSSL takes it, too (L2, L5)."""
    lacking, both = shown(SERVER_AUTH), shown(SERVER_AUTH, CLIENT_AUTH)
    found = [demanded(KNOWN[stack], leaf, of_client=True)
             for stack in ("gnutls", "go") for leaf in (lacking, both)]  # fmt: skip
    assert found == [BY_STACK, OWN, OWN, OWN]


NONE = Verdict(Cause.NO_CERTIFICATE, CLIENT)
KEPT = [
    # Who starts, the verdict, whether it keeps a certificate back.
    (NEIGHBOR, NONE, True), (NEIGHBOR, replace(NONE, judged=SERVER), False),
    (NEIGHBOR, replace(NONE, cause=Cause.EKU), False), (FOUND.core[0], NONE, False),
    (replace(NEIGHBOR, certificate=None, client_certificate=None), NONE, False),
    (replace(NEIGHBOR, certificate=None, client_certificate=HELD), NONE, True),
]  # fmt: skip


@pytest.mark.parametrize("row", range(len(KEPT)))
def test_a_far_end_keeps_back_what_it_has_and_does_not_send(row: int) -> None:
    """A far end alone, as the one that calls; one without a certificate keeps none back."""
    start, verdict, kept = KEPT[row]
    assert is_kept_back(start, verdict) is kept


def told(far: object, verdict: Verdict, *, bare: bool = False) -> list[str]:
    """Return what the stack said itself."""
    client = replace(SHAKE.client, certificate=None if bare else shown(SERVER_AUTH))
    return list(stack_words(far, replace(SHAKE, client=client), verdict))  # type: ignore[arg-type]


def test_what_a_stack_said_itself_is_told_of_a_refused_client() -> None:
    """For its usages, of a far end whose stack is told; everything else is OpenSSL's alone."""
    go: FarEnd = replace(NEIGHBOR, stack=KNOWN["go"])
    said = published("go").takes_client(shown(SERVER_AUTH)).text
    for cause in (Cause.EKU, Cause.CA_EKU):
        assert told(go, Verdict(cause, CLIENT, 26, 0)) == [
            f"The handshake is OpenSSL's; Go itself said: {said}."]  # fmt: skip
        assert told(go, Verdict(cause, SERVER, 26, 0)) == []
    assert told(go, Verdict(Cause.EXPIRED, CLIENT, 10, 0)) == []
    refused = Verdict(Cause.EKU, CLIENT, 26, 0)
    assert told(NEIGHBOR, refused) == []
    assert told(FOUND.core[0], refused) == []
    assert told(go, refused, bare=True) == []
