"""Feeds a reader with mutations: by atheris where it is installed, else by chance alone.

A target is a function from bytes that must return, or raise InputError, whatever the bytes are.
Usage of each script: python fuzz/log.py [seconds]; 60 without an argument.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence

from ekukit.errors import InputError

Target = Callable[[bytes], object]
MOST = 1 << 16


def mutated(chance: random.Random, samples: Sequence[bytes]) -> bytes:
    """Return a sample with bytes changed, parts left out, doubled or taken from another."""
    data = bytearray(chance.choice(samples))
    for _ in range(chance.choice((0, 1, 1, 2, 4, 16))):
        start = chance.randrange(len(data) + 1)
        size = chance.choice((1, 1, 2, 4, 16, 64, 512))
        other = chance.choice(samples)
        place = chance.randrange(len(other) + 1)
        data[start : start + chance.choice((0, size))] = chance.choice(
            (
                b"",
                chance.randbytes(size),
                bytes([chance.choice((0, 1, 0x7F, 0x80, 0xFF))]) * size,
                bytes(data[start : start + size]) * 2,
                other[place : place + size],
            )
        )
        del data[MOST:]
    return bytes(data)


def tried(target: Target, data: bytes) -> None:
    """Run the target; an InputError is an answer like any other."""
    try:
        target(data)
    except InputError:
        return


def rounds(target: Target, samples: Sequence[bytes], count: int, seed: int = 1) -> None:
    """Run the target on so many mutations, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    for _ in range(count):
        tried(target, mutated(chance, samples))


def main(target: Target, samples: Sequence[bytes]) -> None:
    """Fuzz for some seconds; the input that raised is written to crash.bin."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    try:
        import atheris
    except ImportError:
        _by_chance(target, samples, seconds)
        return
    command = [sys.argv[0], f"-max_total_time={int(seconds)}", f"-max_len={MOST}"]
    atheris.Setup(command, lambda data: tried(target, data))
    atheris.Fuzz()


def _by_chance(target: Target, samples: Sequence[bytes], seconds: float) -> None:
    seed = time.time_ns()
    chance, count, end = random.Random(seed), 0, time.monotonic() + seconds  # noqa: S311
    while time.monotonic() < end:
        data = mutated(chance, samples)
        try:
            tried(target, data)
        except Exception:
            with open("crash.bin", "wb") as out:  # noqa: PTH123
                out.write(data)
            print(f"seed {seed}, input {count}: raised; the input is in crash.bin")
            raise
        count += 1
    print(f"{count} inputs in {seconds:.0f} seconds, none raised; seed {seed}")
