"""Files in which somebody kept what a test tool printed."""

from dataclasses import replace

from ekukit.archive.member import MemberKind
from ekukit.log.tool_output import ToolOutput, ToolSays, tool_output
from ekukit.plaintext import decoded, plain_text

# Certificates may stand between a tool's lines.
_KINDS = (MemberKind.OTHER, MemberKind.CERTIFICATES)
_LONGEST = 1 << 20


def output_in(kind: MemberKind, data: bytes, file: str) -> tuple[ToolOutput, ...]:
    """Return what a test tool says in a file that has no name of the product's, if one does.

    A file of more than 1 MiB is none.
    """
    if kind not in _KINDS or len(data) > _LONGEST:
        return ()
    output = tool_output(decoded(plain_text(data)), file)
    if kind is MemberKind.CERTIFICATES:  # what is printed in words stands there itself
        told = [one for one in output.results if one.says is not ToolSays.PRINTED]
        output = replace(output, results=tuple(told))
    return (output,) if output.results else ()
