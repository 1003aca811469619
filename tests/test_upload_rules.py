"""Each row of the upload rules decides where it says, and nowhere beside it."""

import re
from dataclasses import replace

import pytest

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Certificate
from ekukit.expressway.administration import UNKNOWN_MESSAGE, Answer, Door, Settings
from ekukit.expressway.build import build, certificate_for
from ekukit.expressway.conditions import condition
from ekukit.expressway.node import CertificateStore, Expressway, Release, Role, Store
from ekukit.expressway.slot import Slot
from ekukit.expressway.upload import upload

CODE = "1.3.6.1.5.5.7.3.3"
PUBLISHED = build(condition("C1"))
LEAF = certificate_for("edge.example.com", Slot("internal", "both"), key="RSA-2048")
EKUS = {"server": (SERVER_AUTH,), "client": (CLIENT_AUTH,), "both": (SERVER_AUTH, CLIENT_AUTH),
        "none": None, "code": (CODE,)}  # fmt: skip
OTHER_USES = "for other usages"
UNREFUSED = "No documented check refuses it"
LISTED = "The certificate lists clientAuth"
PLAIN = "No documented check of the page refuses it"


def node(role: str, release: str) -> Expressway:
    """Return a node of condition 1 with the release."""
    found = (PUBLISHED.core if role == "core" else PUBLISHED.edge)[0]
    return replace(found, release=Release(release))


def answered(words: str, leaf: Certificate | None = None) -> Answer:
    """Return the answer to an upload in words: role, release, store, EKUs, then what is odd."""
    role, release, store, eku, *odd = words.split()
    return upload(
        node(role, release),
        Store(store),
        leaf or replace(LEAF, ekus=EKUS[eku]),
        copy_to_client="copy" in odd,
        via=Door.SCP if "scp" in odd else Door.PAGE,
        settings=Settings(server_eku_upload="allowed" in odd),
    )


TAKEN = [
    ("edge X15.5 client none", ("S6", "E5"), "Without an EKU extension no use is excluded"),
    ("edge X15.5 client both", ("S6",), LISTED),
    ("core X15.5 client client", ("S6",), LISTED),
    ("edge X15.5 server none", ("S8", "E5"), UNREFUSED),
    ("edge X15.5 server code", ("S8", "E5"), UNREFUSED),
    ("edge X15.5 server none copy", ("S8", "E5"), UNREFUSED),
    ("edge X15.5 server code allowed", ("S8", "E5"), UNREFUSED),
    ("edge X15.5 server both", ("T6",), PLAIN),
    ("edge X15.5 server client", ("T6",), PLAIN),
    ("edge X15.5 server both copy", ("S7",), "The checkbox copies it"),
    ("edge X15.5 server server copy", ("S7",), "The checkbox copies it"),
    ("edge X15.5 server server", ("S7", "S8"), "The server certificate page of X15.5 takes"),
    ("edge X15.5 server server allowed", ("S7", "S8"), "The server certificate page of X15.5"),
    ("edge X15.4 server server allowed", ("S8",), "EnableServerEkuUpload is On"),
    ("edge X15.4 server both allowed", ("T6",), PLAIN),
    ("edge X15.4 server both", ("T6",), PLAIN),
    ("edge X15.4 server none", ("S8", "E5"), UNREFUSED),
    ("edge X14.3 server both", ("T6",), PLAIN),
    ("edge X14.3 server none", ("S8", "E5"), UNREFUSED),
    ("edge X14.3 server server scp", ("S10",), "Before X15.4 a certificate"),
]
REFUSED = [
    ("edge X15.4 client both", ("S1",), "Before X15.5 a node has one store"),
    ("edge X14.3 client both scp", ("S1",), "Before X15.5 a node has one store"),
    ("edge X15.5 client both copy", ("S1", "S7"), "The checkbox "),
    ("edge X15.4 server both copy", ("S1", "S7"), "The checkbox "),
    ("edge X15.5 server both scp", ("S10",), "SCP is described for releases before X15.4"),
    ("edge X15.4 server both scp", ("S10",), "SCP is described for releases before X15.4"),
    ("edge X15.5 client server", ("S6",), "The client store takes only"),
    ("edge X15.5 client code", ("S6", "E5"), "The client store takes only"),
    ("edge X14.3 server server", ("S8",), "Before X15.4 the page refuses"),
    ("edge X14.3 server code", ("S8",), "Before X15.4 the page refuses"),
    ("edge X15.4 server server", ("S8",), "X15.4 takes a certificate without clientAuth only"),
    ("core X15.4 server server allowed", ("S8",), "X15.4 takes a certificate without"),
    ("edge X15.4 server code", ("S8",), "X15.4 takes a certificate without clientAuth only"),
    ("edge X15.4 server code allowed", ("S8", "E5"), "EnableServerEkuUpload is for serverAuth"),
]


@pytest.mark.parametrize(("words", "facts", "reason"), TAKEN, ids=lambda told: str(told)[:40])
def test_an_upload_is_taken_for_one_reason(words: str, facts: tuple[str, ...], reason: str) -> None:
    """The reason is that of the row, and rests on that row's facts alone."""
    found = answered(words)
    assert (True, facts, True) == (found.accepted, found.facts, found.reason.startswith(reason))


@pytest.mark.parametrize(("words", "facts", "reason"), REFUSED, ids=lambda told: str(told)[:40])
def test_an_upload_is_refused_for_one_reason(
    words: str, facts: tuple[str, ...], reason: str
) -> None:
    """One refusal alone is told, with the facts of its row."""
    found = answered(words)
    assert (False, facts, True) == (found.accepted, found.facts, found.reason.startswith(reason))
    assert ". " not in re.sub(r"clientAuth\. Cisco does not say", "", found.reason)


WARNED = [
    ("edge X15.5 server both", ()),
    ("edge X15.5 server none copy", ()),
    ("edge X15.5 server both copy", ()),
    ("core X15.5 server both copy", ()),
    ("core X15.5 server server", ()),
    ("edge X15.5 server server copy", ("E3",)),
    ("core X15.5 server server copy", ("E3", "E7")),
    ("edge X15.5 server client", ("RFC-EKU",)),
    ("edge X15.5 server code", ("RFC-EKU",)),
    ("edge X15.5 client client", ()),
]


@pytest.mark.parametrize(("words", "facts"), WARNED, ids=lambda told: str(told)[:40])
def test_an_upload_warns_of_what_its_ekus_break_elsewhere(
    words: str, facts: tuple[str, ...]
) -> None:
    """Each warning ends with its fact, and no other is given."""
    assert facts == warned_of(answered(words))


def warned_of(answer: Answer) -> tuple[str, ...]:
    """Return the facts of an answer's warnings."""
    return tuple(text.rpartition("(")[2].rstrip(")") for text in answer.warnings)


def limited(ekus: tuple[str, ...] | None) -> Certificate:
    """Return a leaf whose issuing CA has these EKUs."""
    issuing, root = LEAF.chain
    return replace(LEAF, chain=(replace(issuing, ekus=ekus), root))


EC = {"key": "EC-secp256r1"}
ODD = [
    (replace(LEAF, key="RSA-8192"), ("T3",)),
    (replace(LEAF, key="RSA-8191"), ()),
    (replace(LEAF, key="RSA-4096"), ()),
    (replace(LEAF, subject="O=Example"), ("T4",)),
    (replace(LEAF, subject="CN=a.example.com,1.2.3.4=#0c0161"), ("T2",)),
    (replace(LEAF, subject="CN=a.example.com,1.3.6.1.4.1.311.60.2.1.3=DE"), ()),
    # What an extended validation certificate has, and a name that RFC 4514 writes in numbers.
    (replace(LEAF, subject="CN=a.example.com,2.5.4.5=HRB 7,2.5.4.15=Business"), ()),
    (replace(LEAF, subject="1.2.3.4=x+CN=a.example.com"), ("T2",)),
    (replace(LEAF, subject="CN=a.example.com+1.2.3.4=x"), ("T2",)),
    (replace(LEAF, chain=(replace(LEAF.chain[0], subject="CN=I,1.2.3.4=x"),)), ("T2",)),
    (replace(LEAF, subject="CN=*.example.com"), ("T5",)),
    (replace(LEAF, names=("a.example.com", "*.example.com")), ("T5",)),
    (replace(LEAF, chain=()), ("T6",)),
    (limited((SERVER_AUTH,)), ("E6",)),
    (limited((SERVER_AUTH, CLIENT_AUTH)), ()),
    (limited(None), ()),
    # OpenSSL looks at the root as well: error 26 at its depth.
    (replace(LEAF, chain=(LEAF.chain[0], replace(LEAF.chain[1], ekus=(SERVER_AUTH,)))), ("E6",)),
]


@pytest.mark.parametrize(("leaf", "facts"), ODD, ids=lambda told: "" if told == () else None)
def test_an_upload_warns_of_what_is_odd_in_a_certificate(
    leaf: Certificate, facts: tuple[str, ...]
) -> None:
    """A key of 8192 bits and not one of 8191; an OID unless the SSH side knows it; an issuer."""
    assert facts == warned_of(answered("edge X15.5 client both", leaf))


def test_a_limited_issuer_is_worth_a_warning_where_the_client_store_gets_clientauth() -> None:
    """Neither the server store alone, nor a leaf that lacks clientAuth itself."""
    asked = limited((SERVER_AUTH,))
    assert warned_of(answered("edge X15.5 server both", asked)) == ()
    assert warned_of(answered("edge X15.5 server both copy", asked)) == ("E6",)
    lacking = replace(asked, ekus=(SERVER_AUTH,))
    assert warned_of(answered("edge X15.5 server server copy", lacking)) == ("E3",)


def test_scp_compares_no_chain_and_names_its_own_way() -> None:
    """Beside the page nothing was to be compared."""
    found = answered("edge X14.3 server server scp", replace(LEAF, chain=()))
    assert warned_of(found) == ()
    assert Door.SCP.value == found.menu
    assert answered("edge X15.5 server both").menu == "Maintenance > Security > Server certificate"


def test_the_copy_stands_in_the_client_store_as_a_client_store() -> None:
    """Both stores know which of the two they are."""
    found = answered("edge X15.5 server both copy").node
    leaf = replace(LEAF, ekus=EKUS["both"])
    assert CertificateStore(Store.CLIENT, leaf) == found.client
    assert CertificateStore(Store.SERVER, leaf) == found.server


def test_an_untrusted_chain_is_a_refusal_beside_the_others() -> None:
    """All refusals are told, and none of them is quoted."""
    bare = replace(node("edge", "X15.5"), trusted=frozenset())
    found = upload(bare, Store.CLIENT, replace(LEAF, ekus=(SERVER_AUTH,)))
    assert found.facts == ("S6", "T6")
    assert (found.message, found.quoted) == (UNKNOWN_MESSAGE, False)


def test_roles_are_told_apart() -> None:
    """The setting of X15.4 counts on Expressway-E alone (S8)."""
    assert [node("core", "X15.5").role, node("edge", "X15.5").role] == [Role.CORE, Role.EDGE]
