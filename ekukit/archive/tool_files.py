"""Files in which somebody kept what a test tool printed."""

from dataclasses import replace

from ekukit.archive.member import Member, MemberKind, is_loose
from ekukit.log.tool_output import ToolOutput, ToolSays, tool_output
from ekukit.plaintext import decoded, plain_text


def output_in(given: Member, data: bytes) -> tuple[ToolOutput, ...]:
    """Return what a test tool says in a loose file, if one does."""
    if not is_loose(given, data):
        return ()
    output = tool_output(decoded(plain_text(data)), given.file)
    if given.kind is MemberKind.CERTIFICATES:  # what is printed in words stands there itself
        told = [one for one in output.results if one.says is not ToolSays.PRINTED]
        output = replace(output, results=tuple(told))
    return (output,) if output.results else ()
