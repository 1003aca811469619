"""What is said of stacks that were not run, and of Cisco's far ends: documented, no handshake."""

from ekukit.expressway.farrelease import FAR_RELEASES
from ekukit.facts import basis, fact

Data = dict[str, object]


def _said(name: str) -> Data:
    found = fact(name)
    return {"said": found.claim, "facts": [name], "status": found.status, "source": found.source}


def documented() -> dict[str, Data]:
    """Return by name what is published without handshakes, from the ledger and its tables."""
    cisco = [
        {"said": f"{row.title}: checks clientAuth: {row.checks}", "facts": list(row.facts),
         "status": basis(row.facts), "source": fact(row.facts[0]).source}
        for row in FAR_RELEASES
    ]  # fmt: skip
    return {
        "cisco": _file("cisco", "no Cisco product was at hand",
                       [*cisco, *map(_said, ("F4", "F5", "F6"))]),
        "dotnet": _file("dotnet", "Debian 12 has no package of it", [_said("F2")]),
    }  # fmt: skip


def _file(name: str, why: str, said: list[Data]) -> Data:
    day = max(fact(name).read for row in said for name in row["facts"])  # type: ignore[attr-defined]
    return {
        "stack": name, "version": "not run", "not_run": why, "date": day.isoformat(),
        "rows": [], "documented": said,
    }  # fmt: skip
