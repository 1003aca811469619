"""The XML form of the dumps, read into the same paths as the text form."""

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_DEEPEST = 64
_LONGEST_NAME = 200
# Parts of a deployment that the text form numbers even where there is one of them (inferred).
_NUMBERED = frozenset(("account", "address", "domain", "peer", "rule", "server", "zone"))


def is_xml(data: bytes) -> bool:
    """Return whether bytes look like XML rather than a text dump."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"<", b"\xff\xfe<\0", b"\xfe\xff\0<"))


def xml_values(
    data: bytes, root: str, problems: list[str]
) -> Iterator[tuple[str, str, int | None]]:
    """Yield path and value of every element without children; entities are refused.

    Elements carry item numbers, most of them 1. They are part of the path where the text form
    has them: for one of several, for any but 1, and for things that come in numbers (inferred).
    """
    try:
        top = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        told = " ".join(str(error).split()) or type(error).__name__
        problems.append(f"XML that cannot be read: {told}")
        return
    first = () if _name(top) == root else (_name(top),)
    waiting: list[tuple[Element, tuple[str, ...]]] = [(top, first)]
    too_deep = 0
    while waiting:
        element, path = waiting.pop()
        children = list(element)
        if not children:
            if path:
                yield " ".join(path), (element.text or "").strip(), None
            continue
        if len(path) > _DEEPEST:
            too_deep += 1
            continue
        inside = Counter(map(_name, children))
        waiting += [
            (child, (*path, *_step(child, path, inside[_name(child)] > 1)))
            for child in reversed(children)
        ]
    if too_deep:
        problems.append(f"{too_deep} elements nested more than {_DEEPEST} deep were not read")


def _name(element: Element) -> str:
    tag = element.tag if isinstance(element.tag, str) else "?"
    return tag.rpartition("}")[2][:_LONGEST_NAME]


def _step(element: Element, above: tuple[str, ...], several: bool) -> tuple[str, ...]:  # noqa: FBT001
    name, item = _name(element), element.get("item", "")[:10]
    holder = above[-1].lower() if above else ""
    numbered = several or item != "1" or name.lower() in _NUMBERED or holder == name.lower() + "s"
    has_children = len(element) > 0
    return (
        (name, item) if item and numbered and (has_children or several or item != "1") else (name,)
    )
