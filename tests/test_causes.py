"""Root causes: every failure has one, mending all of them mends everything, and none is idle."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from ekukit.causes import cause_cards, root_causes
from ekukit.causes.mending import changed, everyone, mended
from ekukit.causes.part import certificate_at
from ekukit.certificates import Certificate, EkuProfile
from ekukit.certificates.authority import Authority
from ekukit.connections import State
from ekukit.connections.predict import predict
from ekukit.expressway import (
    Deployment,
    Expressway,
    FarEnd,
    FarEndKind,
    Knowledge,
    Mode,
    Release,
    Store,
    build,
    condition,
)
from ekukit.expressway.build import CA1, CA2
from ekukit.expressway.conditions import CONDITIONS

DAY = timedelta(days=1)
Fault = Callable[[Deployment, Certificate], Certificate | None]
System = Expressway | FarEnd


def expired(found: Deployment, certificate: Certificate) -> Certificate:
    """Let it have expired yesterday."""
    return certificate.moved(not_after=found.at - DAY)


def not_yet_valid(found: Deployment, certificate: Certificate) -> Certificate:
    """Let it begin tomorrow."""
    return certificate.moved(not_before=found.at + DAY)


def other_name(_found: Deployment, certificate: Certificate) -> Certificate:
    """Give it a name that nobody looks for."""
    return certificate.moved(names=("other.example.com",))


def server_only(_found: Deployment, certificate: Certificate) -> Certificate:
    """Leave serverAuth alone."""
    return certificate.moved(ekus=EkuProfile.SERVER.ekus)


def client_only(_found: Deployment, certificate: Certificate) -> Certificate:
    """Leave clientAuth alone."""
    return certificate.moved(ekus=EkuProfile.CLIENT.ekus)


def weak(_found: Deployment, certificate: Certificate) -> Certificate:
    """Give it a small key."""
    return certificate.moved(key="RSA-1024")


def with_issuing(certificate: Certificate, **changes: object) -> Certificate:
    """Change the issuing CA, if there is one."""
    issuing, *above = certificate.chain or (None,)
    chain = (replace(issuing, **changes), *above) if issuing else ()
    return certificate.moved(chain=chain)


def limited_ca(_found: Deployment, certificate: Certificate) -> Certificate:
    """Let its issuing CA allow serverAuth alone."""
    return with_issuing(certificate, ekus=EkuProfile.SERVER.ekus, key="limited")


def old_ca(found: Deployment, certificate: Certificate) -> Certificate:
    """Let its issuing CA have expired."""
    return with_issuing(certificate, not_after=found.at - DAY, key="old")


def unlisted_ca(_found: Deployment, certificate: Certificate) -> Certificate:
    """Let no list have its issuing CA."""
    return with_issuing(certificate, key="unlisted")


def no_signature(_found: Deployment, certificate: Certificate) -> Certificate:
    """Take digitalSignature from its key usage."""
    limits = replace(certificate.limits, key_usage=("keyEncipherment",))
    return certificate.moved(limits=limits)


def self_signed(_found: Deployment, certificate: Certificate) -> Certificate:
    """Let nobody have issued it."""
    return certificate.moved(chain=())


def gone(_found: Deployment, _certificate: Certificate) -> None:
    """Empty the store."""
    return


CERTIFICATES = {
    fault.__name__: fault
    for fault in (
        expired,
        not_yet_valid,
        other_name,
        server_only,
        client_only,
        weak,
        limited_ca,
        old_ca,
        unlisted_ca,
        no_signature,
        self_signed,
        gone,
    )
}


def with_certificate(found: Deployment, address: str, store: Store, fault: Fault) -> Deployment:
    """Return the deployment with that fault in that certificate."""

    def change(system: System) -> System:
        if system.address != address:
            return system
        held = certificate_at(system, store)
        broken = None if held is None else fault(found, held)
        if isinstance(system, FarEnd):
            return replace(system, certificate=broken)
        kind = system.store(store).kind
        return replace(system, **{kind.value: replace(system.store(store), certificate=broken)})

    return changed(found, change)


def without_trust(found: Deployment, address: str, authority: Authority) -> Deployment:
    """Return the deployment in which one system does not know an authority."""
    fewer = set(authority.ca_certificates)

    def change(system: System) -> System:
        if system.address != address:
            return system
        if isinstance(system, FarEnd):
            return replace(system, trusts=system.trusts - fewer)
        return replace(system, trusted=system.trusted - fewer)

    return changed(found, change)


class Recipe(NamedTuple):
    """A condition, its peers, modes and release, and what is broken in it."""

    name: str
    peers: tuple[int, int]
    modes: tuple[Mode, Mode]
    release: Release
    far: tuple[tuple[Knowledge, Knowledge], ...]
    faults: tuple[tuple[str, ...], ...]

    def made(self) -> Deployment:
        """Return the deployment."""
        (core, edge), (on_core, on_edge) = self.peers, self.modes
        found = build(
            replace(
                condition(self.name),
                core_peers=core,
                edge_peers=edge,
                core_checking=on_core,
                edge_checking=on_edge,
                release=self.release,
            )
        )
        ends = zip(found.far_ends, self.far, strict=True)
        found = replace(found, far_ends=tuple(
            replace(end, requests_certificate=asks, checks_client_eku=checks)
            for end, (asks, checks) in ends
        ))  # fmt: skip
        systems = everyone(found)
        for kind, place, *what in self.faults:
            address = systems[int(place) % len(systems)].address
            found = FAULTS[kind](found, address, *what)
        return found


FAULTS = {
    "certificate": lambda found, address, store, fault: with_certificate(
        found, address, Store(store), CERTIFICATES[fault]
    ),
    "trust": lambda found, address, ca: without_trust(found, address, {"1": CA1, "2": CA2}[ca]),
    "port": lambda found, _address, port: replace(
        found, network=replace(found.network, dropped=found.network.dropped | {port})
    ),
    "dns": lambda found, _address: replace(found, network=replace(found.network, resolves=False)),
    "name": lambda found, _address, name: found.with_edge(verify_subject_name=name),
}
PLACES = st.integers(0, 9).map(str)
KNOWLEDGE = st.sampled_from([Knowledge.YES, Knowledge.NO])
RECIPES = st.builds(
    Recipe,
    st.sampled_from(sorted(CONDITIONS)),
    st.tuples(st.integers(1, 2), st.integers(1, 2)),
    st.tuples(st.sampled_from(Mode), st.sampled_from(Mode)),
    st.sampled_from(Release),
    st.tuples(*[st.tuples(KNOWLEDGE, KNOWLEDGE) for _ in FarEndKind]),
    st.lists(
        st.one_of(
            st.tuples(
                st.just("certificate"),
                PLACES,
                st.sampled_from(["server", "client"]),
                st.sampled_from(sorted(CERTIFICATES)),
            ),
            st.tuples(st.just("trust"), PLACES, st.sampled_from(["1", "2"])),
            st.tuples(st.just("port"), PLACES, st.sampled_from([2222, 7001, 5061])),
            st.tuples(st.just("dns"), PLACES),
            st.tuples(st.just("name"), PLACES, st.just("typed.example.com")),
        ),
        max_size=4,
    ).map(tuple),
)


def failing(found: Deployment) -> set[str]:
    """Return the connections and services that are not Active."""
    return {outcome.connection for outcome in predict(found) if outcome.state is not State.ACTIVE}


@settings(max_examples=300)
@given(RECIPES)
def test_mending_all_causes_makes_everything_active_and_all_but_one_does_not(
    recipe: Recipe,
) -> None:
    """The causes are enough, and each of them is needed."""
    found = recipe.made()
    causes = root_causes(found, predict(found))
    assert failing(found) == set(chain.from_iterable(cause.effects for cause in causes))
    parts = [part for cause in causes for part in cause.parts]
    assert [cause.id for cause in causes if not cause.tried] == []
    assert failing(mended(found, parts)) == set()
    for cause in causes:
        others = [part for part in parts if part not in cause.parts]
        assert failing(mended(found, others)) != set(), cause.id


def test_a_ca_of_the_same_name_and_another_key_is_told_as_such() -> None:
    """Who looks into the list finds the name, so the key is what is told apart."""
    found = build(condition("C3"))
    old = {replace(ca, key="older") for ca in CA1.ca_certificates}
    found = found.with_edge(trusted=frozenset(old))
    first, *_others = cause_cards(found, predict(found))
    assert "with another key" in first.what
    assert "of the same name" in first.todo


def test_what_is_documented_inferred_and_assumed_is_told_apart() -> None:
    """One cause brings down a zone that a source shows, tunnels that follow, far ends assumed."""
    found = build(condition("C2"))
    first, second = cause_cards(found, predict(found))
    assert first.sure == "documented for UC traversal zone, inferred for 2, assumed for 5"
    assert second.sure == "assumed, no source says it"
    assert (first.basis.value, second.basis.value) == ("assumed", "assumed")
