"""The list of verbs: the shell's commands, and which of them Python has under the same name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its name, what it does, and whether `ekukit.NAME` does the same from Python."""

    name: str
    does: str
    in_python: bool = False


# `lab`, `facts` and `doctor` are rooms of the package, too, so that Python has no such verbs.
VERBS = {
    verb.name: verb
    for verb in (
        Verb("lab", "open the notebooks in JupyterLab"),
        Verb("present", "open the workshop for a room in the browser"),
        Verb("simulate", "make the handshakes of a condition", in_python=True),
        Verb("check", "judge certificate files before they are uploaded", in_python=True),
        Verb("inspect", "say what is wrong in a diagnostic archive", in_python=True),
        Verb("issue", "write a CA and certificates to a folder", in_python=True),
        Verb("handout", "write a lesson as one HTML file, without code"),
        Verb("bundle", "make a folder that installs without network"),
        Verb("facts", "list facts whose source was read long ago"),
        Verb("doctor", "say what is missing and how to mend it"),
    )
}
