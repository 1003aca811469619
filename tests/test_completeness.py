"""What an archive lacks or should not hold: keys, damage, stores, a side, a second system."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from paths import LEAF, Shape, make
from test_certificate_rules import held
from test_finding_set import CERTAIN, NOTE
from test_foreseen_refusals import place
from test_store_rules import DEPLOYMENT

from ekukit.account import Account, PartFate, UnreadPart
from ekukit.diagnosis.evidence.evidence import EvidenceKind
from ekukit.diagnosis.evidence.inventory import Held, Inventory
from ekukit.diagnosis.evidence.setting import Setting, Zone
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.findings.completeness import (
    add_archive_findings,
    add_systems,
    add_two_systems,
)
from ekukit.diagnosis.findings.finding import Finding
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.rebuild.case_nodes import Place, Reconstruction
from ekukit.expressway import Release, Role, Store

NONE = Inventory({}, {}, {}, ())
LOST = "certificate.not-in-archive"
CORE, EDGE = Role.CORE, Role.EDGE


def of_names(*names: str, **changes: object) -> Held:
    """Return a held certificate with these names and no issuing CA that counts."""
    found = held(make(Shape(leaf=replace(LEAF, names=names))))
    return replace(found, **{"above": (), **changes})  # type: ignore[arg-type]


def stores(*hosts: str, kinds: tuple[Store, ...] = tuple(Store), **changes: object) -> Inventory:
    """Return an inventory in which hosts hold certificates of their own names."""
    return Inventory(
        {(host, kind): of_names(f"{host}.example.com", host=host, store=kind, **changes)
         for host in hosts for kind in kinds}, {}, {}, ())  # fmt: skip


def archived(rows: tuple[dict[str, Any], ...] = (), members: tuple[dict[str, Any], ...] = (),
             **told: object) -> Any:  # noqa: ANN401 - stands for an archive  # fmt: skip
    """Return what stands for an archive."""
    tables = {"certificates": SimpleNamespace(rows=rows), "members": SimpleNamespace(rows=members)}
    given = {"keys": (), "unread": (), "account": Account(), **told}
    return SimpleNamespace(rows=tables, **given)


def findings(
    archive: Any,  # noqa: ANN401 - stands for an archive
    *nodes: NodeSettings,
    roles: tuple[Role | None, ...] = (),
    inventory: Inventory = NONE,
) -> dict[str, Finding]:
    """Return what is found of an archive with these nodes, by code."""
    gathered = Gathered()
    sides = dict(zip([node.host for node in nodes], roles, strict=True))
    add_archive_findings(gathered, archive, list(nodes), sides, inventory)
    return {one.code: one for one in gathered.all()}


def test_a_private_key_is_told_by_its_file_and_not_shown() -> None:
    """Each file that has one."""
    (found,) = findings(archived(keys=("a.pem", "b.pem"))).values()
    assert (found.code, found.found[:52]) == (
        "archive.private-key", "A private key is in a.pem; it is not shown here. A p")  # fmt: skip
    assert [(e.kind, e.file) for e in found.evidence] == [
        (EvidenceKind.RULE, "a.pem"), (EvidenceKind.RULE, "b.pem")]  # fmt: skip


def test_what_was_not_read_is_counted() -> None:
    """All of it where the account knows, else what is told; the first is named."""
    parts = ("a: broken", "b: broken")
    found = findings(archived(unread=parts))["archive.unread"]
    assert found.found == "2 file(s) or parts were not read; the first: a: broken"
    assert [e.text for e in found.evidence] == list(parts)
    many = findings(archived(unread=parts, account=Account(all_parts=1234)))["archive.unread"]
    assert many.found.startswith("1,234 file(s)")
    assert findings(archived()) == {}


def loose(serial: str = "ab", **changes: object) -> dict[str, Any]:
    """Return a row of a certificate of which no store is known."""
    return {"store": "", "is_ca": False, "serial": serial, "names": ("a.example.com",),
            "subject": "CN=a", "eku": "serverAuth", "file": f"{serial}.pem", "line": 3,
            "not_after": dt.datetime(2027, 1, 2, tzinfo=dt.UTC), **changes}  # fmt: skip


def test_a_certificate_of_which_no_store_is_known_is_told() -> None:
    """By name, usages and last day; a CA, a store's, and a copy of a held one are not."""
    code = "archive.loose-certificates"
    found = findings(archived((loose(),)))[code]
    assert found.found == (
        "A certificate is not judged, as no file name tells of which node and store: ab.pem: "
        "a.example.com, serverAuth, until 02 Jan 2027."
    )
    assert [(e.kind.value, e.file, e.line, e.serial) for e in found.evidence] == [
        ("certificate", "ab.pem", 3, "ab")]  # fmt: skip
    for row in (loose(store="client"), loose(is_ca=True)):
        assert findings(archived((row,))) == {}
    assert findings(archived((loose("7"),)), inventory=stores("core1")) == {}
    bare = findings(archived((loose(names=()),)))[code]
    assert "ab.pem: CN=a, serverAuth" in bare.found
    assert "no name, serverAuth" in findings(archived((loose(names=(), subject=""),)))[code].found
    four = findings(archived(tuple(loose(f"{n}0") for n in range(4))))[code].found
    assert (four[:22], "30.pem" in four, "more" in four) == ("4 certificates are not", True, False)
    five = findings(archived(tuple(loose(f"{n}0") for n in range(5))))[code].found
    assert ("30.pem" in five, "40.pem" in five) == (True, False)
    assert five.endswith("; and 1 more.")


def node(host: str = "core1", *lines: tuple[str, str], **changes: object) -> NodeSettings:
    """Return a node of these settings."""
    told = tuple(Setting(path, value, f"{host}.txt", n) for n, (path, value) in enumerate(lines, 1))
    return NodeSettings(host, told, **changes)  # type: ignore[arg-type]


def test_a_node_whose_side_nothing_tells_is_told() -> None:
    """By its first setting; without a host name as the node."""
    code = "archive.role-unknown"
    found = findings(archived(), node("x", ("A", "1"), ("B", "2")), roles=(None,))[code]
    assert found.found == "Nothing in the archive tells whether x is Core or Edge."
    assert [e.text for e in found.evidence] == ['A: "1"']
    bare = findings(archived(), node(""), roles=(None,))[code]
    assert "whether the node is Core" in bare.found
    assert bare.evidence[0].text == "no configuration"
    assert code not in findings(archived(), node(), roles=(CORE,))


def test_one_side_alone_is_told_with_its_hosts() -> None:
    """Not where both are there, or where a side is not known."""
    code = "archive.one-side"
    found = findings(archived(), node("a"), node("b"), roles=(CORE, CORE))[code]
    assert found.found == "Only Core is in the archive; there is no archive of Edge."
    assert [e.text for e in found.evidence] == ["hosts in it: a, b"]
    edge = findings(archived(), node("e"), roles=(EDGE,))[code]
    assert edge.found == "Only Edge is in the archive; there is no archive of Core."
    for roles in ((CORE, EDGE), (CORE, None), (None, None)):
        assert code not in findings(archived(), node("a"), node("b"), roles=roles)


def missing(*nodes: NodeSettings, **changes: Any) -> Finding | None:  # noqa: ANN401
    """Return the finding of certificates that are not there."""
    roles = (CORE,) * len(nodes)
    return findings(changes.pop("archive", archived()), *nodes, roles=roles, **changes).get(LOST)


def test_a_store_that_is_not_in_the_archive_is_told() -> None:
    """Without a release that may mean an old one; what a capture shows is not a file."""
    found = missing(node())
    assert found is not None
    assert (found.severity, found.confidence) == (NOTE, CERTAIN)
    assert found.found == (
        "The server certificate of core1 is not in the archive. The client certificate of core1 "
        "is not in the archive; that may mean a release before X15.5."
    )
    assert [(e.kind, e.text) for e in found.evidence] == [
        (EvidenceKind.RULE, f"no {kind} file of core1 among the files")
        for kind in ("server", "client")]  # fmt: skip
    new = missing(node(release=Release.X15_5))
    assert new is not None
    assert "release" not in new.found
    assert new.others == 1
    old = missing(node(release=Release.X15_4))
    assert old is not None
    assert "client" not in old.found
    assert missing(node(), inventory=stores("core1")) is None
    assert missing(node(release=Release.X15_4),
                   inventory=stores("core1", kinds=(Store.SERVER,))) is None  # fmt: skip
    shown = missing(node(release=Release.X15_5), inventory=stores("core1", packet=9))
    assert shown is not None
    assert "client certificate of core1 is not in the archive; a capture shows it." in shown.found
    nameless = missing(node(""))
    assert nameless is not None
    assert "certificate of the node is" in nameless.found


def test_a_store_whose_file_cannot_be_read_is_told_as_that() -> None:
    """With the reason, where there is one; a file of another node or kind is no store's."""
    code = "certificate.unreadable"
    file = {"kind": "client", "host": "core1", "file": "client.pem"}
    part = UnreadPart("client.pem", PartFate.UNREADABLE, "damaged PEM")
    told = findings(archived(members=(file,), account=Account(parts=(part,))), node(),
                    roles=(CORE,), inventory=stores("core1", kinds=(Store.SERVER,)))  # fmt: skip
    assert told[code].found == (
        "The client certificate of core1 is in the archive and cannot be read (damaged PEM)."
    )
    assert [(e.kind, e.file, e.text, e.store) for e in told[code].evidence] == [
        (EvidenceKind.RULE, "client.pem", "damaged PEM", "client")]  # fmt: skip
    assert LOST not in told
    whole = findings(archived(members=(file, {**file, "file": "second.pem"})), node(),
                     roles=(CORE,))[code]  # fmt: skip
    assert "(no certificate of a leaf is in it)" in whole.found
    assert whole.evidence[0].file == "client.pem"
    for other in ({**file, "kind": "ca"}, {**file, "host": "core2"}, {**file, "host": None}):
        assert code not in findings(archived(members=(other,)), node(), roles=(CORE,))
    unnamed = findings(archived(members=({**file, "host": None},)), node(""), roles=(CORE,))
    assert "The client certificate of the node is in" in unnamed[code].found


def zone(number: int, peer: str, kind: str = "TraversalClient", **more: str) -> Zone:
    """Return a UC traversal zone that names a peer."""
    start = f"Zones Zone {number} {kind}"
    lines = {f"{start} CollaborationEdge": "On", f"{start} Peer 1 Address": peer,
             **{f"{start} {key}": value for key, value in more.items()}}  # fmt: skip
    settings = tuple(Setting(path, value, "x.txt", number) for path, value in lines.items())
    return Zone(number, kind.lower(), settings)


def test_nodes_that_do_not_call_each_other_are_told() -> None:
    """By whom Core's zone calls; each Edge that it does not call is named."""
    first, second, third = (
        replace(place(replace(DEPLOYMENT.edge[0], address=f"192.0.2.{n}",
                              fqdn=f"edge{n}.example.com")), host=f"edge{n}")
        for n in (1, 2, 3))  # fmt: skip
    plain = place(DEPLOYMENT.core[0])

    def told(core: Place, *edges: Place) -> list[Finding]:
        places = {one.node.address: one for one in (core, *edges)}
        gathered = Gathered()
        add_systems(gathered, Reconstruction(DEPLOYMENT, places, ()))
        return list(gathered.all())

    calling = replace(plain, settings=NodeSettings("core", zones=(zone(1, "edge1.example.com"),)))
    (found,) = told(calling, first, second, third)
    assert found.found == (
        "Core calls edge1.example.com, not Edge edge2, Edge edge3: not judged against each other."
    )
    assert [e.text for e in found.evidence] == [
        'Zones Zone 1 TraversalClient Peer 1 Address: "edge1.example.com"']  # fmt: skip
    assert told(calling, first) == []
    assert told(plain, first, second) == []
    bare = Zone(3, "traversalclient", zone(3, "").settings[:1])
    more = NodeSettings("core", zones=(bare, zone(1, "edge1.example.com")))
    assert len(told(replace(plain, settings=more), first, second)) == 1
    both = NodeSettings("core", zones=(zone(1, "edge1.example.com"), zone(2, "edge2.example.com")))
    assert told(replace(plain, settings=both), first, second) == []


def domain(host: str, name: str, *zones: Zone, address: str = "") -> NodeSettings:
    """Return a node of a domain."""
    lines = [("IP DNS HostName", host), ("IP DNS DomainName", name)]
    lines += [("Network IPv4 Address", address)] if address else []
    return node(host, *lines, zones=zones)


def groups(*nodes: NodeSettings, inventory: Inventory = NONE) -> str:
    """Return what is told of nodes that have nothing in common."""
    gathered = Gathered()
    add_two_systems(gathered, nodes, inventory)
    return next((one.found for one in gathered.all()), "")


A, B = domain("a", "one.example"), domain("b", "two.example")


def test_nodes_with_nothing_in_common_are_two_systems() -> None:
    """In order of their hosts, with their domains; the setting of the domain is evidence."""
    assert groups(B, A) == (
        "The files are of 2 systems that have no zone, domain or issuing CA in common: a "
        "(one.example); b (two.example). What is found of one says nothing of the other."
    )
    gathered = Gathered()
    add_two_systems(gathered, [A, B], NONE)
    assert [e.text for e in gathered.all()[0].evidence] == [
        'IP DNS DomainName: "one.example"', 'IP DNS DomainName: "two.example"']  # fmt: skip
    assert groups(A) == groups() == ""


@pytest.mark.parametrize(
    ("other", "apart"),
    [
        (domain("b", "sub.one.example"), False),
        (domain("b", "two.example", zone(1, "A.one.example")), False),
        (domain("b", "two.example", zone(1, "c.one.example")), True),
        (domain("b", "two.example", zone(1, "", SIPTLSVerifySubjectName="a.one.example")), False),
        (node("b"), False), (node("b", ("Other", "x")), False),
        (domain("b", "ONE.example"), False),
    ],
)  # fmt: skip
def test_what_ties_nodes_together(other: NodeSettings, *, apart: bool) -> None:
    """A domain, a zone's peer or name; a node of which nothing is told stands with any."""
    assert bool(groups(A, other)) is apart
    assert bool(groups(other, A)) is apart


def test_addresses_names_of_certificates_and_sip_domains_tie_too() -> None:
    """By either store; a node with addresses alone has no domain."""
    called = domain("b", "two.example", zone(1, "192.0.2.5"))
    assert groups(domain("a", "one.example", address="192.0.2.5"), called) == ""
    assert groups(domain("a", "one.example", address="192.0.2.6"), called) != ""
    for kind in Store:
        shown = Inventory({("b", kind): of_names("x.one.example", host="b")}, {}, {}, ())
        assert groups(A, B, inventory=shown) == ""
    sip = node("b", ("IP DNS HostName", "b"), ("IP DNS DomainName", "two.example"),
               ("SIP Domains Domain 1 Name", "one.example"))  # fmt: skip
    assert groups(A, sip) == ""
    bare = node("b", ("Network IPv4 Address", "192.0.2.9"))
    assert groups(A, bare) == ""
    named = Inventory({("b", Store.SERVER): of_names("192.0.2.9", "2001:db8:abc::1", "plain",
                                                     host="b")}, {}, {}, ())  # fmt: skip
    assert groups(A, bare, inventory=named) == ""
    mapped = Inventory({("b", Store.SERVER): of_names("::ffff:192.0.2.9", host="b")}, {}, {}, ())
    assert groups(A, bare, inventory=mapped) == ""
    unset = Inventory({("b", Store.SERVER): of_names("b.two.example", host="b")}, {}, {}, ())
    assert groups(A, node("b"), inventory=unset) == ""
    assert ": a (one.example); b" in groups(domain("a", "sub.one.example"), B)


def test_a_node_in_the_middle_ties_two_others() -> None:
    """Three nodes are one system where each is tied to another."""
    middle = domain("m", "three.example", zone(1, "a.one.example"), zone(2, "b.two.example"))
    for order in ((A, B, middle), (middle, A, B), (A, middle, B)):
        assert groups(*order) == ""
    assert "3 systems" in groups(A, B, domain("c", "three.example"))


SHARED = ("ac", "edu", "gov", "net", "org")


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("a.co.uk", "b.co.uk", True), ("x.a.co.uk", "y.a.co.uk", False),
        ("a.example.uk", "b.example.uk", False), ("a.co.info", "b.co.info", False),
        ("a.com.au", "b.com.au", True), ("one", "one", False), ("one", "two", True),
        ("x.ac", "y.ac", True), *((f"a.{zone_}.nz", f"b.{zone_}.nz", True) for zone_ in SHARED),
    ],
)  # fmt: skip
def test_a_domain_is_what_somebody_registered(one: str, other: str, *, apart: bool) -> None:
    """The last two labels, below a country's shared zone three."""
    assert bool(groups(domain("a", one), domain("b", other))) is apart


def test_a_private_root_ties_and_a_public_one_does_not() -> None:
    """Anybody's certificate comes from a public CA."""
    above = make(Shape())[1:]

    def both(**changes: object) -> Inventory:
        return Inventory({(host, Store.CLIENT): of_names(f"{host}.{name}", host=host, **changes)
                          for host, name in (("a", "one.example"), ("b", "two.example"))},
                         {}, {}, ())  # fmt: skip

    assert groups(A, B, inventory=both(above=above)) == ""
    assert groups(A, B, inventory=both(above=above, why_public="its policy")) != ""
    assert groups(A, B, inventory=both(above=())) != ""
    one = Inventory({("a", Store.CLIENT): of_names("a.one.example", host="a", above=above),
                     ("b", Store.CLIENT): of_names("b.two.example", host="b", above=above[:1])},
                    {}, {}, ())  # fmt: skip
    assert groups(A, B, inventory=one) != ""


def test_four_systems_and_four_domains_are_named() -> None:
    """Of each system all hosts; without a domain's setting its first setting is evidence."""
    names = ["one", "two", "three", "four", "five"]
    told = groups(*(domain(f"h{n}", f"{name}.example") for n, name in enumerate(names)))
    assert told.startswith("The files are of 5 systems")
    assert ("h3 (four.example)" in told, "h4" in told) == (True, False)
    wide = of_names(*(f"x.d{n}.example" for n in range(6)), host="a")
    many = groups(A, B, inventory=Inventory({("a", Store.CLIENT): wide}, {}, {}, ()))
    assert "a (d0.example, d1.example, d2.example, d3.example); b" in many
    tied = groups(A, B, domain("c", "one.example"))
    assert ": a, c (one.example); b (two.example)." in tied
    undone = node("z", ("Other", "x"))
    inventory = Inventory({("z", Store.CLIENT): of_names("z.six.example", host="z")}, {}, {}, ())
    gathered = Gathered()
    add_two_systems(gathered, [A, undone], inventory)
    assert gathered.all()[0].evidence[-1].text == 'Other: "x"'
