"""Reading back what was written gives the deployment that was simulated."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cases import AT, KEY

from ekukit.archive import open_archive
from ekukit.certificates import CaCertificate, Certificate, EkuProfile
from ekukit.connections import predict
from ekukit.diagnosis.evidence.case_evidence import read
from ekukit.diagnosis.investigation import investigate
from ekukit.diagnosis.rebuild.archive_deployment import reconstruct
from ekukit.diagnosis.rebuild.case_nodes import Reconstruction
from ekukit.expressway import (
    CertificateStore,
    Choices,
    Deployment,
    Expressway,
    Mode,
    Release,
    Slot,
    Store,
    build,
)
from ekukit.samples.writer import node_files

ROUNDS = 10
EACH = 20
JUDGED = {"uc-zone", "ssh-tunnel"}


def drawn(chance: random.Random) -> Deployment:
    """Return a deployment drawn at random: EKUs, issuers, modes, peers, releases, trust, names."""

    def slot() -> Slot:
        return Slot(chance.choice(("internal", "public")), chance.choice(list(EkuProfile)))

    found = build(
        Choices(
            slot(), slot(), slot(), slot(),
            core_checking=chance.choice(list(Mode)),
            edge_checking=chance.choice(list(Mode)),
            copied=chance.random() < 0.5,
            key=KEY,
            at=AT + timedelta(days=chance.randrange(-40, 400)),
            release=chance.choice([*Release, Release.X15_5, Release.X15_5]),
            core_peers=chance.randrange(1, 3),
            edge_peers=chance.randrange(1, 4),
            domains=tuple(f"d{n}.example.com" for n in range(chance.randrange(1, 4))),
            neighbor_verify=chance.choice(list(Mode)),
        )
    )  # fmt: skip
    if chance.random() < 0.4:
        wanted = chance.choice(("", "wanted.example.com", "core.example.com"))
        found = found.with_edge(verify_subject_name=wanted)
    side = chance.choice((found.with_core, found.with_edge))
    if chance.random() < 0.5:
        # The other side keeps the whole list, so that every CA is somewhere in the archive.
        whole = sorted(found.core[0].trusted, key=repr)
        found = side(trusted=frozenset(chance.sample(whole, chance.randrange(1, len(whole)))))
    return with_shown_chains(found, chance)


def with_shown_chains(found: Deployment, chance: random.Random) -> Deployment:
    """Return the deployment with some stores to which the leaf alone was uploaded."""

    def store(given: CertificateStore) -> CertificateStore:
        return replace(given, chain_uploaded=chance.random() < 0.8)

    def node(given: Expressway) -> Expressway:
        return replace(given, server=store(given.server), client=store(given.client))

    core, edge = tuple(map(node, found.core)), tuple(map(node, found.edge))
    return replace(found, core=core, edge=edge)


def written(deployment: Deployment, folder: Path) -> Path:
    """Write configuration, status and certificates of every node; no handshake is made.

    The dumps are text or XML, by the number of domains.
    """
    folder.mkdir()
    unwanted = (".xml", ".txt")[len(deployment.domains) % 2]
    for node in (*deployment.core, *deployment.edge):
        for name, data in node_files(deployment, node, ()).items():
            if not name.startswith(("loggingsnapshot", "eth0")) and not name.endswith(unwanted):
                (folder / name).write_bytes(data)
    return folder


def rebuilt(folder: Path) -> Reconstruction:
    """Return what the files give, as an investigation rebuilds it."""
    found = read(open_archive(folder), {}, None)
    nodes = [(node, role) for node in found.nodes if (role := found.roles[node.host]) is not None]
    case = reconstruct(
        nodes, found.inventory, found.at, addresses=found.known.hosts, absent=found.absent
    )
    assert case is not None
    return case


def plain_ca(ca: CaCertificate) -> CaCertificate:
    """Return a CA without what only real bytes have, and whether browsers trust it."""
    return replace(ca, public=None, key="", issuer_key="", kind="", der=b"")


def plain(found: Certificate | None) -> Certificate | None:
    """Return a certificate without what no certificate says."""
    if found is None:
        return None
    return replace(found, public=None, der=b"", chain=tuple(map(plain_ca, found.chain)))


def said(node: Expressway) -> dict[str, object]:
    """Return what an archive says of a node."""
    stores = [node.server, *([node.client] if node.release.has_client_store else [])]
    return {
        "role": node.role,
        "fqdn": node.fqdn,
        "address": node.address,
        "release": node.release,
        "mode": node.eku_checking if node.release.has_client_store else None,
        "name": node.verify_subject_name,
        "neighbors": node.neighbor_verify,
        "trusted": frozenset(map(plain_ca, node.trusted)),
        "stores": [(s.kind, plain(s.certificate), s.chain_uploaded) for s in stores],
    }


def verdicts(deployment: Deployment) -> list[tuple[str, ...]]:
    """Return states and codes of the zone and the tunnels, by rules."""
    return [
        (o.connection, o.state.value, o.code, o.initiator, o.responder, *o.hidden)
        for o in predict(deployment)
        if o.connection in JUDGED
    ]


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_random_deployment_comes_back_as_it_was(tmp_path: Path, seed: int) -> None:
    """Nodes, stores, trust, modes, names and domains are equal, and so is every verdict."""
    chance = random.Random(seed)
    for number in range(EACH):
        made = drawn(chance)
        case = rebuilt(written(made, tmp_path / str(number)))
        found = case.deployment
        assert [said(node) for node in made.core] == [said(node) for node in found.core]
        assert [said(node) for node in made.edge] == [said(node) for node in found.edge]
        assert (made.at, made.domains) == (found.at, found.domains)
        assert verdicts(made) == verdicts(found)


def test_an_empty_store_comes_back_as_not_told(tmp_path: Path) -> None:
    """A store without a file is not known to be empty, so nothing is said of what needs it."""
    made = drawn(random.Random(1)).with_core(
        client=CertificateStore(Store.CLIENT, None), release=Release.X15_5
    )
    case = investigate(open_archive(written(made, tmp_path / "case")))
    states = {o.state.value for o in case.predicted if o.connection in JUDGED}
    assert states == {"Unknown"}
