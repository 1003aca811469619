"""Files in which somebody kept what a test tool printed."""

from dataclasses import replace

from ekukit.archive.member import Member, MemberKind
from ekukit.log.tool_output import ToolOutput, ToolSays, tool_output
from ekukit.plaintext import decoded, plain_text

# Certificates may stand between a tool's lines, lines of a log beside them.
_KINDS = (MemberKind.OTHER, MemberKind.CERTIFICATES, MemberKind.LOG)
_LONGEST = 1 << 20


def output_in(given: Member, data: bytes) -> tuple[ToolOutput, ...]:
    """Return what a test tool says in a file that has no name of the product's, if one does.

    A file of more than 1 MiB is none.
    """
    if given.kind not in _KINDS or given.host or len(data) > _LONGEST:
        return ()
    output = tool_output(decoded(plain_text(data)), given.file)
    if given.kind is MemberKind.CERTIFICATES:  # what is printed in words stands there itself
        told = [one for one in output.results if one.says is not ToolSays.PRINTED]
        output = replace(output, results=tuple(told))
    return (output,) if output.results else ()
