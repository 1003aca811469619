"""Writes docs/sbom.json (CycloneDX) and docs/licenses.md from the lock and what is installed.

Usage: python tools/supply/bill.py. The same lock gives the same bytes. A package that this system
does not install has its license in `ELSEWHERE`, read on its own page.
"""

import importlib.metadata
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BILL, LICENSES = ROOT / "docs" / "sbom.json", ROOT / "docs" / "licenses.md"
# Fit for a company that uses the kit and passes it on unchanged; EPL and MPL bind changed files.
ALLOWED = frozenset({
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "EPL-2.0", "ISC", "MIT",
    "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
})  # fmt: skip
ELSEWHERE = {"appnope": "BSD-2-Clause", "colorama": "BSD-3-Clause", "pywinpty": "MIT"}
# What older packages say in words, in the order in which they are looked for.
WORDS = (
    (r"EPL-2\.0", "EPL-2.0 OR GPL-2.0-or-later"), (r"MPL|Mozilla Public", "MPL-2.0"),
    (r"Apache", "Apache-2.0"), (r"BSD.?2", "BSD-2-Clause"), (r"BSD.?3", "BSD-3-Clause"),
    (r"ISC", "ISC"), (r"\bMIT\b", "MIT"), (r"PSFL?\b|Python Software Foundation", "PSF-2.0"),
    (r"BSD", "BSD"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Locked:
    """A package of requirements.txt: name, version, marker ("" for all systems), hashes."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def license(self) -> str:
        """Return its license as an SPDX expression, "" when nothing says it."""
        try:
            found = importlib.metadata.metadata(self.name)
        except importlib.metadata.PackageNotFoundError:
            return ELSEWHERE.get(self.name, "")
        said = found.get("License-Expression")
        if said:
            return str(said)
        kinds = [line for line in found.get_all("Classifier", []) if line.startswith("License")]
        # A license that is a whole text says its name in the classifier alone.
        short = [line for line in [str(found.get("License") or "")] if "\n" not in line]
        told = " ".join((*short, *kinds))
        return next((name for pattern, name in WORDS if re.search(pattern, told)), "")


def locked(text: str) -> tuple[Locked, ...]:
    """Return the packages of a list of requirements with hashes, in its order."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        parts = re.match(r"([\w.-]+)==([^\s;]+)(?:\s*;\s*(.*?))?\s+--hash", line)
        if parts:
            hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
            found.append(Locked(parts[1], parts[2], (parts[3] or "").strip(), hashes))
    return tuple(found)


def allowed(expression: str) -> bool:
    """Return whether a license is fit: of alternatives (OR) one, of what is joined (AND) all."""
    bare = expression.replace("(", "").replace(")", "")
    return bool(bare) and any(
        all(part.strip() in ALLOWED for part in one.split(" AND ")) for one in bare.split(" OR ")
    )


def bill(packages: tuple[Locked, ...]) -> str:
    """Return the bill of materials as CycloneDX 1.5: every version and hash of the lock."""
    components = [
        {
            "type": "library",
            "bom-ref": f"{one.name}@{one.version}",
            "name": one.name,
            "version": one.version,
            "purl": f"pkg:{'py' + 'pi'}/{one.name}@{one.version}",
            "licenses": [{"expression": one.license}],
            "hashes": [{"alg": "SHA-256", "content": found} for found in one.hashes],
            **({"properties": [{"name": "marker", "value": one.marker}]} if one.marker else {}),
        }
        for one in packages
    ]
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    version = re.search(r'^version = "(.+)"', project, re.MULTILINE)
    kit = {"type": "application", "name": "ekukit", "version": version[1] if version else "",
           "licenses": [{"expression": "MIT"}]}  # fmt: skip
    data = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": kit}, "components": components,
    }  # fmt: skip
    return json.dumps(data, indent=1) + "\n"


def licenses(packages: tuple[Locked, ...]) -> str:
    """Return the page of licenses: a table of all packages, by license."""
    by_license: dict[str, list[str]] = {}
    for one in packages:
        by_license.setdefault(one.license, []).append(one.name)
    rows = [
        f"| {name} | {', '.join(dict.fromkeys(by_license[name]))} |" for name in sorted(by_license)
    ]
    head = (
        "# Licenses of what the kit installs\n\n"
        "Written by `python tools/supply/bill.py` from the lock and what packages say of "
        "themselves; `docs/sbom.json` has versions and hashes. The kit itself is MIT. A test "
        "holds each against a list of what a company may use: permissive ones, and MPL and "
        "EPL, which bind whoever changes those files. No legal advice.\n\n"
        "| license | packages |\n|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def main() -> int:
    """Write both files; return 1 when a license is missing or not allowed."""
    packages = locked((ROOT / "requirements.txt").read_text("utf-8"))
    unfit = [one.name for one in packages if not allowed(one.license)]
    if unfit:
        print(f"no license that is allowed: {', '.join(unfit)}")
        return 1
    BILL.write_text(bill(packages), "utf-8")
    LICENSES.write_text(licenses(packages), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
