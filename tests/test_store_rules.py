"""What two stores show together: a copy, a renewal to come, what Off hides, names that differ."""

from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from paths import CODE, ISSUER, LEAF, Shape, make
from test_certificate_rules import held, looked

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.inventory import Held
from ekukit.diagnosis.findings.finding import Confidence, Finding
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.store_rules import (
    add_mode_findings,
    add_name_findings,
    add_store_findings,
)
from ekukit.diagnosis.rebuild.case_nodes import Place, Reconstruction
from ekukit.expressway import Mode, Release, Role, Store, build, condition

BOTH = make(Shape())
SERVER_ONLY = make(Shape(leaf=replace(LEAF, ekus=(SERVER_AUTH,))))
CODE_ONLY = make(Shape(leaf=replace(LEAF, ekus=(CODE,))))
CLIENT_ONLY = make(Shape(leaf=replace(LEAF, ekus=(CLIENT_AUTH,))))
NO_EKU = make(Shape(leaf=replace(LEAF, ekus=None)))
OTHER = make(Shape(leaf=LEAF, issuing=replace(ISSUER, critical=False, path_length=0)))
COPY, PAGES, EQUAL, PUBLIC = (
    "store.copy-of-server-only", "store.not-through-pages", "store.equal-after-upgrade",
    "store.public-client-auth",
)  # fmt: skip
DEPLOYMENT = build(condition("C1"))


def found_in(gathered: Gathered) -> dict[str, Finding]:
    """Return findings by code."""
    return {finding.code: finding for finding in gathered.all()}


def of_stores(
    client: Held, server: Held | None, role: Role | None = Role.CORE
) -> dict[str, Finding]:
    """Return what the two stores of a node show."""
    held_by = {("core1", Store.CLIENT): looked(client, role=role)}
    if server is not None:
        held_by["core1", Store.SERVER] = looked(replace(server, store=Store.SERVER), role=role)
    gathered = Gathered()
    add_store_findings(gathered, held_by)
    return found_in(gathered)


STORES = [
    (SERVER_ONLY, SERVER_ONLY, "", {COPY}),
    (SERVER_ONLY, BOTH, "", {PAGES}),
    (SERVER_ONLY, None, "", set()),
    (CODE_ONLY, CODE_ONLY, "", {PAGES}),
    (CODE_ONLY, BOTH, "", {PAGES}),
    (NO_EKU, BOTH, "", set()),
    (NO_EKU, NO_EKU, "", set()),
    (BOTH, BOTH, "", {EQUAL}),
    (BOTH, BOTH, "policy", {EQUAL}),
    (BOTH, OTHER, "", set()),
    (BOTH, OTHER, "policy", {PUBLIC}),
    (BOTH, None, "policy", {PUBLIC}),
    (BOTH, None, "", set()),
    (CLIENT_ONLY, BOTH, "policy", {PUBLIC}),
]


@pytest.mark.parametrize(("client", "server", "public", "expected"), STORES)
def test_what_a_client_store_shows_beside_its_server_store(
    client: tuple, server: tuple | None, public: str, expected: set[str]
) -> None:
    """A copy without clientAuth, one that no page lets in, or clientAuth that a renewal takes."""
    found = of_stores(held(client, why_public=public), held(server) if server else None)
    assert set(found) == expected
    for finding in found.values():
        evidence = {one.store for one in finding.evidence}
        both = finding.code in {COPY, PAGES, EQUAL}
        assert evidence == ({"client", "server"} if both else {"client"})


@pytest.mark.parametrize(
    ("role", "facts", "words"),
    [(Role.CORE, {"N4", "N6"}, "CUCM and neighbors"), (Role.EDGE, {"N5", "N7", "N8"}, "Webex"),
     (None, set(), "far ends unless")],
)  # fmt: skip
def test_who_may_refuse_a_copy_depends_on_the_node(
    role: Role | None, facts: set[str], words: str
) -> None:
    """Core and Edge meet other far ends, each with its facts."""
    found = of_stores(held(SERVER_ONLY), held(SERVER_ONLY), role)[COPY]
    assert words in found.found
    assert {fact for fact in found.facts if fact.startswith("N")} == facts


@pytest.mark.parametrize(
    ("path", "public", "expected"),
    [(BOTH, "policy", {PUBLIC}), (BOTH, "", set()), (SERVER_ONLY, "policy", set())],
)
def test_the_only_certificate_of_a_node_loses_clientauth_at_a_public_ca(
    path: tuple, public: str, expected: set[str]
) -> None:
    """A release before X15.5 has one store, of which no copy is told."""
    only = replace(looked(held(path, why_public=public, store=Store.SERVER)), is_only=True)
    gathered = Gathered()
    add_store_findings(gathered, {("core1", Store.SERVER): only})
    assert set(found_in(gathered)) == expected


@pytest.mark.parametrize(("server", "told"), [(BOTH, True), (SERVER_ONLY, False)])
def test_that_stores_were_mixed_up_is_asked_where_the_other_has_clientauth(
    server: tuple, *, told: bool
) -> None:
    """Else only that the pages do not let the client certificate in."""
    found = of_stores(held(CODE_ONLY), held(server))[PAGES]
    assert ("wrong way round" in found.found) is told


def test_whether_a_ca_is_public_decides_how_sure_a_renewal_s_loss_is() -> None:
    """Where it is not known, who runs the CA is to be asked."""
    known = of_stores(held(BOTH, why_public="its policy"), held(BOTH))[EQUAL]
    asked = of_stores(held(BOTH), held(BOTH))[EQUAL]
    assert (known.confidence, known.decide) == (Confidence.LIKELY, "")
    assert (asked.confidence, asked.decide[:14]) == (Confidence.POSSIBLE, "Ask who runs t")
    assert "public: its policy" in known.found
    assert known.found.startswith("Both stores of Core hold one certificate")
    alone = of_stores(held(BOTH, why_public="its policy"), None)[PUBLIC]
    assert alone.found.startswith("The client certificate of Core comes from a public CA")
    assert "whether its CA is public is not known" in asked.found


def place(role: Role, mode: Mode = Mode.ON, *, known: bool = True, **stores: Held) -> Place:
    """Return a node of a case with a mode and stores."""
    node = (DEPLOYMENT.core if role is Role.CORE else DEPLOYMENT.edge)[0]
    release = Release(stores.pop("release", "X15.5"))  # type: ignore[arg-type]
    subject = str(stores.pop("subject", ""))
    node = replace(node, eku_checking=mode, release=release, verify_subject_name=subject)
    mine = {Store(name): replace(found, store=Store(name)) for name, found in stores.items()}
    return Place(role.value, role, node, mine, mode_known=known)


def case(*places: Place) -> Reconstruction:
    """Return a case of these nodes."""
    return Reconstruction(DEPLOYMENT, {str(n): one for n, one in enumerate(places)}, ())


def modes(places: Iterable[Place]) -> list[Finding]:
    """Return what mode Off hides."""
    gathered = Gathered()
    add_mode_findings(gathered, case(*places))
    return list(gathered.all())


OFF = place(Role.EDGE, Mode.OFF)
LACKING = place(Role.CORE, client=held(SERVER_ONLY))


def test_off_hides_a_client_certificate_without_clientauth() -> None:
    """Test case 2 shows it for serverAuth alone; for other usages it is our reading (E4)."""
    plain, odd = modes([OFF, LACKING]), modes([OFF, place(Role.CORE, client=held(CODE_ONLY))])
    assert [(one.code, one.confidence) for one in (*plain, *odd)] == [
        ("mode.off-hides-missing-client-auth", Confidence.CERTAIN),
        ("mode.off-hides-missing-client-auth", Confidence.LIKELY),
    ]
    assert ["E4" in one.facts for one in (*plain, *odd)] == [False, True]
    setting = Evidence(EvidenceKind.CONFIGURATION, "xconf.txt", "Off", line=7)
    dumped = SimpleNamespace(mode_setting=SimpleNamespace(evidence=setting))
    found = modes([replace(OFF, settings=dumped), LACKING])[0]  # type: ignore[arg-type]
    assert [one.kind for one in found.evidence] == [
        EvidenceKind.CERTIFICATE,
        EvidenceKind.CONFIGURATION,
    ]
    assert [one.kind for one in plain[0].evidence] == [EvidenceKind.CERTIFICATE]
    assert "Mode Off on Edge" in plain[0].found.replace(OFF.host, "Edge")


@pytest.mark.parametrize(
    "places",
    [
        (place(Role.EDGE), LACKING),
        (place(Role.EDGE, Mode.OFF, known=False), LACKING),
        (place(Role.EDGE, Mode.OFF, release="X15.4"), LACKING),
        (OFF, place(Role.CORE, client=held(BOTH))),
        (OFF, place(Role.CORE, client=held(NO_EKU))),
        (OFF, place(Role.CORE, server=held(SERVER_ONLY))),
        (OFF, place(Role.EDGE, client=held(SERVER_ONLY))),
        (OFF,),
    ],
)
def test_off_hides_nothing_else(places: tuple[Place, ...]) -> None:
    """Mode On or unknown, one store, clientAuth or no EKU, no client certificate, the same side."""
    assert modes(places) == []


def with_names(*names: str) -> Held:
    """Return a held certificate with these DNS names."""
    return held(make(Shape(leaf=replace(LEAF, names=names))))


def lacking(client: Held, server: Held, *edges: Place, release: str = "X15.5") -> list[Finding]:
    """Return which names the client certificate lacks."""
    core = place(Role.CORE, client=client, server=server, release=release)  # type: ignore[arg-type]
    gathered = Gathered()
    add_name_findings(gathered, case(core, *edges))
    return list(gathered.all())


ONE, TWO = with_names("a.example.com"), with_names("a.example.com", "B.example.com")


def test_names_that_the_client_certificate_lacks_are_told() -> None:
    """Edge's TLS verify subject name may be one of them (E8)."""
    found = lacking(ONE, TWO)
    assert [one.code for one in found] == ["certificate.names-missing"]
    assert "lacks B.example.com, which" in found[0].found
    assert len(lacking(ONE, TWO, place(Role.EDGE))) == 1
    wanted = place(Role.EDGE, subject="b.example.com")  # type: ignore[arg-type]
    assert len(lacking(ONE, TWO, wanted)) == 1
    had = place(Role.EDGE, subject="A.Example.com.")  # type: ignore[arg-type]
    assert len(lacking(ONE, TWO, had, place(Role.EDGE))) == 1
    assert len(lacking(ONE, TWO, had, wanted)) == 1


def test_names_are_not_told_where_they_cannot_matter() -> None:
    """The same names in any case, more of them, a known name that is there, or one store."""
    had = place(Role.EDGE, subject="A.Example.com.")  # type: ignore[arg-type]
    assert lacking(ONE, TWO, had) == []
    assert lacking(TWO, ONE) == []
    assert lacking(with_names("A.example.com", "b.example.com"), TWO) == []
    assert lacking(ONE, TWO, release="X15.4") == []
    gathered = Gathered()
    add_name_findings(gathered, case(place(Role.CORE, client=ONE), place(Role.CORE, server=TWO)))
    assert list(gathered.all()) == []


def test_of_many_names_ten_are_told() -> None:
    """A stranger's certificate may have thousands."""
    many = with_names("a.example.com", *(f"n{place:02}.example.com" for place in range(12)))
    found = lacking(ONE, many)[0].found
    assert "n09.example.com, which" in found
    assert "n10" not in found
