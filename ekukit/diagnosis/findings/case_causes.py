"""Causes of a case: what was found broken, joined to the one thing that is to be changed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ekukit.causes import CauseCard, CausePlace, cause_cards
from ekukit.causes.hiding_order import hiding_first
from ekukit.causes.system_words import listed
from ekukit.connections import Cause, Outcome, Side, connection
from ekukit.connections.catalog import ROWS, Connection, Place, place_title
from ekukit.connections.reasons import far_list
from ekukit.connections.services import SERVICES
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.findings.cause_at import NAME_CODE, CauseAt, where_of
from ekukit.diagnosis.findings.finding import Confidence, Finding, Severity
from ekukit.diagnosis.findings.headline import is_refused_caller
from ekukit.expressway import Deployment, FarEndKind, Role
from ekukit.facts import basis
from ekukit.log.troubles import OF_SIP, UNREACHED, Trouble

SEEN = (EvidenceKind.LOG, EvidenceKind.PACKET, EvidenceKind.PASTED, EvidenceKind.STATUS)
# Findings about a connection whose codes begin otherwise.
_NAMES = {"zone": "uc-zone", "tunnel": "ssh-tunnel"}
_OTHER_CODES = {
    "tunnel.untrusted-issuing-ca": ("ssh-tunnel", f"client-{Cause.UNTRUSTED.value}"),
}
_STORES = {Side.CLIENT: CausePlace.CLIENT_STORE, Side.SERVER: CausePlace.SERVER_STORE}
_SETTINGS = frozenset(found.value for found in (
    *OF_SIP, Trouble.VERSION, Trouble.CIPHER, Trouble.OWN_CERTIFICATE, Trouble.OWN_FILES,
    Trouble.ACCOUNT, Trouble.TOO_MANY, Trouble.ALGORITHM,
))  # fmt: skip
_OWN_STORES = re.compile(r"The (client|server) certificate of (Core|Edge)\b")
_SERIAL = re.compile(r" ?\(serial [^)]*\)")
_UNREACHED = "unreached"
_SURE = {
    (Confidence.CERTAIN, True): "certain: it was seen, and what is known of the case explains it",
    (Confidence.LIKELY, True): "likely: it was seen, and from there other causes look alike",
    (Confidence.POSSIBLE, True): "possible: it was seen, and several causes fit",
    (Confidence.CERTAIN, False): "not seen: it follows from the certificates and settings",
    (Confidence.LIKELY, False): "not seen: it follows from certificates, settings, an assumption",
    (Confidence.POSSIBLE, False): "not seen, and it follows from assumptions",
}


@dataclass(slots=True)
class _Draft:
    """Findings of one cause, and the card that was computed, if there is one."""

    at: CauseAt
    card: CauseCard | None
    findings: list[Finding] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)


def causes_of_case(
    findings: Iterable[Finding], deployment: Deployment | None, predicted: Iterable[Outcome]
) -> tuple[CauseCard, ...]:
    """Return the causes of what is broken in a case, what brings down most services first.

    A caller whom nobody knows and who was refused comes last. Each rests on findings; where the
    rebuilt deployment shows the same cause, by rules, its words and remedy are taken. What may
    break one day is no cause.
    """
    computed = cause_cards(deployment, predicted) if deployment else ()
    drafts: dict[object, _Draft] = {}
    for found in findings:
        if found.severity is Severity.BROKEN or is_refused_caller(found):
            name, code = _told(found)
            at = _at(found, name, code)
            card = _matching(computed, at, name, code)
            draft = drafts.setdefault(card.id if card else at, _Draft(at, card))
            draft.findings.append(found)
            if name:
                draft.names[name] = None
    ordered = sorted(drafts.values(), key=_weight)
    cards = [_card(draft) for draft in ordered]
    known = {card.id for card in cards}
    shown = [replace(card, behind=tuple(n for n in card.behind if n in known)) for card in cards]
    return tuple(replace(card, number=number) for number, card in enumerate(hiding_first(shown), 1))


def _told(found: Finding) -> tuple[str, str]:
    """Return the connection ("" for none), and side and cause, that a finding's code tells."""
    if found.code in _OTHER_CODES:
        return _OTHER_CODES[found.code]
    start, _, code = found.code.partition(".")
    name = _NAMES.get(start, start)
    return (name, code) if name in ROWS else ("", code)


def _at(found: Finding, name: str, code: str) -> CauseAt:
    if not name:
        told = _OWN_STORES.search(found.found)
        if told is None:
            return CauseAt("", CausePlace.SETTING, found.code)
        return CauseAt(told[2], _STORES[Side(told[1])])
    row = connection(name)
    side = next((side for side in Side if code.startswith(f"{side.value}-")), None)
    if side is None:
        place = CausePlace.SETTING if code in _SETTINGS else CausePlace.NETWORK
        reached = code != _UNREACHED and code not in {found.value for found in UNREACHED}
        about = f"{name}.{code}" if reached else _UNREACHED
        ends = f"{place_title(row.initiator)} and {place_title(row.responder)}"
        return CauseAt(ends, place, about)
    return _of_certificate(row, side, code)


def _of_certificate(row: Connection, side: Side, code: str) -> CauseAt:
    shows, judges = row.initiator, row.responder
    if side is Side.SERVER:
        shows, judges = judges, shows
    if code == f"{side.value}-{Cause.UNTRUSTED.value}":
        return _of(judges, CausePlace.TRUSTED_CA, f"{place_title(shows)} {side.value}")
    if code == NAME_CODE and judges is Role.EDGE:
        # The name was typed at Edge; which of the two is wrong the files do not tell.
        return _of(judges, CausePlace.SETTING, code)
    if code == f"{side.value}-{Cause.REVOCATION.value}":
        return _of(judges, CausePlace.SETTING, code)
    return _of(shows, _STORES[side])


def _of(place: Place, where: CausePlace, about: str = "") -> CauseAt:
    own = where if isinstance(place, Role) else CausePlace.FAR_END
    return CauseAt(place_title(place), own, about)


def _matching(computed: Iterable[CauseCard], at: CauseAt, name: str, code: str) -> CauseCard | None:
    """Return the computed card of the same cause: the same thing of the same node."""
    same = (c for c in computed if name in (*c.effects, *c.doubtful) and c.code == code)
    here = (c for c in computed if (c.system, c.place) == (at.node, at.place))
    return next(same, next(here, None) if at.place in _STORES.values() else None)


def _weight(draft: _Draft) -> tuple[int, int, int]:
    broken = any(found.severity is Severity.BROKEN for found in draft.findings)
    down = [service for service in SERVICES if set(service.needs) & set(draft.names)]
    return int(not broken), -len(down), -len(draft.names)


def _card(draft: _Draft) -> CauseCard:
    surest = min(draft.findings, key=lambda found: list(Confidence).index(found.confidence))
    evidence = [e for found in draft.findings for e in found.evidence]
    seen = any(e.kind in SEEN for e in evidence)
    down = [service.id for service in SERVICES if set(service.needs) & set(draft.names)]
    effects = (*draft.names, *down)
    computed = draft.card
    if computed is None or not set(draft.names) & set(computed.effects):
        computed = _bare(draft, [e.serial for e in evidence if e.serial][:1])
    facts = tuple(dict.fromkeys(name for found in draft.findings for name in found.facts))
    return replace(
        computed,
        lists=_lists(draft, computed.lists),
        effects=effects,
        doubtful=tuple(name for name in computed.doubtful if name not in effects),
        restores=tuple(name for name in computed.restores if name in effects),
        basis=basis(facts),
        facts=facts,
        evidence=tuple(dict.fromkeys(_best(evidence))),
        seen=seen,
        sure=f"{_SURE[surest.confidence, seen]} ({surest.basis.value})",
        codes=tuple(found.code for found in draft.findings),
    )


def _bare(draft: _Draft, serials: list[str]) -> CauseCard:
    """Return the card of a cause that the rebuilt deployment does not show."""
    first, where = draft.findings[0], where_of(draft.at)
    return CauseCard(
        id=_id(draft.at, first),
        number=0,
        code=first.code.partition(".")[2],
        system=draft.at.node,
        peers=(),
        place=draft.at.place,
        serials=tuple(serials),
        what=_what(draft),
        where=where,
        step=first.todo.replace(f" ({where.partition(': ')[2]})", ""),
        lists=(),
        instead=(first.decide,) if first.decide else (),
        effects=(),
        doubtful=(),
        restores=(),
        behind=(),
        basis=first.basis,
        facts=(),
        evidence=(),
    )


def _best(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return what was seen before what follows, and of each file the first before any second."""
    places: dict[str, int] = {}
    found = []
    for one in evidence:
        places[one.file] = places.get(one.file, 0) + 1
        found.append((one.kind not in SEEN, places[one.file], one))
    return [one for *_order, one in sorted(found, key=lambda row: row[:2])]


def _id(at: CauseAt, first: Finding) -> str:
    """Return a name of words with dots between, as computed causes have one."""
    words = [at.node or first.code, at.place.value, at.about]
    return ".".join("-".join(word.lower().split()) for word in words if word)


def _lists(draft: _Draft, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return where a new CA belongs, the lists of far ends that refuse the certificate, too."""
    rows = map(connection, draft.names)
    far = [row.responder for row in rows if isinstance(row.responder, FarEndKind)]
    return tuple(dict.fromkeys((*known, *map(far_list, far)))) if known else ()


def _what(draft: _Draft) -> str:
    """Return the first finding's first sentence, without the title and serial numbers."""
    first = draft.findings[0]
    if draft.at.about == _UNREACHED and len(draft.names) > 1:
        row = connection(next(iter(draft.names)))
        titles = listed(connection(name).title for name in draft.names)
        return (
            f"{place_title(row.initiator)} does not reach {place_title(row.responder)}: {titles}."
        )
    sentence = first.found.split(". ")[0].removesuffix(".")
    row_ = ROWS.get(_told(first)[0])
    if row_ is not None:
        sentence = sentence.removeprefix(f"{row_.title}: ")
    sentence = _SERIAL.sub("", sentence.split("; ")[0])
    word = sentence.split(" ")[0]
    return f"{sentence if '.' in word else sentence[:1].upper() + sentence[1:]}."
