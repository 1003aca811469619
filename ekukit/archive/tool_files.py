"""Files in which somebody kept what a test tool printed."""

from ekukit.archive.member import MemberKind
from ekukit.log.tool_output import ToolOutput, tool_output
from ekukit.plaintext import decoded, plain_text

# Certificates may stand between a tool's lines.
_KINDS = (MemberKind.OTHER, MemberKind.CERTIFICATES)
_MOST_LOOKED = 1 << 20


def output_in(kind: MemberKind, data: bytes, file: str) -> tuple[ToolOutput, ...]:
    """Return what a test tool says in a file that has no name of the product's, if one does."""
    if kind not in _KINDS:
        return ()
    output = tool_output(decoded(plain_text(data[:_MOST_LOOKED])), file)
    return (output,) if output.results else ()
