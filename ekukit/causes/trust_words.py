"""What is said where a list of trusted CAs ends no path: which CA is missing, where it belongs."""

from collections.abc import Iterable

from ekukit.causes.mending import system_at
from ekukit.causes.part import top_of
from ekukit.causes.root_cause import Fault, RootCause
from ekukit.causes.system_words import list_words, listed, node_words
from ekukit.connections.path_ends import PathEnd, path_end
from ekukit.connections.reasons import is_listed
from ekukit.expressway import Deployment, FarEnd

# A card says what is wrong in one sentence that is read at a glance.
_MOST_WORDS = 25
_REISSUE = (
    "Re-issue that certificate: its authority key identifier or another extension does not fit its "
    "CA."
)
_ENDS = "{List} has {ca} as {issuer} signed it, and not {issuer}: there the path of {whose} ends."
_UNSEEN = "{issuer}, a CA above {whose}, is in none of the files, so the path ends below it."


def trust_words(deployment: Deployment, cause: RootCause) -> tuple[str, str]:
    """Return what a list lacks, in a sentence and as a step."""
    part = cause.parts[0]
    judge, shown = system_at(deployment, part.address), cause.faults[0].shows.certificate
    trusted = judge.trusts if isinstance(judge, FarEnd) else judge.trusted
    end = path_end(shown, trusted)
    if end is not None:
        return _end_words(deployment, cause, end)
    top = part.ca in {top_of((ca,)) for ca in trusted}
    names = [ca.name for ca in (shown.chain if shown else ())]
    lacks = names[0] if top else (names[-1] if names else "the CA")
    does = "do" if isinstance(judge, FarEnd) and len(cause.parts) > 1 else "does"
    verb, role = ("have", "issuing CA") if top and len(names) > 1 else ("trust", "CA")
    what = _short_enough(
        f"{who} {does} not {verb} {lacks}, the {role} of {whose}."
        for who, whose in (
            (node_words(deployment, cause.parts), all_of(cause.faults)),
            (node_words(deployment, cause.parts), all_of(cause.faults, stores=False)),
            (node_words(deployment, cause.parts, most=2), all_of(cause.faults, stores=False)),
            (node_words(deployment, cause.parts, most=1), "what they are shown"),
        )
    )
    if is_listed(cause.faults[0].shake, cause.faults[0].verdict):
        who, whose = (
            node_words(deployment, cause.parts, most=2),
            all_of(cause.faults, stores=False),
        )
        what = f"{who} {does} not take {names[0]} as the issuer of {whose}, though it is listed."
        return what, _REISSUE
    together = " and ".join(dict.fromkeys((*names[-1:], *names[:1])))
    whose = all_of(cause.faults, stores=False)
    if not top and lacks in {ca.name for ca in trusted}:
        # Who looks finds the name in the list and would think that nothing is missing.
        trusts = f"{node_words(deployment, cause.parts, most=2)} trust{'s' * (does == 'does')}"
        what = f"{trusts} a {lacks} with another key than the one above {whose}."
        together = f"the {lacks} above {whose}, of the same name but with the other key,"
    lists = dict.fromkeys(list_words(system_at(deployment, part.address)) for part in cause.parts)
    return what, f"Put {together or 'its CAs'} into {listed(lists)}."


def _end_words(deployment: Deployment, cause: RootCause, end: PathEnd) -> tuple[str, str]:
    """Return what is said of a path that ends for want of one certificate."""
    lists = dict.fromkeys(list_words(system_at(deployment, part.address)) for part in cause.parts)
    list_ = next(iter(lists))
    template = _ENDS if end.ca else _UNSEEN
    what = _short_enough(
        template.format(
            List=list_[0].upper() + list_[1:], ca=end.ca, issuer=end.issuer, whose=whose
        )
        for whose in (all_of(cause.faults), all_of(cause.faults, stores=False))
    )
    return what, end.todo.format(list=listed(lists))


def all_of(faults: Iterable[Fault], *, stores: bool = True) -> str:
    """Return whose certificates are refused, by node; with `stores` from which of its stores."""
    held: dict[str, dict[str, None]] = {}
    for fault in faults:
        end = fault.shows
        kinds = held.setdefault(end.node, {})
        kinds[end.store.value if end.store else ""] = None
    told = [
        f"{node}'s {' and '.join(filter(None, kinds)) if stores else ''}".strip()
        for node, kinds in held.items()
    ]
    one = len(held) == 1 and len(next(iter(held.values()))) == 1
    return f"{listed(told)} certificate{'' if one else 's'}"


def _short_enough(sentences: Iterable[str]) -> str:
    """Return the first sentence that a card has room for, else the last."""
    found = list(sentences)
    return next((said for said in found if len(said.split()) <= _MOST_WORDS), found[-1])
