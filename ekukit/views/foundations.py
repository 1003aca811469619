"""Pictures of the first lessons: certificates, EKUs, the calendar, the two stores, the upgrade."""

import datetime as dt

import pandas as pd

from ekukit.connections import connection, handshakes
from ekukit.expressway import Role, Store
from ekukit.facts import calendar
from ekukit.facts.calendar import FORUM
from ekukit.lab import capture_tls13
from ekukit.nearest import member
from ekukit.views.figures.sunset import calendar_svg
from ekukit.views.html import page, paragraphs, table
from ekukit.views.pages.product_pages import peer
from ekukit.views.panels.moments_panel import moment_table
from ekukit.views.picture import Picture, Shown, deployment_of
from ekukit.views.tables import calendar_tables as dates
from ekukit.views.tables.profiles import authority_table, certificate_table, eku_matrix_table
from ekukit.views.tables.steps import packet_table, row_of
from ekukit.views.tables.store_use import store_use_table


def certificate(
    shown: Shown, role: Role | str = Role.CORE, kind: Store | str = Store.SERVER
) -> Picture:
    """Show a certificate field by field, and who looks at each field.

    Raises InputError for a word that names no role or no store.
    """
    role, kind = member(Role, role, "role"), member(Store, kind, "store")
    deployment = deployment_of(shown)
    found = peer((*deployment.core, *deployment.edge), role)
    caption = f"The certificate in {role.value}'s {kind.value} store"
    return Picture(page(table(certificate_table(found, kind), caption)))


def authorities(shown: Shown, role: Role = Role.CORE, kind: Store = Store.SERVER) -> Picture:
    """Show a certificate and the CAs above it, with the EKUs of each."""
    deployment = deployment_of(shown)
    found = peer((*deployment.core, *deployment.edge), role)
    caption = f"The path above {role.value}'s {kind.value} certificate"
    return Picture(page(table(authority_table(found, kind), caption)))


def eku_matrix() -> Picture:
    """Show what real handshakes make of each EKU profile, as client and as server."""
    caption = "Five EKU profiles, each in four real handshakes"
    return Picture(page(table(eku_matrix_table(), caption)))


def opened_capture(shown: Shown, name: str) -> Picture:
    """Show a connection's first handshake in TLS 1.3 as a capture has it, sealed and opened.

    The second table is of the same kind of file with the session's secrets in it.
    """
    found = handshakes(deployment_of(shown), connection(name))[0]
    captions = {
        False: "A capture in TLS 1.3, without the session's secrets",
        True: "A capture in TLS 1.3, opened with the session's own secrets",
    }
    tables = (
        table(packet_table(row_of(capture_tls13(found, secrets=known))), caption)
        for known, caption in captions.items()
    )
    return Picture(page(*tables))


def calendar_table(who: str = "") -> Picture:
    """Show all dates of the sunset with their sources, or those of one CA or body."""
    rows = tuple(row for row in calendar() if row.subject == who or not who)
    caption = f"The calendar: {who}" if who else "The calendar"
    return Picture(page(table(dates.calendar_table(rows), caption)))


def calendar_figure() -> Picture:
    """Show the dates of the sunset as a figure with a spoken label."""
    return Picture(page(calendar_svg()))


def renewals() -> Picture:
    """Show for each CA until when a certificate of it can have clientAuth at all."""
    note = (
        "Computed: last day for clientAuth, the one before the CA stops (D1), plus the longest "
        "validity of that day, which is the CA/B Forum's limit, or the CA's own where it is known "
        "to give less (D2, D3)."
    )
    caption = "Until when can a public certificate have clientAuth?"
    return Picture(page(table(dates.renewal_table(), caption), paragraphs([note])))


def validity(*issued: str, ca: str = FORUM) -> Picture:
    """Show how long certificates issued on these ISO dates may be valid, and how many a year takes.

    By CA/B Forum's steps, or by what the CA gives that is named.
    """
    days = [dt.date.fromisoformat(text) for text in issued]
    caption = f"Issued on, renewed by: {ca}"
    return Picture(page(table(dates.validity_table(days, ca), caption)))


def limits(*names: str) -> Picture:
    """Show by which steps CAs shorten validity: the CA/B Forum's for all, and those named."""
    frame = pd.concat([dates.limit_table(name) for name in (FORUM, *names)])
    return Picture(page(table(frame, "How long may a certificate be valid, and since when?")))


def store_use(*names: str) -> Picture:
    """Show which store each connection reads, all of the catalog or those named."""
    return Picture(page(table(store_use_table(*names), "Which connection reads which store")))


def moments() -> Picture:
    """Show condition 1 before and after the upgrade, the renewal and the expiry."""
    return Picture(page(table(moment_table(), "One deployment, five moments")))
