"""Workers of Dask distributed: on this machine, or those of a scheduler that is named."""

import logging
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from ekukit.errors import InputError
from ekukit.fleets.kit_version import kit_version
from ekukit.printable import visible

HOST = "127.0.0.1"
_WAIT = 30  # seconds for the first worker of a scheduler
_SHARE = 0.8  # of the machine's memory, for all workers together
_OWN = {
    # A worker that is lost with a case costs that case: it is tried alone afterwards.
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.work-stealing": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.admin.tick.limit": "1h",
    "distributed.worker.profile.enabled": False,
    # Their HTTP servers cannot be left out; they have no page, and every request is refused.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


@dataclass(frozen=True, slots=True)
class CrewOptions:
    """How many workers on this machine, the most bytes for each, or the scheduler's address."""

    workers: int | None = None
    memory: int | None = None
    scheduler: str = ""


@contextmanager
def crew(options: CrewOptions, beside: Path) -> Iterator[Any]:
    """Yield a client of Dask; the workers of this machine end with the block.

    They listen on 127.0.0.1 alone, by TLS with keys of this run alone, so that nobody else on the
    machine can hand them work; there is no dashboard. What they keep lies in a new folder beside
    `beside`, mode 0700, and goes with them. Raises InputError for a scheduler that does not answer,
    has no worker, or whose workers have another kit.
    """
    # Before its settings are changed: imported within, it would lose its own defaults afterwards.
    import distributed  # noqa: F401
    from dask import config

    if options.scheduler:
        with _client(options.scheduler) as client:
            yield client
        return
    folder = mkdtemp(prefix=".fleet-workers-", dir=beside)
    try:
        with config.set(_OWN), _cluster(options, folder) as cluster, cluster.get_client() as client:
            yield client
    finally:
        rmtree(folder, ignore_errors=True)


def count_of(client: Any) -> int:  # noqa: ANN401 - Dask has no types
    """Return how many cases the workers read at a time."""
    return sum(client.nthreads().values())


@contextmanager
def _cluster(options: CrewOptions, folder: str) -> Iterator[Any]:
    import psutil
    from distributed import LocalCluster, Security

    count = options.workers or os.cpu_count() or 1
    memory = options.memory or int(psutil.virtual_memory().total * _SHARE / count)
    quiet = logging.getLogger("distributed")
    before = quiet.level

    def start() -> Any:  # noqa: ANN401 - Dask has no types
        try:
            return LocalCluster(
                n_workers=count, threads_per_worker=1, processes=True, host=HOST,
                dashboard_address=None, security=Security.temporary(), local_directory=folder,
                scheduler_kwargs={"dashboard": False, "dashboard_address": f"{HOST}:0"},
                memory_limit=memory, silence_logs=logging.CRITICAL,
            )  # fmt: skip
        except (RuntimeError, OSError) as error:
            raise InputError(_not_started(error)) from None

    with _apart(start) as cluster:
        quiet.setLevel(logging.CRITICAL)
        try:
            yield cluster
        finally:
            quiet.setLevel(before)


def _not_started(error: Exception) -> str:
    """Return in words why there are no workers; their TLS keeps to this machine's policy."""
    told = visible(str(error)).rstrip(" :") or type(error).__name__
    policy = os.environ.get("OPENSSL_CONF")
    todo = (
        f"try it without this machine's policy for OpenSSL, {visible(policy)}: "
        f"OPENSSL_CONF={os.devnull} ekukit fleet …"
        if policy
        else "end other programs, or ask for fewer with --workers 1"
    )
    return f"the workers do not start ({told}); {todo}"


@contextmanager
def _apart(start: Callable[[], Any]) -> Iterator[Any]:
    """Yield what `start` gives; it is started and ended in a thread of its own.

    So a signal, which breaks off the main thread alone, leaves no cluster half-started or
    half-ended, and no worker that writes into a folder which is gone already.
    """
    with ThreadPoolExecutor(1, initializer=_deaf) as thread, ExitStack() as begun:
        made = thread.submit(lambda: begun.enter_context(start()))
        try:
            yield made.result()
        finally:
            wait([made])
            thread.submit(begun.close).result()


def _deaf() -> None:
    """Keep Ctrl-C, which a terminal sends to workers as well, from what this thread starts."""
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing.resource_tracker import ensure_running

        ensure_running()  # or it is with the first worker, and hears Ctrl-C again afterwards
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


@contextmanager
def _client(address: str) -> Iterator[Any]:
    from distributed import Client

    shown = visible(address)
    try:
        client = Client(address, timeout=_WAIT)
    except Exception as error:  # noqa: BLE001 - an address leads to anything
        msg = (
            f"--scheduler {shown}: no scheduler answers ({type(error).__name__}); start one with: "
            "dask scheduler --host 127.0.0.1"
        )
        raise InputError(msg) from None
    try:
        with suppress(TimeoutError):
            client.wait_for_workers(1, timeout=_WAIT)
        _refuse_other_kits(client, shown)
        yield client
    finally:
        client.close()


def _refuse_other_kits(client: Any, shown: str) -> None:  # noqa: ANN401 - Dask has no types
    try:
        found = client.run(kit_version)
    except Exception as error:  # noqa: BLE001 - a worker without the kit raises what it likes
        why = type(error).__name__
        msg = f"--scheduler {shown}: its workers lack this kit ({why}); install it there"
        raise InputError(msg) from None
    if not found:
        msg = f"--scheduler {shown}: it has no worker; start some with: dask worker {shown}"
        raise InputError(msg)
    others = sorted(set(found.values()) - {kit_version()})
    if others:
        msg = f"--scheduler {shown}: workers with kit {visible(others[0])}, here is {kit_version()}"
        raise InputError(msg)
