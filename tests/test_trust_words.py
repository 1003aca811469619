"""What a cause says of a list of trusted CAs: which CA is missing, and into which list it goes."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from paths import Shape, make
from test_path_ends import CROSSED

from ekukit.causes.part import CausePlace, Kind, Part, top_of
from ekukit.causes.root_cause import Fault, RootCause
from ekukit.causes.system_words import listed, title
from ekukit.causes.trust_words import all_of, trust_words
from ekukit.certificates import CaCertificate, Certificate
from ekukit.certificates.pemfile import ca_views, view_of
from ekukit.connections import Cause, Side, Verdict, connection, handshakes
from ekukit.connections.attempts import System
from ekukit.connections.reasons import far_list
from ekukit.expressway import Deployment, FarEndKind, Store, build, condition

# Certificates of an internal CA; two peers at each side.
FOUND = build(replace(condition("C3"), core_peers=2, edge_peers=2))
CORE, EDGE = FOUND.core, FOUND.edge
SHAKE = handshakes(FOUND, connection("uc-zone"))[0]
SHOWN = SHAKE.client.certificate
assert SHOWN is not None
ISSUING, ROOT = SHOWN.chain
REAL = make(Shape())


def fault(shown: Certificate | None = SHOWN, node: str = "Core", store: Store | None = Store.CLIENT,
          trusted: Iterable[CaCertificate] = ()) -> Fault:  # fmt: skip
    """Return a refusal of a certificate of the zone."""
    client = replace(SHAKE.client, certificate=shown, node=node, store=store)
    server = replace(SHAKE.server, trusted=frozenset(trusted))
    refused = replace(SHAKE, client=client, server=server)
    return Fault("uc-zone", refused, Verdict(Cause.UNTRUSTED, Side.CLIENT, 20, 0))


def words(trusted: Iterable[CaCertificate], *faults: Fault, shown: Certificate | None = SHOWN,
          far: tuple[FarEndKind, ...] = (), peers: int = 2) -> tuple[str, str]:  # fmt: skip
    """Return what is said of Edge's lists, or of those of far ends, that hold these CAs."""
    listed = frozenset(trusted)
    edge = tuple(replace(peer, trusted=listed) for peer in EDGE)
    ends = tuple(replace(end, trusts=listed) for end in FOUND.far_ends)
    deployment: Deployment = replace(FOUND, edge=edge, far_ends=ends)
    judges = [end for kind in far for end in ends if end.kind is kind] or edge[:peers]
    chain = shown.chain if shown else ()
    parts = tuple(Part(CausePlace.TRUSTED_CA, Kind.TRUST, one.address, ca=top_of(chain))
                  for one in judges)  # fmt: skip
    told = faults or (fault(shown, trusted=listed),)
    return trust_words(deployment, RootCause("1", parts, told, (), (), (), (), frozenset(), ()))


def test_a_list_without_any_ca_of_a_path_does_not_trust_its_root() -> None:
    """Root and issuing CA go into it."""
    assert words([]) == (
        f"Edge does not trust {ROOT.name}, the CA of Core's client certificate.",
        f"Put {ROOT.name} and {ISSUING.name} into Edge's trusted CA list.",
    )


def test_a_list_with_the_root_lacks_the_issuing_ca() -> None:
    """That alone is named as missing."""
    what, todo = words([ROOT])
    assert what == (
        f"Edge does not have {ISSUING.name}, the issuing CA of Core's client certificate."
    )
    assert todo == f"Put {ROOT.name} and {ISSUING.name} into Edge's trusted CA list."


def test_a_path_of_one_ca_names_it_once() -> None:
    """A root that issues leaves itself has no issuing CA; without a path nothing has a name."""
    alone = replace(SHOWN, chain=(ROOT,))
    assert words([], shown=alone) == (
        f"Edge does not trust {ROOT.name}, the CA of Core's client certificate.",
        f"Put {ROOT.name} into Edge's trusted CA list.",
    )
    listed = words([replace(ROOT, key=f"{ROOT.key}+")], shown=alone)
    assert listed[0] == f"Edge does not trust {ROOT.name}, the CA of Core's client certificate."
    assert words([], shown=replace(SHOWN, chain=())) == (
        "Edge does not trust the CA, the CA of Core's client certificate.",
        "Put its CAs into Edge's trusted CA list.",
    )
    assert words([], shown=None)[1] == "Put its CAs into Edge's trusted CA list."


def test_a_ca_of_the_same_name_with_another_key_is_told_apart() -> None:
    """Who looks would find the name in the list."""
    other = replace(ROOT, key="another")
    what, todo = words([other])
    assert what == (
        f"Edge trusts a {ROOT.name} with another key than the one above Core's certificate."
    )
    assert todo == (
        f"Put the {ROOT.name} above Core's certificate, of the same name but with the other key, "
        "into Edge's trusted CA list."
    )
    several = words([other], far=(FarEndKind.CUCM, FarEndKind.WEBEX))
    assert several[0].startswith(f"CUCM and Webex trust a {ROOT.name} with another key than")
    with_issuing = replace(ISSUING, key="another")
    assert "another key" not in words([with_issuing])[0]


def test_a_path_whose_cas_are_all_listed_is_to_be_issued_anew() -> None:
    """Putting them there again changes nothing."""
    what, todo = words([ISSUING, ROOT])
    assert what == (
        f"Edge does not take {ISSUING.name} as the issuer of Core's certificate, though it is "
        "listed.")  # fmt: skip
    assert todo.startswith("Re-issue that certificate: its authority key identifier")


FAR = (FarEndKind.CUCM, FarEndKind.WEBEX, FarEndKind.NEIGHBOR, FarEndKind.PARTNER)


def test_far_ends_are_named_with_their_own_lists() -> None:
    """Several do, one does; of many two are named where the sentence is long."""
    what, todo = words([], far=(FarEndKind.CUCM,))
    assert what == f"CUCM does not trust {ROOT.name}, the CA of Core's client certificate."
    assert todo == f"Put {ROOT.name} and {ISSUING.name} into {far_list(FarEndKind.CUCM)}."
    what, _todo = words([], far=FAR[:2])
    assert what == f"CUCM and Webex do not trust {ROOT.name}, the CA of Core's client certificate."
    one, two = words([], far=FAR[:1])[1], words([], far=FAR[1:2])[1]
    lists = [told.removesuffix(".").partition(" into ")[2] for told in (one, two)]
    assert words([], far=FAR[:2])[1].endswith(f" into {lists[0]} and {lists[1]}.")


def test_of_many_far_ends_two_are_named() -> None:
    """Where the list has the CAs, or one of the same name."""
    two = f"{listed([title(end) for end in of_kinds(FAR)], most=2)} "
    assert words([ISSUING, ROOT], far=FAR)[0].startswith(f"{two}do not take {ISSUING.name} as")
    other = replace(ROOT, key="another")
    assert words([other], far=FAR)[0].startswith(f"{two}trust a {ROOT.name} with another key")


def test_of_a_long_path_root_and_issuing_ca_go_into_the_list() -> None:
    """What stands between them is sent."""
    upper = replace(ROOT, subject="CN=Upper CA", key="upper")
    shown = replace(SHOWN, chain=(ISSUING, upper, ROOT))
    assert words([], shown=shown)[1].startswith(f"Put {ROOT.name} and {ISSUING.name} into")


def test_a_peer_of_a_cluster_is_named_where_not_all_are_meant() -> None:
    """By its host name."""
    what, todo = words([], peers=1)
    assert what.startswith(f"{EDGE[0].fqdn} does not trust {ROOT.name}, the CA of")
    assert todo.endswith("into Edge's trusted CA list.")


def of_kinds(kinds: tuple[FarEndKind, ...]) -> list[System]:
    """Return the far ends of kinds, in their order."""
    return [end for kind in kinds for end in FOUND.far_ends if end.kind is kind]


def far_words(root: str, *faults: Fault) -> str:
    """Return what is said of the lists of many far ends that lack a root of that name."""
    shown = replace(SHOWN, chain=(ISSUING, replace(ROOT, subject=f"CN={root}")))
    told = faults or (fault(shown),)
    return words([], *told, far=FAR, shown=shown)[0]


def sentence(who: str, root: str, whose: str) -> str:
    """Return the sentence about far ends that do not trust a CA."""
    return f"{who} do not trust {root}, the CA of {whose}."


def test_a_sentence_is_read_at_a_glance() -> None:
    """Of 25 words: first stores are left out, then far ends, then whose certificate it is."""
    titles = [title(end) for end in of_kinds(FAR)]
    forms = [
        (listed(titles), "Core's client certificate"), (listed(titles), "Core's certificate"),
        (listed(titles, most=2), "Core's certificate"),
        (listed(titles, most=1), "what they are shown"),
    ]  # fmt: skip
    for place, (who, whose) in enumerate(forms[:-1]):
        room = 25 - len(sentence(who, "", whose).split()) + 1
        for more in (0, 1):
            root = " ".join("A" for _ in range(room + more))
            expected = forms[place + more]
            assert far_words(root) == sentence(expected[0], root, expected[1])


def real(listed: list[object], *files: object, faults: Iterable[Fault] = ()) -> tuple[str, str]:
    """Return what is said of a list and a real leaf; `files` are CAs that stand elsewhere."""
    pool = (*listed, *files)
    views = ca_views(pool)  # type: ignore[arg-type]
    shown = view_of(REAL[0], pool)  # type: ignore[arg-type]
    trusted = [views[ca] for ca in listed]  # type: ignore[index]
    told = [replace(one, shake=replace(one.shake, client=replace(
        one.shake.client, certificate=shown))) for one in faults]  # fmt: skip
    return words(trusted, *told, shown=shown)


def test_a_path_that_ends_for_want_of_one_certificate_says_which() -> None:
    """A CA that is in no file is fetched; one that was cross-signed ends the path in the list."""
    what, todo = real([REAL[2]])
    assert what == (
        "Issuing CA, a CA above Core's client certificate, is in none of the files, so the path "
        "ends below it.")  # fmt: skip
    assert todo.startswith("Get the certificate of Issuing CA with the key identifier")
    assert todo.endswith("and put it into Edge's trusted CA list.")
    held = [fault(node=node, store=store) for node in ("Core", "Edge") for store in Store]
    what, todo = real([REAL[2]], faults=held)
    assert what.startswith("Issuing CA, a CA above Core's and Edge's certificates, is in none of")
    what, todo = real([CROSSED, REAL[1]])
    assert what == (
        "Edge's trusted CA list has Root as Old Root signed it, and not Old Root: there the path "
        "of Core's client certificate ends.")  # fmt: skip
    assert todo == (
        "Put Old Root, or a self-signed Root if there is one, into Edge's trusted CA list."
    )


WHOSE = [
    ([("Core", Store.CLIENT)], "Core's client certificate", "Core's certificate"),
    ([("Core", Store.CLIENT), ("Core", Store.CLIENT)], "Core's client certificate",
     "Core's certificate"),
    ([("Core", Store.CLIENT), ("Core", Store.SERVER)], "Core's client and server certificates",
     "Core's certificates"),
    ([("Core", Store.CLIENT), ("Edge", Store.CLIENT)],
     "Core's client and Edge's client certificates", "Core's and Edge's certificates"),
    ([("Webex", None)], "Webex's certificate", "Webex's certificate"),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "by_store", "plain"), WHOSE)
def test_certificates_are_told_by_node_and_store(
    shown: list[tuple[str, Store | None]], by_store: str, plain: str
) -> None:
    """Each once; a far end has no stores."""
    faults = [fault(node=node, store=store) for node, store in shown]
    assert (all_of(faults), all_of(faults, stores=False)) == (by_store, plain)
