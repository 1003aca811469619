"""Deployments of the sample cases: conditions, and faults that no control can make."""

from dataclasses import replace
from datetime import timedelta

from ekukit.certificates import Certificate, EkuProfile, utc
from ekukit.errors import InputError
from ekukit.expressway import (
    CertificateStore,
    Choices,
    Deployment,
    FarEndKind,
    Knowledge,
    Mode,
    Slot,
    Store,
    Trust,
    build,
    condition,
)
from ekukit.expressway.build import CA1
from ekukit.samples.writer import NO_HANDSHAKE_KEY

AT = utc("2026-06-15 09:41:07")


def case(name: str, **changes: object) -> Deployment:
    """Return a named condition with changes, at the moment of the samples."""
    return build(_choices(name, **changes))


def _choices(name: str, **changes: object) -> Choices:
    return condition(name, at=AT, **changes)


def _client(deployment: Deployment) -> Certificate:
    found = deployment.core[0].client.certificate
    if found is None:
        msg = "Core's client store is empty, so nothing of it can be changed"
        raise InputError(msg)
    return found


def with_core_client(deployment: Deployment, **changes: object) -> Deployment:
    """Return a deployment in which Core's client certificate was re-issued with changes."""
    changed = _client(deployment).moved(**changes)
    return deployment.with_core(client=CertificateStore(Store.CLIENT, changed))


def far_ends_that_trust_both() -> Deployment:
    """Return condition 3 with far ends that trust the internal CA, too."""
    choices = _choices("C3")
    for kind in (FarEndKind.WEBEX, FarEndKind.PARTNER, FarEndKind.CLOUD, FarEndKind.MRA_CLIENT):
        choices = choices.with_far_end(kind, trusts=Trust.BOTH)
    return build(choices)


def webex_that_takes_edge() -> Deployment:
    """Return a deployment in which Webex accepts Edge's internal client certificate."""
    choices = _choices("C2.1", edge_client=Slot("internal", EkuProfile.BOTH))
    return build(choices.with_far_end(FarEndKind.WEBEX, trusts=Trust.BOTH, checks=Knowledge.YES))


def neighbor_with_server_auth_only() -> Deployment:
    """Return condition 3 with a neighbor whose certificate lacks clientAuth."""
    slot = Slot("public", EkuProfile.SERVER)
    return build(_choices("C3").with_far_end(FarEndKind.NEIGHBOR, presents=slot))


def cucm_without_ca_1() -> Deployment:
    """Return condition 2.1 with a CUCM that does not trust the internal CA."""
    return build(_choices("C2.1").with_far_end(FarEndKind.CUCM, trusts=Trust.PUBLIC))


def edge_without_issuing_ca() -> Deployment:
    """Return condition 2.1 with an Edge that trusts CA 1's root alone."""
    found = case("C2.1")
    return found.with_edge(trusted=found.edge[0].trusted - {CA1.issuing})


def client_about_to_expire() -> Deployment:
    """Return test case 2 with a Core certificate that expires in 16 days."""
    found = case("C2", edge_checking=Mode.OFF)
    both = _client(found).moved(not_after=AT + timedelta(days=16))
    return found.with_core(
        server=CertificateStore(Store.SERVER, both), client=CertificateStore(Store.CLIENT, both)
    )


def odd_certificates() -> Deployment:
    """Return condition 3 with what Cisco advises against and no handshake shows."""
    found = case("C3")
    wildcard = _of(found.edge[0].server).moved(names=("edge.example.com", "*.example.com"))
    large = replace(_of(found.edge[0].client).moved(names=("edge.example.com",)),
                    key=NO_HANDSHAKE_KEY)  # fmt: skip
    twin = replace(CA1.issuing, subject=CA1.issuing.subject.replace("O=", "O=former "))
    changed = found.with_edge(
        server=CertificateStore(Store.SERVER, wildcard),
        client=CertificateStore(Store.CLIENT, large),
        trusted=found.edge[0].trusted | {twin},
    )
    return with_core_client(changed, subject="O=ekukit TEST ONLY")


def _of(store: CertificateStore) -> Certificate:
    if store.certificate is None:
        msg = f"the {store.kind.value} store is empty"
        raise InputError(msg)
    return store.certificate


def with_cluster_name(found: Deployment) -> Deployment:
    """Return a deployment whose Edge expects a name that only Core's server certificate has."""
    name = "cluster-core.example.com"
    server = _of(found.core[0].server)
    more = server.moved(names=(*server.names, name))
    named = found.with_core(server=CertificateStore(Store.SERVER, more))
    return named.with_edge(verify_subject_name=name)
