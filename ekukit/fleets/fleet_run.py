"""A run over a fleet: a few batches on their way at a time, each kept as soon as it is read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ekukit.errors import InputError
from ekukit.fleets.case_batches import Batch, batches, read_batch
from ekukit.fleets.case_reading import ReadCase, ReadingOptions, lost_case
from ekukit.fleets.dask_workers import CrewOptions, count_of, crew
from ekukit.fleets.done_cases import DoneCases
from ekukit.fleets.fleet_files import FleetFiles, write_tables
from ekukit.fleets.fleet_notes import NamelessNote
from ekukit.fleets.together import CaseFiles
from ekukit.machine_faults import refused
from ekukit.whole_files import sole_writer

# Batches on their way for each worker: one in work, one waiting, so that none stands idle.
_AHEAD = 2
Told = Callable[[int, int], None]


@dataclass(slots=True)
class FleetRun:
    """A run: what is read into which files; `told` is called with cases done and in all.

    `same` counts the cases that were done before, `lost` those with which a worker was lost twice.
    """

    works: tuple[CaseFiles, ...]
    files: FleetFiles
    options: ReadingOptions = field(default_factory=ReadingOptions)
    told: Told | None = None
    same: int = 0
    lost: list[ReadCase] = field(default_factory=list)
    _count: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what is to be told of the run in sentences."""
        counts = {
            "Done before, and not judged again": self.same,
            "Not to be had, and tried again by the next run": len(self.lost),
        }
        return tuple(NamelessNote(f"{what}: {count:,}.") for what, count in counts.items() if count)

    def go(self, by: CrewOptions) -> None:
        """Read every case, each done as it ends, and write the tables.

        Cases with which their worker was lost are read again, those of a batch each as a task of
        its own, and what is lost then is tried once more, alone, when all others are read; then it
        is a row with an error, which the next run tries again. The tables do not depend on workers,
        batches, order or restarts. Memory does not grow with the number of cases but for where
        each lies. Raises InputError for workers that cannot be had, for files that cannot be
        written, and while another run writes them.
        """
        folder = self.files.rows.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(refused(folder, error)) from None
        with sole_writer(self.files.done):
            self._go_alone(by, folder)

    def _go_alone(self, by: CrewOptions, folder: Path) -> None:
        done = DoneCases(self.files.done, self.options)
        with crew(by, folder) as client:
            workers = count_of(client)
            lost = list(self._pass(client, done, batches(self.works, workers), _AHEAD * workers))
            mates = [(work,) for batch in lost if len(batch) > 1 for work in batch]
            again = self._pass(client, done, mates, workers, tries=2)
            suspects = [(work, 2) for batch in lost if len(batch) == 1 for work in batch]
            suspects += [(work, 3) for (work,) in again]
            # One at a time, so that nobody is blamed for another's death.
            for work, tries in suspects:
                for (twice,) in self._pass(client, done, [(work,)], 1, tries=tries):
                    self.lost.append(lost_case(twice, tries))
                    self._step()
        write_tables(self.files, self._found(done), self.options)

    def _pass(
        self,
        client: Any,  # noqa: ANN401 - Dask has no types
        done: DoneCases,
        works: Iterable[Batch],
        ahead: int,
        *,
        tries: int = 1,
    ) -> Iterator[Batch]:
        """Read batches, at most `ahead` on their way; yield those that lost their worker."""
        from distributed import KilledWorker, as_completed
        from distributed.client import FutureCancelledError

        waiting, on_way, coming = iter(works), {}, as_completed()

        def send() -> None:
            batch = next(waiting, None)
            if batch is not None:
                future = self._handed(client, done, batch)
                on_way[future.key] = batch
                coming.add(future)

        for _ in range(ahead):
            send()
        for future in coming:
            batch = on_way.pop(future.key)
            try:
                read: list[ReadCase] = future.result()
            except KilledWorker:
                yield batch
            except (FutureCancelledError, OSError) as error:
                raise _gone(error) from None
            else:
                for work, found in zip(batch, read, strict=True):
                    found.run.setdefault("tries", tries)
                    self._keep(done, work, found)
            future.release()
            send()

    def _handed(self, client: Any, done: DoneCases, batch: Batch) -> Any:  # noqa: ANN401 - as above
        expected = [done.expected(work) for work in batch]
        return client.submit(read_batch, batch, self.options, expected, pure=False, key=_key())

    def _keep(self, done: DoneCases, work: CaseFiles, found: ReadCase) -> None:
        self.same += found.same
        if found.digest or found.same:
            done.add(work, found)
        else:
            self.lost.append(found)
        self._step()

    def _step(self) -> None:
        self._count += 1
        if self.told is not None:
            self.told(self._count, len(self.works))

    def _found(self, done: DoneCases) -> Iterator[ReadCase]:
        """Yield all cases in their order: what is kept, and what could not be got this time."""
        again = {found.case: found for found in self.lost}
        for work in self.works:
            if work.case in again:
                yield again[work.case]
            else:
                yield from done.read([work])


def _gone(error: BaseException) -> InputError:
    why = type(error).__name__
    return InputError(f"the scheduler is gone ({why}); what is done is kept: run it again")


def _key() -> str:
    from uuid import uuid4

    # Names of customers stand in no log of a scheduler.
    return f"cases-{uuid4().hex}"
