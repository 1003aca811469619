"""Sample cases: a story, a deployment, what is recorded of it, what must be found; as files."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ekukit.errors import InputError
from ekukit.expressway import Deployment
from ekukit.machine_faults import refused
from ekukit.samples.writer import Recording, write_archive
from ekukit.whole_files import write_file, write_text

# Connections that the samples record unless something else is their story.
USUAL = ("uc-zone", "ssh-tunnel", "cucm-tftp", "mra-client")
_USUALLY = Recording(connections=USUAL)
README = """\
# Sample cases

Synthetic diagnostic archives, made by ekukit from handshakes in its lab. No Expressway took part,
and nothing here comes from a customer. Certificates and packets are real OpenSSL and AsyncSSH;
logs and dumps follow published lines, and a refusal is told in OpenSSL's words, since those of
Expressway are not published. Zone and tunnel states are not in the status dumps for the same
reason. The first line of each log says that it is synthetic. Private keys are in none of them.

Beside each archive stands what must be found in it: `story`, `nodes`, `findings` (codes that must
be found) and `absent` (codes that must not be).

All of them, and this file, are made anew by

    python -m ekukit.samples.sample_cases data/cases

Keys and random values differ each time, what the cases say does not. A new case is a new row in
`ekukit/samples/sample_cases.py`; `ekukit simulate CONDITION --archive FILE` writes one of any
condition.

| Case | Story |
|---|---|
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A row: the case's file name, its story, how it is made, what must and must not be found."""

    name: str
    story: str
    made: Callable[[], Deployment]
    findings: tuple[str, ...]
    absent: tuple[str, ...]
    recording: Recording = _USUALLY

    def archive(self) -> bytes:
        """Return the case's archive, from handshakes made now."""
        return write_archive(self.made(), self.recording)

    def expected(self) -> str:
        """Return the text of the file that stands beside the archive."""
        deployment = self.made()
        nodes = [
            node.fqdn
            for node in (*deployment.core, *deployment.edge)
            if node.role in self.recording.roles
        ]
        lists = {"nodes": nodes, "findings": self.findings, "absent": self.absent}
        lines = [f"story = {json.dumps(self.story)}"]
        lines += [f"{name} = {json.dumps(list(values))}" for name, values in lists.items()]
        return "\n".join([*lines, ""])


def write_samples(samples: Iterable[Sample], folder: Path) -> None:
    """Write every case, what is expected of it, and the README into a folder.

    Raises InputError when the folder cannot be written.
    """
    rows = README
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for found in samples:
            write_file(folder / f"{found.name}.tar.gz", found.archive())
            write_text(folder / f"{found.name}.toml", found.expected())
            rows += f"| `{found.name}` | {found.story} |\n"
        write_text(folder / "README.md", rows)
    except OSError as error:
        raise InputError(refused(folder, error)) from None
