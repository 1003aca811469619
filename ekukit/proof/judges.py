"""The judges of the proof: who they are, and of which cases each has an opinion."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from ekukit.connections import EkuCheck, Side
from ekukit.connections.rules import judge
from ekukit.lab.tls import TLS_1_2, TLS_1_3, run_tls
from ekukit.lab.verification import verify
from ekukit.openssl_policy import NO_POLICY
from ekukit.printable import visible
from ekukit.proof.cases import ProofCase
from ekukit.proof.live_openssl import live_client, live_server
from ekukit.proof.opinions import (
    Opinion,
    ShownPath,
    cryptography_verifier,
    of_verdict,
    openssl_command,
    stdlib_ssl,
)

_OLDEST, _SECONDS = 3, 20


@dataclass(frozen=True, slots=True)
class Judge:
    """One that has an opinion: whether in mode Off, of a client's name, of a weak digest.

    Who makes a handshake needs an end that presents: OpenSSL loads no certificate of its own with
    SHA-1. `judges` is the only side of which it has one, None for both; one that is `live` starts a
    process for each case, and is asked of some.
    """

    name: str
    says: Callable[[ShownPath], Opinion]
    knows_off: bool = True
    names_clients: bool = True
    knows_weak: bool = True
    judges: Side | None = None
    live: bool = False

    def hears(self, case: ProofCase, shown: ShownPath) -> bool:
        """Return whether the question is one that it answers."""
        on = shown.handshake.eku_check is EkuCheck.CLIENT_AUTH
        wrong = shown.ends[1].expects_name not in getattr(shown.ends[0].certificate, "names", ())
        named = self.names_clients or shown.judged is Side.SERVER or not wrong
        strong = self.knows_weak or not case.is_weak
        sided = self.judges in (None, shown.judged) and (case.is_for_live or not self.live)
        return (on or self.knows_off) and named and strong and sided


def judges() -> tuple[Judge, ...]:
    """Return all that can be asked here, the rules first; the openssl command where it is."""
    found = [
        Judge("rules", lambda shown: of_verdict(judge(shown.handshake))),
        Judge(
            "lab, TLS 1.2",
            lambda shown: of_verdict(run_tls(shown.handshake, version=TLS_1_2)),
            knows_weak=False,
        ),
        Judge(
            "lab, TLS 1.3",
            lambda shown: of_verdict(run_tls(shown.handshake, version=TLS_1_3)),
            knows_weak=False,
        ),
        Judge("path verification", lambda shown: of_verdict(verify(shown.handshake))),
        Judge("cryptography", cryptography_verifier, knows_off=False),
        Judge("stdlib ssl", stdlib_ssl, knows_off=False, names_clients=False, knows_weak=False),
    ]
    return tuple(found) if lack_of_openssl() else (*found, *_OF_COMMAND)


def not_asked() -> dict[str, str]:
    """Return the judges that cannot be asked here by name, and why."""
    lack = lack_of_openssl()
    return {judge.name: lack for judge in _OF_COMMAND} if lack else {}


def lack_of_openssl() -> str:
    """Return in words why the openssl command cannot be a judge here, "" when it can.

    Older ones and LibreSSL lack options by which they leave this machine's own CAs aside.
    """
    path = shutil.which("openssl")
    if path is None:
        return "there is no openssl command on PATH"
    try:
        done = subprocess.run([path, "version"], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=_SECONDS, errors="replace",
                              env=os.environ | NO_POLICY)  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return f"{path} does not run"
    told = done.stdout.strip().partition("\n")[0]
    version = re.match(r"OpenSSL (\d+)\.", told)
    if version and int(version[1]) >= _OLDEST:
        return ""
    return f"{path} is {visible(told) or 'a program that tells no version'}, not OpenSSL 3"


_OF_COMMAND = (
    Judge("openssl verify", openssl_command, knows_off=False),
    Judge("openssl s_server", live_server, knows_off=False, knows_weak=False,
          judges=Side.CLIENT, live=True),
    Judge("openssl s_client", live_client, knows_off=False, knows_weak=False,
          judges=Side.SERVER, live=True),
)  # fmt: skip
