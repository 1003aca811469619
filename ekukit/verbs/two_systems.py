"""Any two systems with mutual TLS: what each presents, what each stack takes, what follows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ekukit.certificates import CaCertificate, Certificate
from ekukit.connections import Cause, EkuCheck, Handshake, Protocol, Side, State, Verdict
from ekukit.connections.farstack import KEPT_BACK, demanded
from ekukit.connections.handshake import End, Talk
from ekukit.connections.predict import verdict_words
from ekukit.connections.reasons import REASONS
from ekukit.stacks import KNOWN, KnownStack, published
from ekukit.stacks.kinds import ISSUING_KINDS, LEAF_KINDS, EkuKind

_STRICTEST = "openssl"
_BY_EKU = frozenset({Cause.EKU, Cause.CA_EKU, Cause.NO_CERTIFICATE})


@dataclass(frozen=True, slots=True)
class TwoSystems:
    """What is known of two systems; a stack is None where nobody said it.

    Both trust `trusted`; `name` is how the client calls the server, "" for no check of it.
    """

    client: Certificate
    server: Certificate
    trusted: frozenset[CaCertificate]
    at: datetime
    name: str = ""
    client_stack: KnownStack | None = None
    server_stack: KnownStack | None = None

    @property
    def is_sent(self) -> bool:
        """Return whether the client's stack sends its certificate; one that is not said does."""
        stack = self.client_stack
        return stack is None or published(stack.name).sends(self.client).good

    def handshake(self) -> Handshake:
        """Return the handshake of the two, with chains sent, on no port in particular."""
        strict = EkuCheck.CLIENT_AUTH
        by_client, by_server = self.client_stack, self.server_stack
        return Handshake(
            protocol=Protocol.TLS,
            client=self._end(Side.CLIENT, self.client if self.is_sent else None, self.name),
            server=self._end(Side.SERVER, self.server, ""),
            port=0,
            eku_check=demanded(by_server, self.client, of_client=True) if by_server else strict,
            at=self.at,
            talk=Talk.NONE,
            server_check=demanded(by_client, self.server, of_client=False) if by_client else strict,
        )

    def _end(self, side: Side, shown: Certificate | None, name: str) -> End:
        node = f"the {side.value}"
        return End(node, side.value, None, shown, True, self.trusted, name)  # noqa: FBT003

    def verdict(self) -> Verdict:
        """Return what OpenSSL says of the real paths, each stack's leniency waived."""
        from ekukit.lab import decide

        return decide(self.handshake())

    def by_stack(self) -> Mapping[str, State]:
        """Return the state for each stack that the server may run."""
        states = {True: State.ACTIVE, False: State.FAILED}
        return {
            name: states[replace(self, server_stack=stack).verdict().accepted]
            for name, stack in KNOWN.items()
        }

    def state(self) -> State:
        """Return the state, Unknown where the server's stack is not said and decides."""
        if self.server_stack is not None:
            return State.ACTIVE if self.verdict().accepted else State.FAILED
        found = set(self.by_stack().values())
        return found.pop() if len(found) == 1 else State.UNKNOWN

    def reason(self, verdict: Verdict) -> tuple[str, str]:
        """Return why it ends so and what to do, in words."""
        words, reason = self._words(verdict), REASONS[verdict.cause, verdict.judged]
        kept = verdict.cause is Cause.NO_CERTIFICATE
        found = (KEPT_BACK if kept else reason.found).format(**words)
        told = REASONS[Cause.EKU, Side.CLIENT].todo if kept else reason.todo
        return f"{found[0].upper()}{found[1:]}.", told.format(**words)

    def _words(self, verdict: Verdict) -> dict[str, str]:
        return verdict_words(self.handshake(), verdict)

    def facts(self, verdict: Verdict) -> tuple[str, ...]:
        """Return what the answer rests on."""
        stacks = (self.client_stack, self.server_stack or KNOWN[_STRICTEST])
        said = [name for stack in stacks if stack for name in stack.facts]
        return tuple(dict.fromkeys((*REASONS[verdict.cause, verdict.judged].facts, *said)))

    def orders(self, verdict: Verdict) -> str:
        """Return what a new certificate for the refused side must have, "" where EKUs are fine."""
        if verdict.cause not in _BY_EKU or verdict.judged is None:
            return ""
        of_client = verdict.judged is Side.CLIENT
        judge = (self.server_stack if of_client else self.client_stack) or KNOWN[_STRICTEST]
        tried = published(judge.name)
        rows = tried.clients if of_client else tried.servers
        best = EkuKind.CLIENT if of_client else EkuKind.SERVER
        leaf = [kind for kind in LEAF_KINDS if rows[kind, EkuKind.NONE].good]
        if of_client and self.client_stack:
            own = published(self.client_stack.name).own
            leaf = [kind for kind in leaf if own[kind, EkuKind.NONE].good]
        cas = [kind for kind in ISSUING_KINDS if rows[best, kind].good]
        return (
            f"Order a {verdict.judged.value} certificate whose EKUs are one of: "
            f"{', '.join(leaf)}; from an issuing CA whose EKUs are one of: {', '.join(cas)} "
            f"({judge.title}{'' if self.server_stack or not of_client else ', the strictest'})."
        )
