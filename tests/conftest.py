"""Shared by the tests: every notebook executed once, each in a clean kernel of its own."""

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from capture_files import Flights, handshake_of
from hypothesis import settings
from nbclient import NotebookClient
from traitlets.config import Config

from ekukit.connections import Handshake
from ekukit.lab.record import record

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes is the machine's affair; benchmarks measure.
settings.register_profile("kit", deadline=None)
settings.load_profile("kit")
ROOT = Path(__file__).resolve().parent.parent
# For what other versions of packages tell otherwise and nobody who uses the kit meets.
LOCKED = pytest.mark.skipif(
    os.environ.get("EKUKIT_VERSIONS") == "lowest",
    reason="types and licenses are those of the locked versions",
)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
QUIET = Config({"KernelManager": {"transport_encryption": "auto"}})


async def _execute(path: Path, limit: asyncio.Semaphore) -> nbformat.NotebookNode:
    async with limit:
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(
            notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}, config=QUIET
        )
        await client.async_execute()
        return notebook


async def _execute_all() -> dict[str, nbformat.NotebookNode]:
    limit = asyncio.Semaphore((os.cpu_count() or 1) + 1)
    done = await asyncio.gather(*(_execute(path, limit) for path in NOTEBOOKS))
    return {path.stem: notebook for path, notebook in zip(NOTEBOOKS, done, strict=True)}


@pytest.fixture(scope="session")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, nbformat.NotebookNode]:
    """Return every notebook as executed top to bottom; a failing cell fails all its tests.

    Runs in a thread of its own, because the browser tests leave a loop running in this one.
    """
    found: list[dict[str, nbformat.NotebookNode] | BaseException] = []
    folder = tmp_path_factory.mktemp("home")
    os.environ["EKUKIT_PROGRESS"] = str(folder / "progress.json")

    def work() -> None:
        try:
            found.append(asyncio.run(_execute_all()))
        except BaseException as error:  # noqa: BLE001 - raised again below
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


@pytest.fixture(scope="session")
def refused() -> Handshake:
    """Return a zone whose client certificate lacks clientAuth."""
    return handshake_of("C2", "uc-zone")


@pytest.fixture(scope="session")
def zone(refused: Handshake) -> Flights:
    """Return what crossed in the refused zone."""
    return record(refused).flights


@pytest.fixture(scope="session")
def tunnel() -> tuple[Handshake, Flights]:
    """Return an SSH tunnel and what crossed."""
    found = handshake_of("C1", "ssh-tunnel")
    return found, record(found).flights


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Start the browser for one file alone: it leaves no loop behind for others."""
    from browsers import chromium

    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run JupyterLab for one file."""
    from browsers import jupyterlab

    with jupyterlab(tmp_path_factory.mktemp("lab")) as found:
        yield found
