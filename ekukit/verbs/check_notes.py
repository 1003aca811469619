"""What `check` says beside the states: what they do not show, and what was not in the files."""

from collections.abc import Iterable, Iterator, Sequence

from ekukit.diagnosis.files import FileVerdict, GivenFiles, missing_names
from ekukit.diagnosis.rebuild.given_deployment import STAND_IN
from ekukit.expressway import Deployment, Role, Store

# Key size, common name, OIDs and wildcards: documented faults that OpenSSL does not know.
_UNSHOWN = ("(T2)", "(T3)", "(T4)", "(T5)")


def check_notes(
    given: GivenFiles, verdicts: Sequence[FileVerdict], deployment: Deployment
) -> tuple[str, ...]:
    """Return the notes, those that forbid an upload first."""
    return (*_refused(verdicts), *_swapped(given), *_unshown(verdicts), *_notes(given, deployment))


def _refused(verdicts: Iterable[FileVerdict]) -> Iterator[str]:
    """Yield which file the page of its own store refuses."""
    for found in verdicts:
        answer = found.answers.get(found.store)
        if answer is not None and not answer.accepted:
            yield (
                f"✗ The page refuses the file for {found.role.value}'s {found.store.value} store: "
                f"{answer.reason} ({answer.menu})."
            )


def _swapped(given: GivenFiles) -> Iterator[str]:
    """Yield whose two files are the wrong way round, as their EKUs tell."""
    for role in Role:
        client = given.certificates.get((role, Store.CLIENT))
        server = given.certificates.get((role, Store.SERVER))
        if client and server and client.lacks_client_auth and server.has_client_auth:
            yield (
                f"✗ {role.value}'s files may be the wrong way round: the one for its server store "
                "has clientAuth, the one for its client store has not."
            )


def _unshown(verdicts: Iterable[FileVerdict]) -> Iterator[str]:
    """Yield what Cisco documents of a certificate and no handshake of the lab shows."""
    for found in verdicts:
        answer = found.answers.get(found.store)
        known = answer.warnings if answer else ()
        told = [text for text in known if text.endswith(_UNSHOWN) and not _shown(found, text)]
        if told:
            yield (
                f"✗ The states do not show what is wrong with {found.role.value}'s "
                f"{found.store.value} certificate: {'; '.join(told)}."
            )


def _shown(found: FileVerdict, text: str) -> bool:
    """Return whether zone and tunnels fail by it: Core looks for a name, and wildcards are none."""
    names = found.certificate.answers_to
    presented = (found.role, found.store) == (Role.EDGE, Store.SERVER)
    return presented and text.endswith("(T5)") and all("*" in name for name in names)


def _notes(given: GivenFiles, deployment: Deployment) -> list[str]:
    notes = [*given.problems, STAND_IN]
    if given.assumed_trust:
        notes.append("No --ca given: the CAs inside the files count as trusted by both nodes.")
    if not deployment.edge[0].verify_subject_name:
        notes.append("No --verify-name given: the zone's TLS verify subject name was not checked.")
    edge = given.certificates.get((Role.EDGE, Store.SERVER))
    if edge is not None:
        names = [name for name in edge.answers_to if "*" not in name][:4]
        start = "The peer address of Core's zone is not in these files"
        notes.append(
            f"{start}; it must be one of: {', '.join(names)}."
            if names
            else f"{start}; {deployment.edge[0].fqdn} stands for it. No name of Edge's server "
            "certificate can be it: the certificate holds none but wildcards, if any (T5)."
        )
    lacking = missing_names(given)
    if lacking:
        notes.append(
            f"Core's client certificate lacks {', '.join(lacking)}, which its server certificate "
            "has: if Edge's TLS verify subject name is one of them, the zone fails (E8)."
        )
    return notes
