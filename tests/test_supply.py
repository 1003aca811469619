"""What the kit is made of: the bill is the lock, each license is fit, builds repeat."""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from conftest import LOCKED, ROOT


@pytest.fixture(scope="module")
def bill() -> ModuleType:
    """Return the script that writes the bill."""
    spec = importlib.util.spec_from_file_location("bill", ROOT / "tools" / "supply" / "bill.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bill"] = module
    spec.loader.exec_module(module)
    return module


def test_the_bill_has_every_version_and_hash_of_the_lock() -> None:
    """Nothing more, nothing less; hashes are counted as they stand in the lock."""
    text = (ROOT / "requirements.txt").read_text("utf-8")
    pins = re.findall(r"^([\w.-]+==[^\s;\\]+)", text, re.MULTILINE)
    data = json.loads((ROOT / "docs" / "sbom.json").read_text("utf-8"))
    assert (data["bomFormat"], data["specVersion"]) == ("CycloneDX", "1.5")
    assert [f"{one['name']}=={one['version']}" for one in data["components"]] == pins
    hashes = [row["content"] for one in data["components"] for row in one["hashes"]]
    assert hashes == re.findall(r"sha256:([0-9a-f]{64})", text)


@LOCKED
def test_bill_and_licenses_are_what_their_command_writes(bill: ModuleType) -> None:
    """The lock as it is; licenses as the packages of this environment tell them."""
    packages = bill.locked((ROOT / "requirements.txt").read_text("utf-8"))
    assert bill.BILL.read_text("utf-8") == bill.bill(packages)
    assert bill.LICENSES.read_text("utf-8") == bill.licenses(packages)


def test_every_license_is_fit_for_a_company(bill: ModuleType) -> None:
    """As it stands in the bill, by the list of the command."""
    data = json.loads((ROOT / "docs" / "sbom.json").read_text("utf-8"))
    known = {one["name"]: one["licenses"][0]["expression"] for one in data["components"]}
    assert len(known) > 100
    assert {name: told for name, told in known.items() if not bill.allowed(told)} == {}


@pytest.mark.parametrize(
    ("expression", "fit"),
    [
        ("MIT", True), ("EPL-2.0 OR GPL-2.0-or-later", True), ("MIT AND GPL-3.0-only", False),
        ("Apache-2.0 AND (MIT OR GPL-2.0-only)", True), ("", False), ("LGPL-3.0", False),
    ],
)  # fmt: skip
def test_a_license_is_fit_by_one_alternative_and_all_that_is_joined(
    expression: str, fit: object, bill: ModuleType
) -> None:
    """GPL alone is not on the list, since who passes the kit on would be bound."""
    assert bill.allowed(expression) is fit


@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="no hatchling here")
def test_wheel_and_source_are_the_same_bytes_twice(tmp_path: Path) -> None:
    """With SOURCE_DATE_EPOCH, by the builder that pyproject.toml names."""
    digests = []
    for number in range(2):
        place = tmp_path / str(number)
        command = [sys.executable, "-m", "hatchling", "build", "-d", str(place)]
        surroundings = os.environ | {"SOURCE_DATE_EPOCH": "1764547200"}
        subprocess.run(command, cwd=ROOT, env=surroundings, check=True, capture_output=True)
        found = {path.name: hashlib.sha256(path.read_bytes()) for path in place.iterdir()}
        digests.append({name: digest.hexdigest() for name, digest in found.items()})
    assert len(digests[0]) == 2
    assert digests[0] == digests[1]
