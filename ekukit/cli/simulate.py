"""`ekukit simulate`: a named condition, with changes, and the states that follow."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ekukit.certificates import EkuProfile, eku_words
from ekukit.connections import Engine, Outcome, Presented, predict
from ekukit.errors import InputError
from ekukit.expressway import Choices, Deployment, Expressway, Slot, condition, mode_of

_ISSUERS = ("internal", "public")
_STORES = ("core_server", "core_client", "edge_server", "edge_client")


@dataclass(frozen=True, slots=True)
class SlotChange:
    """What the options say of one store; None leaves the condition's value."""

    issuer: str | None = None
    eku: str | None = None


def choices_from(
    name: str,
    *,
    core_checking: str | None,
    edge_checking: str | None,
    changes: dict[str, SlotChange],
    at: str | None,
) -> Choices:
    """Return the condition's choices with the options applied.

    Raises InputError for an unknown condition, mode, issuer, EKU profile or date.
    """
    choices = condition(name)
    slots = {
        store: _slot(getattr(choices, store), changes.get(store, SlotChange())) for store in _STORES
    }
    choices = replace(choices, **slots)  # type: ignore[arg-type]
    if core_checking is not None:
        choices = replace(choices, core_checking=mode_of(core_checking))
    if edge_checking is not None:
        choices = replace(choices, edge_checking=mode_of(edge_checking))
    return replace(choices, at=_moment(at)) if at else choices


def _slot(slot: Slot, change: SlotChange) -> Slot:
    issuer = change.issuer or slot.issuer
    if issuer not in _ISSUERS:
        msg = f"issuer {issuer!r} is unknown; use internal or public"
        raise InputError(msg)
    if change.eku is None:
        return Slot(issuer, slot.eku)
    try:
        return Slot(issuer, EkuProfile(change.eku))
    except ValueError:
        msg = f"EKU profile {change.eku!r} is unknown; use one of: {', '.join(EkuProfile)}"
        raise InputError(msg) from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        msg = f"date {text!r} cannot be read; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS"
        raise InputError(msg) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def engine_of(text: str) -> Engine:
    """Return the engine of that name; raises InputError for an unknown one."""
    try:
        return Engine(text)
    except ValueError:
        msg = f"engine {text!r} is unknown; use lab or rules"
        raise InputError(msg) from None


def simulate(deployment: Deployment, engine: Engine) -> tuple[Outcome, ...]:
    """Return the outcomes from the engine asked for; the lab is imported only when it is."""
    if engine is Engine.RULES:
        return predict(deployment)
    from ekukit.lab import run

    return run(deployment)


def as_json(deployment: Deployment, outcomes: tuple[Outcome, ...]) -> str:
    """Return deployment and outcomes as JSON text, keys as documented for the command."""
    found = {
        "deployment": _deployment(deployment),
        "outcomes": [_outcome(outcome) for outcome in outcomes],
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _deployment(deployment: Deployment) -> dict[str, object]:
    return {
        "at": deployment.at.isoformat(),
        "core": [_node(node) for node in deployment.core],
        "edge": [_node(node) for node in deployment.edge],
        "domains": list(deployment.domains),
    }


def _node(node: Expressway) -> dict[str, object]:
    return {
        "fqdn": node.fqdn,
        "address": node.address,
        "release": node.release.value,
        "eku_checking": node.eku_checking.value,
        "server": _certificate(node, "server"),
        "client": _certificate(node, "client"),
        "trusted": sorted(ca.name for ca in node.trusted),
    }


def _certificate(node: Expressway, store: str) -> dict[str, object] | None:
    certificate = (node.server if store == "server" else node.client).certificate
    if certificate is None:
        return None
    return {
        "subject": certificate.subject,
        "names": list(certificate.names),
        "issuer": certificate.issuer_name,
        "public": certificate.public,
        "eku": eku_words(certificate.ekus),
        "serial": certificate.serial_hex,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
    }


def _outcome(outcome: Outcome) -> dict[str, object]:
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
        "facts": list(outcome.facts),
        "todo": outcome.todo,
        "check": outcome.check,
        "initiator": outcome.initiator,
        "responder": outcome.responder,
        "text": outcome.text,
        "hidden": list(outcome.hidden),
        "notes": list(outcome.notes),
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


def write_capture(deployment: Deployment, path: Path) -> None:
    """Write the handshakes of the deployment as pcapng, secrets embedded.

    Raises InputError when the file cannot be written.
    """
    from ekukit.lab import capture

    try:
        path.write_bytes(capture(deployment))
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror}); choose another folder"
        raise InputError(msg) from None
