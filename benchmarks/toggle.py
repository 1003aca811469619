"""From a toggle to the new tables, in one process: how often the 100 ms are kept.

Run with `uv run python benchmarks/toggle.py`. Prints milliseconds and the ratio to a bare
handshake in the same run; nothing is asserted, since machines differ.
"""

import statistics
import time
from collections.abc import Callable

from ekukit.certificates import EkuProfile
from ekukit.connections import connection, handshakes
from ekukit.expressway import Mode, build, condition
from ekukit.lab.bench import perform
from ekukit.lab.tls import run_tls
from ekukit.views import Explorer


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def report(name: str, times: list[float], unit: float) -> None:
    """Print median and 95th percentile, and the median as a multiple of one bare handshake."""
    late = statistics.quantiles(times, n=20)[-1]
    middle = statistics.median(times)
    print(f"{name:34} median {middle:6.1f} ms   p95 {late:6.1f} ms   {middle / unit:5.1f} x bare")


def main() -> None:
    """Toggle the mode 200 times cached, 60 times by fresh handshakes, then new certificates."""
    zone = handshakes(build(condition("C3")), connection("uc-zone"))[0]
    unit = statistics.median(milliseconds(lambda: run_tls(zone)) for _turn in range(30))
    print(f"a bare TLS handshake: {unit:.1f} ms")
    for everything in (False, True):
        explorer = Explorer("C2", everything=everything)
        mode, eku = explorer.controls.edge_checking, explorer.controls.stores["core_client"].eku
        what = "30" if everything else "11, 12"

        def toggle(mode: object = mode) -> None:
            mode.value = Mode.OFF if mode.value is Mode.ON else Mode.ON  # type: ignore[attr-defined]

        toggle()
        toggle()
        report(f"{what}: mode, cached", [milliseconds(toggle) for _turn in range(200)], unit)

        def fresh() -> None:
            perform.cache_clear()
            toggle()

        report(f"{what}: mode, real handshakes", [milliseconds(fresh) for _turn in range(60)], unit)

        def choose(value: EkuProfile, eku: object = eku) -> None:
            eku.value = value  # type: ignore[attr-defined]

        times = [milliseconds(lambda v=v: choose(v)) for v in EkuProfile]
        report(f"{what}: a certificate never seen", times, unit)


if __name__ == "__main__":
    main()
