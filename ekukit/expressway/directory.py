"""The persistent certificate directory as a file browser lists it, before and after X15.5."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ekukit.certificates import utc
from ekukit.errors import InputError
from ekukit.expressway.node import Expressway, Release
from ekukit.facts import Status

LISTING_FACTS = ("S4", "S5")

# When client.pem was written in the published upgrade. The source names no time zone; UTC is a
# label here, so that times can be compared.
PUBLISHED_UPGRADE = utc("2026-03-24 16:12:46")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the listing; a folder has no size.

    `changed` is None where no source gives it; `rights` and `owner` are empty there, as in the
    whole published listing of X15.5. `basis` says whether the source shows the row like this
    (documented), whether a gap in its picture was filled (inferred), or whether something in the
    row was made here (assumed).
    """

    name: str
    size: str
    changed: datetime | None
    rights: str
    owner: str
    basis: Status = Status.DOCUMENTED


def _row(name: str, size: str, changed: str, rights: str, owner: str) -> FileRow:
    return FileRow(name, size, utc(changed), rights, owner)


def _filled(row: FileRow) -> FileRow:
    return replace(row, basis=Status.INFERRED)


# The published listing of X15.4, in its order. The picture's text was read by machine: the first
# letter of the rights is taken as r; in the two filled rows dashes at the end are ours as well.
_BEFORE = (
    _row("generated_csr", "", "2026-03-14 08:20:12", "rwxr-xr-x", "_nobody"),
    _filled(_row("multidomaincerts", "", "2026-03-17 18:19:48", "rwx------", "root")),
    _row("saml", "", "2026-02-04 15:56:54", "rwxr-xr-x", "root"),
    _row("ca.pem", "16 KB", "2026-03-14 07:37:55", "rw-r--r--", "_nobody"),
    _row("client-ca.crl", "2 KB", "2026-02-04 15:54:04", "rw-r--r--", "_nobody"),
    _row("client-ca.crl.default", "2 KB", "2026-02-04 15:54:04", "rw-r--r--", "root"),
    _row("crl-update.conf", "1 KB", "2026-03-24 15:16:09", "rw-r--r--", "root"),
    _row("mtls_ca.pem", "9 KB", "2026-01-19 20:34:16", "rw-r--r--", "_nobody"),
    _row("policy-services.crl", "2 KB", "2026-01-19 20:34:16", "rw-r--r--", "_nobody"),
    _row("policy-services.crl.default", "2 KB", "2026-01-19 20:34:16", "rwxr-xr-x", "root"),
    _row("privkey.pem", "4 KB", "2026-03-14 08:17:09", "r--r-----", "root"),
    _row("server.pem", "3 KB", "2026-03-14 08:19:20", "rw-r--r--", "_nobody"),
    _filled(_row("server-ssh.pem", "6 KB", "2026-03-24 15:16:12", "rw-------", "_pfwd")),
)

# What the published listing of X15.5 shows as written at the upgrade.
_REWRITTEN = {
    "saml": utc("2026-03-24 16:12:43"),
    "crl-update.conf": utc("2026-03-24 16:13:34"),
    "server-ssh.pem": utc("2026-03-24 16:13:37"),
}
_CLIENT_FILES = {
    "ca.pem": (_row("client.pem", "3 KB", "2026-03-24 16:12:46", "", ""),),
    "client-ca.crl.default": (
        _row("clientprivkey.pem", "4 KB", "2026-03-24 16:12:46", "", ""),
        _row("client-ssh.pem", "6 KB", "2026-03-24 16:13:37", "", ""),
    ),
}
CLIENT_FILES = tuple(row.name for rows in _CLIENT_FILES.values() for row in rows)


def listing(
    node: Expressway,
    *,
    upgraded_at: datetime = PUBLISHED_UPGRADE,
    client_changed_at: datetime | None = None,
) -> tuple[FileRow, ...]:
    """Return the rows that the node's certificate directory shows, in the source's order.

    Without times these are the published rows. Another `upgraded_at` moves every time by the same
    span. A client store that is no copy was filled later, at `client_changed_at`, else at a time
    not known. Raises InputError for a moment without time zone, or a client store changed before
    the upgrade. Rests on S4 and S5. Not checked: sizes against certificates. Assumed: releases
    before X15.4 list what X15.4 lists, and an empty client store has no files.
    """
    _refuse_useless_times(upgraded_at, client_changed_at)
    rows = _AFTER if node.release.has_client_store else _BEFORE
    moved = upgraded_at - PUBLISHED_UPGRADE
    made_here = bool(moved) or node.release is Release.X14_3
    shown = [_moved(row, moved, made_here=made_here) for row in rows]
    certificate = node.client.certificate
    if certificate is None:
        return tuple(row for row in shown if row.name not in CLIENT_FILES)
    if certificate == node.server.certificate and client_changed_at is None:
        return tuple(shown)
    return tuple(_changed(row, client_changed_at) for row in shown)


def _after() -> tuple[FileRow, ...]:
    rows: list[FileRow] = []
    for row in _BEFORE:
        changed = _REWRITTEN.get(row.name, row.changed)
        published = FileRow(row.name, row.size, changed, rights="", owner="")
        rows += (published, *_CLIENT_FILES.get(row.name, ()))
    return tuple(rows)


_AFTER = _after()


def _moved(row: FileRow, span: timedelta, *, made_here: bool) -> FileRow:
    if row.changed is None or not made_here:
        return row
    return replace(row, changed=row.changed + span, basis=Status.ASSUMED)


def _changed(row: FileRow, at: datetime | None) -> FileRow:
    if row.name not in CLIENT_FILES:
        return row
    return replace(row, size="", changed=at, basis=Status.ASSUMED)


def _refuse_useless_times(upgraded_at: datetime, client_changed_at: datetime | None) -> None:
    for name, at in (("upgraded_at", upgraded_at), ("client_changed_at", client_changed_at)):
        if at is not None and at.tzinfo is None:
            msg = f"{name} is {at} without a time zone; give one, such as UTC"
            raise InputError(msg)
    if client_changed_at is not None and client_changed_at < upgraded_at:
        msg = f"the client store changed at {client_changed_at}, before the upgrade {upgraded_at}"
        raise InputError(msg)
