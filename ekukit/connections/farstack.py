"""What a far end's TLS stack decides: which EKUs it takes, and what it sends and says itself."""

from collections.abc import Iterator

from ekukit.certificates import Certificate
from ekukit.connections.handshake import Cause, EkuCheck, Handshake, Side, Verdict
from ekukit.expressway import Expressway, FarEnd
from ekukit.stacks import KnownStack, published

KEPT_BACK = "{who} has a certificate and its stack does not send it, for want of clientAuth"
_BY_EKU = frozenset({Cause.EKU, Cause.CA_EKU})


def demanded(stack: KnownStack, shown: Certificate, *, of_client: bool) -> EkuCheck:
    """Return how a stack looks at a certificate's EKUs; what it refuses, OpenSSL refuses too."""
    own, strict = (
        tried.takes_client(shown) if of_client else tried.takes_server(shown)
        for tried in (published(stack.name), published("openssl"))
    )
    return EkuCheck.BY_STACK if own.good and not strict.good else EkuCheck.CLIENT_AUTH


def is_kept_back(start: Expressway | FarEnd, verdict: Verdict) -> bool:
    """Return whether none was presented because the far end's stack does not send what it has."""
    if verdict.cause is not Cause.NO_CERTIFICATE or verdict.judged is not Side.CLIENT:
        return False
    return isinstance(start, FarEnd) and start.presents(as_client=True) is not None


def stack_words(
    answer: Expressway | FarEnd, handshake: Handshake, verdict: Verdict
) -> Iterator[str]:
    """Yield what the responder's stack said itself of such a client certificate, if it refuses."""
    shown = handshake.client.certificate
    if not isinstance(answer, FarEnd) or answer.stack is None or shown is None:
        return
    if verdict.judged is Side.CLIENT and verdict.cause in _BY_EKU:
        said = published(answer.stack.name).takes_client(shown).text
        yield f"The handshake is OpenSSL's; {answer.stack.title} itself said: {said}."
