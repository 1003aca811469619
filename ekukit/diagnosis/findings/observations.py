"""What logs, captures and pasted pages show to fail, as findings."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from ekukit.connections import Cause, Side, State
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.inventory import Held
from ekukit.diagnosis.evidence.refusal_sentences import (
    cause_todo,
    todo_of,
    told_of,
    words_of,
)
from ekukit.diagnosis.evidence.seen import Seen, is_stranger, named_pair, pair_of
from ekukit.diagnosis.evidence.tries import Try, doubt
from ekukit.diagnosis.evidence.zones import configured
from ekukit.diagnosis.findings.codes import connection_code
from ekukit.diagnosis.findings.directories import add_directory
from ekukit.diagnosis.findings.failures import (
    add_denied,
    add_failure,
    add_rows,
    add_unreached,
    of_stranger,
    text_of,
)
from ekukit.diagnosis.findings.finding import HEALED, SHOWN_UP, Confidence, Draft
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.refused_cause import qualified, refused_cause
from ekukit.diagnosis.findings.unknown_lines import add_unknown
from ekukit.log.troubles import Trouble, trouble_code
from ekukit.log.words import Fate

_LOOK = "The capture of that moment, or the log of the node that refused"
_ASK_WHO = "Find out whether anybody misses a call or a login; if not, nothing; if so: {todo}"
# Published lines have a blank in it.
_ADDRESS = re.compile(r"[\d.]+[\d. ]*|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+")
_CALL_BY_NAME = (
    "Enter a name that stands in the certificate as the peer address, in place of the address "
    "(Configuration > Zones > Zones)."
)
_MOST_LISTED = 12
# So many tries of one kind are told one by one.
_MOST_ALIKE = 100


def add_observations(gathered: Gathered, seen: Seen) -> None:
    """Add what was seen to fail; where it was foreseen, as evidence of what was foreseen."""
    worked = _last_success(seen)
    often: Counter[str] = Counter()
    kinds: dict[str, str] = {}
    told: dict[tuple[str, str, str], set[str]] = {}
    up = _shown_up(seen)
    # What names no cause comes last, since it may be another view of what does.
    for found in sorted(seen.tries, key=lambda one: _order(seen, one, worked)):
        if found.directory:
            add_directory(gathered, found)
            continue
        name = seen.name(found)
        alike = f"{name} {found.fate} {found.cause} {found.trouble} {found.side}"
        often[alike] += 1
        if often[alike] > _MOST_ALIKE:
            continue  # the first of a kind name as many ends as can be read
        between = told.setdefault((name, *named_pair(found)), set())
        healed = HEALED if _is_healed(found, worked, name) else SHOWN_UP if name in up else ""
        if found.fate is Fate.REFUSED:
            kinds[alike] = _add_refusal(gathered, seen, found, between, healed=healed)
            between.add(kinds[alike])
        elif found.fate is Fate.FAILED:
            kinds[alike] = add_failure(gathered, seen, found, between, healed=healed)
            between.add(kinds[alike])
        elif found.fate is Fate.UNREACHED:
            add_unreached(gathered, seen, found, healed=healed)
        elif found.fate is Fate.DENIED and name == "ssh-tunnel":
            add_denied(gathered, seen, found.evidence, found, denied=True)
    for alike, code in kinds.items():
        if often[alike] > _MOST_ALIKE:
            gathered.say(code, f"Seen {often[alike]} times in all.")
    add_rows(gathered, seen)
    add_unknown(gathered, seen)


def _order(
    seen: Seen, found: Try, worked: Mapping[tuple[str, str, str], datetime]
) -> tuple[int, bool, bool]:
    """Return a rank: words that name a cause first, then ends that are known, then what lasted."""
    name = seen.name(found)
    rest = is_stranger(name, found, seen.known), _is_healed(found, worked, name)
    if found.cause is not Cause.OTHER:
        return 0, *rest
    vague = found.trouble is None or (found.row is not None and found.row.vague)
    return (2 if vague else 1), *rest


def _last_success(seen: Seen) -> dict[tuple[str, str, str], datetime]:
    found: dict[tuple[str, str, str], datetime] = {}
    for one in seen.tries:
        if one.fate is Fate.WORKED and one.time is not None:
            key = (seen.name(one), *pair_of(one))
            found[key] = max(found.get(key, one.time), one.time)
    return found


def _shown_up(seen: Seen) -> frozenset[str]:
    """Return the connections of which every row of a page says Active."""
    failed = {row.connection for row in seen.rows if row.state is not State.ACTIVE}
    return frozenset(row.connection for row in seen.rows) - failed


def _is_healed(found: Try, worked: Mapping[tuple[str, str, str], datetime], name: str) -> bool:
    """Return whether the same two ends connected later."""
    later = worked.get((name, *pair_of(found)))
    return later is not None and found.time is not None and later > found.time


def _add_refusal(
    gathered: Gathered, seen: Seen, found: Try, between: set[str], *, healed: str
) -> str:
    """Add a refusal and return its code; `between` are the codes of the same two ends."""
    name = seen.name(found)
    near = words_of(found, None, name)["near"]
    settings = configured(found, name, seen.zones, near)
    why = refused_cause(seen, found, name, settings.name)
    cause, held = why.cause, why.held
    code, confidence = _code(seen, name, cause, found, between)
    # Without a connection the code is everybody's: only the same two ends show the same again.
    told = gathered.has(code) if name else code in between
    if cause is Cause.OTHER and told and _names_cause(code):
        gathered.add_evidence(code, found.evidence)  # another view of what is told already
        return code
    words = words_of(found, held, name)
    words["name"] = settings.name or "that is expected"
    shown = [one.evidence for one in (held, why.stored) if one is not None]
    shown += _trust_list(seen, found, words["judge"]) if cause is Cause.UNTRUSTED else []
    text = text_of(name, _told(found, cause, held, settings.name), found)
    text += doubt(found, seen.known)
    draft = Draft(
        code,
        f"{text} {settings.text}" if settings.text else text,
        [*found.evidence, *shown, *settings.evidence],
        confidence=confidence,
        words=words,
        facts=found.row.facts if found.row is not None else (),
        decide=_LOOK if cause is Cause.OTHER else "",
        todo=(todo_of(found, held) if cause is found.cause else "")
        or _by_address(cause, found.side, settings.name)
        or ("" if name else cause_todo(cause, found.side, words)),
    )
    draft = qualified(draft, found, why, healed=healed)
    if is_stranger(name, found, seen.known):
        todo = draft.todo or gathered.todo(code, words)
        todo = _ASK_WHO.format(todo=f"{todo[:1].lower()}{todo[1:]}")
        draft = of_stranger(draft, found, todo)
    gathered.add(draft)
    return code


def _by_address(cause: Cause, side: Side | None, name: str) -> str:
    """Return what is to be done where a server was called by its address, "" elsewhere."""
    called = cause is Cause.NAME and side is Side.SERVER and _ADDRESS.fullmatch(name.strip())
    return _CALL_BY_NAME if called else ""


def _told(found: Try, cause: Cause, held: Held | None, expected: str) -> str:
    """Return what was refused, with the words that were read where they name no cause."""
    told = told_of(found, cause, held, expected)
    own_words = found.row is not None and found.row.said
    if found.words and cause is Cause.OTHER and not own_words:
        return f'{told} ("{found.words[:200]}")'
    return told


def _names_cause(code: str) -> bool:
    """Return whether a code of a connection says why, and not only that something was refused."""
    return not code.endswith((f"-{Trouble.REFUSED.value}", f".{Cause.OTHER.value}"))


def _code(
    seen: Seen, name: str, cause: Cause, found: Try, between: set[str]
) -> tuple[str, Confidence]:
    """Return the code and how sure it is: what was seen and foreseen alike is certain."""
    side = found.side
    named = cause is not Cause.OTHER
    if not name:
        plain = not named and found.trouble is not Trouble.REFUSED
        return ("log.unknown-reason" if plain else "log.refused"), Confidence.POSSIBLE
    code = connection_code(name, cause, side) if named else ""
    foreseen = seen.foreseen.get(name, frozenset())
    if code in foreseen:
        return code, Confidence.CERTAIN
    told = [*sorted(foreseen), *sorted(between)]
    fitting = [one for one in told if side is None or f".{side.value}-" in one]
    if cause in (Cause.OTHER, Cause.EKU, Cause.CA_EKU):
        for one in fitting:
            if not named or one.endswith(("eku", "eku-missing")):
                return one, Confidence.LIKELY
    if not named and side is not None and found.trouble is Trouble.REFUSED:
        return trouble_code(name, Trouble.REFUSED, side.value), Confidence.LIKELY
    if not code:
        return connection_code(name, Cause.OTHER, None), Confidence.POSSIBLE
    by_log = found.evidence[0].kind is not EvidenceKind.PACKET
    return code, Confidence.CERTAIN if by_log else Confidence.LIKELY


def _trust_list(seen: Seen, found: Try, judge: str) -> list[Evidence]:
    """Return the trusted CA list of the node that found no path, as one piece of evidence."""
    end = found.server if found.side is Side.CLIENT else found.client
    listed = seen.inventory.listed.get(end.host or "", ())
    if not listed:
        return []
    first = listed[0][1]
    names = [evidence.text for _, evidence in listed[:_MOST_LISTED]]
    more = len(listed) - len(names)
    names += [f"and {more} more"] if more else []
    text = f"the trusted CA list of {judge} holds {len(listed)}: {'; '.join(names)}"
    return [Evidence(EvidenceKind.CERTIFICATE, first.file, text, line=first.line, store="ca")]
