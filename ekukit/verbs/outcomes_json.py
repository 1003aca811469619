"""Deployments and outcomes as JSON, in the shape that is documented for the command line."""

import json
from collections.abc import Iterable

from ekukit.causes import CauseCard, cause_cards
from ekukit.certificates import Certificate, eku_words
from ekukit.certificates.constraints import Limits
from ekukit.connections import Outcome
from ekukit.connections.outcome import Presented
from ekukit.expressway import Deployment, Expressway, FarEnd
from ekukit.printable import escaped


def as_json(deployment: Deployment, outcomes: Iterable[Outcome]) -> str:
    """Return `{"deployment": …, "outcomes": […], "causes": […]}` as text."""
    told = tuple(outcomes)
    cards = cause_cards(deployment, told)
    found = {
        "deployment": deployment_data(deployment),
        "outcomes": [outcome_data(outcome, cards) for outcome in told],
        "causes": [cause_data(card) for card in cards],
    }
    return escaped(json.dumps(found, indent=2, ensure_ascii=False))


def deployment_data(deployment: Deployment) -> dict[str, object]:
    """Return a deployment as plain values."""
    return {
        "at": deployment.at.isoformat(),
        "core": [_node(node) for node in deployment.core],
        "edge": [_node(node) for node in deployment.edge],
        "far_ends": [_far_end(far_end) for far_end in deployment.far_ends],
        "domains": list(deployment.domains),
    }


def _node(node: Expressway) -> dict[str, object]:
    return {
        "fqdn": node.fqdn,
        "address": node.address,
        "release": node.release.value,
        "eku_checking": node.eku_checking.value if node.release.has_client_store else None,
        "server": certificate_data(node.server.certificate),
        "client": certificate_data(node.client.certificate),
        "trusted": sorted(ca.name for ca in node.trusted),
        "tls_verify_subject_name": node.verify_subject_name or None,
    }


def _far_end(far_end: FarEnd) -> dict[str, object]:
    return {
        "kind": far_end.kind.value,
        "fqdn": far_end.fqdn,
        "address": far_end.address,
        "requests_certificate": far_end.requests_certificate.value,
        "checks_client_eku": far_end.checks_client_eku.value,
        "trusts": sorted(ca.name for ca in far_end.trusts),
        "certificate": certificate_data(far_end.certificate),
        "client_certificate": certificate_data(far_end.client_certificate),
        "release": far_end.release.title if far_end.release else None,
        "stack": far_end.stack.name if far_end.stack else None,
    }


def certificate_data(certificate: Certificate | None) -> dict[str, object] | None:
    """Return a certificate as plain values, None for none."""
    if certificate is None:
        return None
    return {
        "subject": certificate.subject,
        "names": list(certificate.names[:MOST_SHOWN]),
        "names_count": len(certificate.names),
        "issuer": certificate.issuer_name,
        "public": certificate.public,
        "eku": eku_words(certificate.ekus),
        "key": certificate.key,
        **limits_data(certificate.limits),
        "chain": [
            {
                "subject": ca.subject,
                "eku": eku_words(ca.ekus),
                "key": ca.kind or None,
                **limits_data(ca.limits),
            }
            for ca in certificate.chain
        ],
        "serial": certificate.serial_hex,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
    }


MOST_SHOWN = 100


def limits_data(limits: Limits) -> dict[str, object]:
    """Return what else decides a path as plain values."""
    return {
        "key_usage": None if limits.key_usage is None else list(limits.key_usage),
        "ca": limits.ca,
        "path_length": limits.path_length,
        "permitted_names": list(limits.permitted[:MOST_SHOWN]),
        "excluded_names": list(limits.excluded[:MOST_SHOWN]),
        "unknown_critical_extensions": list(limits.unknown_critical[:MOST_SHOWN]),
        "digest": limits.digest or None,
    }


def cause_data(card: CauseCard) -> dict[str, object]:
    """Return a cause as plain values."""
    return {
        "id": card.id,
        "code": card.code,
        "at": {
            "node": card.system,
            "peer": ", ".join(card.peers) or None,
            "place": card.place.value,
            "serial": ", ".join(card.serials) or None,
        },
        "what": card.what,
        "where": card.where,
        "todo": card.todo,
        "instead": list(card.instead),
        "effects": list(card.effects),
        "doubtful": list(card.doubtful),
        "restores": list(card.restores),
        "next": list(card.behind),
        "basis": card.basis.value,
        "facts": list(card.facts),
        "evidence": [f"{shown.where}: {shown.text}" for shown in card.evidence],
        "seen": card.seen,
        "sure": card.sure,
    }


def outcome_data(outcome: Outcome, cards: Iterable[CauseCard] = ()) -> dict[str, object]:
    """Return an outcome as plain values, with the ids of the causes that bring it down."""
    return {
        "connection": outcome.connection,
        "state": outcome.state.value,
        "code": outcome.code,
        "reason": outcome.reason,
        "engine": outcome.engine.value,
        "basis": outcome.basis.value,
        "presented_by_client": _presented(outcome.presented_by_client),
        "presented_by_server": _presented(outcome.presented_by_server),
        "alert": outcome.alert,
        "error": outcome.error,
        "depth": outcome.depth,
        "facts": list(outcome.facts),
        "todo": outcome.todo,
        "check": outcome.check,
        "initiator": outcome.initiator,
        "responder": outcome.responder,
        "text": outcome.text,
        "standin": outcome.standin or None,
        "hidden": list(outcome.hidden),
        "notes": list(outcome.notes),
        "causes": [card.id for card in cards if card.explains(outcome)],
    }


def _presented(found: Presented | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "node": found.node,
        "store": found.store,
        "serial": found.serial,
        "issuer": found.issuer,
        "eku": eku_words(found.ekus),
    }
