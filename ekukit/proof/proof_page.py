"""docs/proof.md: what the proof came to, in counts, with the reason of every difference."""

from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from ekukit.errors import InputError
from ekukit.proof.cases import DIGESTS, RSA, TWO_ISSUING, TWO_LEAVES, PathFault, fault_pairs
from ekukit.proof.proving import Proof
from ekukit.stacks.kinds import ISSUING_KINDS, LEAF_KINDS
from ekukit.whole_files import write_text


def proof_page(found: Proof) -> str:
    """Return the page as Markdown."""
    head = (files("ekukit.proof") / "proof_page.md").read_text(encoding="utf-8")
    told = head.format(
        leaves=", ".join(LEAF_KINDS),
        issuing=", ".join(ISSUING_KINDS),
        faults=", ".join(PathFault),
        two=" or ".join(TWO_LEAVES),
        above=" or ".join(TWO_ISSUING),
        pairs=sum(1 for _pair in fault_pairs()),
        digests=", ".join(DIGESTS),
        rsa=RSA,
    )
    return "\n".join([told, *_counts(found), *_reasons(found)]) + "\n"


def write_page(found: Proof, path: Path) -> None:
    """Write the page; what other commands wrote below a heading of second rank is left there.

    Raises InputError when a judge could not be asked, whose counts would be lost, and when the
    file cannot be written.
    """
    if found.absent:
        why = "; ".join(dict.fromkeys(found.absent.values()))
        msg = f"{path} stays as it is: {', '.join(found.absent)} could not be asked ({why})"
        raise InputError(msg)
    held = path.read_text(encoding="utf-8") if path.exists() else ""
    _own, heading, others = held.partition("\n## ")
    write_text(path, proof_page(found) + heading + others)


def _counts(found: Proof) -> Iterator[str]:
    yield "| judge, against the rules | cases | differ, explained | differ, unexplained |"
    yield "|---|---|---|---|"
    for name, *counts in found.counts():
        yield f"| {name} | " + " | ".join(f"{count:,}" for count in counts) + " |"
    yield ""


def _reasons(found: Proof) -> Iterator[str]:
    yield "| judge | what it does | cases | facts |"
    yield "|---|---|---|---|"
    known = Counter((one.judge, one.known) for one in found.differences if one.known)
    for (name, row), count in known.items():
        yield f"| {name} | {row.why} | {count} | {', '.join(row.facts)} |"
