"""docs/stacks.md, written from the published rows."""

from collections.abc import Iterator
from pathlib import Path

from documented import documented

from ekukit.stacks import KNOWN, PublishedStack, published
from ekukit.stacks.kinds import ISSUING_KINDS, LEAF_KINDS, EkuKind

_HEAD = Path(__file__).with_name("page_head.md")


def page() -> str:
    """Return the page as Markdown."""
    stacks = [published(name) for name in KNOWN]
    return _HEAD.read_text(encoding="utf-8") + "\n".join(
        [*_stacks(stacks), *_accepted(stacks), *_sent(stacks), *_words(stacks), *_not_run()]
    )


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def _stacks(stacks: list[PublishedStack]) -> Iterator[str]:
    yield "## Stacks\n"
    yield from _table(
        ["stack", "version", "tried", "facts"],
        [[s.known.title, s.version, s.date, ", ".join(s.known.facts)] for s in stacks],
    )


def _accepted(stacks: list[PublishedStack]) -> Iterator[str]:
    yield "## As server: is the client certificate accepted?\n"
    for issuing in ISSUING_KINDS:
        yield f"Issuing CA: `{issuing}`\n"
        yield from _matrix(stacks, lambda s, leaf, ca=issuing: s.clients[leaf, ca].good)


def _sent(stacks: list[PublishedStack]) -> Iterator[str]:
    yield "## As client: is its own certificate sent when the server asks?\n"
    yield "What the issuing CA has changes nothing here, for any of them.\n"
    yield from _matrix(stacks, lambda s, leaf: all(s.own[leaf, ca].good for ca in ISSUING_KINDS))


def _matrix(stacks: list[PublishedStack], good) -> Iterator[str]:  # noqa: ANN001
    def row(leaf: EkuKind) -> list[str]:
        return [f"`{leaf}`", *("✓" if good(s, leaf) else "✗" for s in stacks)]

    yield from _table(["leaf", *(s.known.title for s in stacks)], [row(k) for k in LEAF_KINDS])


def _not_run() -> Iterator[str]:
    yield "## Not run: what sources say, without a handshake\n"
    rows = [
        [name, str(row["said"]), f"{', '.join(row['facts'])} ({row['status']}); {row['source']}"]
        for name, data in documented().items()
        for row in data["documented"]
    ]
    yield from _table(["who", "said", "facts, source"], rows)


def _words(stacks: list[PublishedStack]) -> Iterator[str]:
    yield "## What is said by a stack that refuses a client certificate\n"
    rows = []
    for stack in stacks:
        told = dict.fromkeys(row.text for row in stack.clients.values() if row.text)
        rows += [[stack.known.title, text] for text in told]
    yield from _table(["stack", "alert and words"], rows)
