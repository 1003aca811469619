"""The product's own screens, re-drawn: certificate pages, certificate directory, EKU fields."""

import pandas as pd

from ekukit.certificates import Certificate, eku_words
from ekukit.expressway import Expressway, Role, Store
from ekukit.expressway.directory import listing
from ekukit.expressway.node import client_store_origin
from ekukit.expressway.upgrade import upgrade
from ekukit.expressway.upload import MENUS
from ekukit.frames import frame_of
from ekukit.views.html import page, paragraphs, table

DIRECTORY_COLUMNS = ("Name", "Size", "Changed", "Rights", "Owner", "How sure")
_TITLE = "{0.role.value}, {0.release.value}"
REDRAWN = "Re-drawn after the published screens; no screenshot."


def certificate_page(node: Expressway, kind: Store) -> str:
    """Return the server or client certificate page of a node (menu path, loaded certificate).

    The client page exists from X15.5 on; before, the page says so.
    """
    return page(_store_html(node, kind), paragraphs([REDRAWN]))


def certificate_pages(node: Expressway) -> str:
    """Return both certificate pages of a node side by side."""
    both = "".join(f"<div>{_store_html(node, kind)}</div>" for kind in Store)
    return page(f'<div class="eku-pair">{both}</div>', paragraphs([REDRAWN]))


def _store_html(node: Expressway, kind: Store) -> str:
    if kind is Store.CLIENT and not node.release.has_client_store:
        text = f"{node.release.value} has no client certificate page; one store serves both (S1)."
        return paragraphs([text])
    store = node.server if kind is Store.SERVER else node.client
    rows = [("Certificate", _loaded(store.certificate))]
    if store.certificate is not None:
        until = store.certificate.not_after
        rows += [
            ("Serial number", store.certificate.serial_hex),
            ("Currently loaded certificate expires on", f"{until:%b %d %Y}"),
            ("Certificate issuer", store.certificate.issuer_name),
        ]
    if kind is Store.CLIENT:
        rows.append(("How it came there", client_store_origin(node).value))
    rows += [
        ("Certificate signing request (CSR)", "There is no certificate signing request"),
        (f"Select the {kind.value} private key file", "Choose file"),
        (f"Select the {kind.value} certificate file", "Choose file"),
    ]
    if kind is Store.SERVER and node.release.has_client_store:
        rows.append(("☐ Upload server certificate file as client certificate", "(S7)"))
    frame = frame_of(rows, ("Field", "Value"))
    caption = f"{node.role.value}: {MENUS[kind]}"
    return table(frame, caption)


def _loaded(certificate: Certificate | None) -> str:
    if certificate is None:
        return "no certificate"
    return f"{certificate.name} ({eku_words(certificate.ekus)})"


def directory_table(node: Expressway) -> pd.DataFrame:
    """Return the node's certificate directory; columns DIRECTORY_COLUMNS, dtype object (S4, S5).

    Empty cells are not in the published listing.
    """
    rows = [
        (
            row.name,
            row.size,
            f"{row.changed:%d %b %Y %H:%M:%S}" if row.changed else "",
            row.rights,
            row.owner,
            row.basis.value,
        )
        for row in listing(node)
    ]
    return frame_of(rows, DIRECTORY_COLUMNS)


def directory_page(before: Expressway) -> str:
    """Return the certificate directory before and after the upgrade to X15.5.

    A column of which the published listing shows nothing is left out.
    """
    after = upgrade(before).node
    tables = "".join(
        f"<div>{table(_filled(directory_table(node)), _TITLE.format(node))}</div>"
        for node in (before, after)
    )
    said = (
        "client.pem, clientprivkey.pem, client-ssh.pem are new since the upgrade (S4).",
        "Rights and owners are in the published listing of X15.4 alone (S5).",
    )
    return page(f'<div class="eku-pair">{tables}</div>', paragraphs(said))


def _filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns in which something stands."""
    return frame.loc[:, (frame != "").any()]


def side_by_side(node: Expressway) -> str:
    """Return both certificates of a node, field by field, the EKU fields among them."""
    columns: dict[str, list[object]] = {"Field": list(_FIELDS)}
    for kind, store in ((Store.SERVER, node.server), (Store.CLIENT, node.client)):
        columns[f"{kind.value} store"] = _fields(store.certificate)
    same = node.client.certificate is not None and node.client == node.server
    same = same or node.client.certificate == node.server.certificate
    text = "Both stores hold the same certificate." if same else "The two certificates differ."
    frame = pd.DataFrame(columns, dtype=object)
    return page(table(frame, f"{node.role.value}: the two stores"), paragraphs([text]))


_FIELDS = ("Subject", "Names", "Extended key usage", "OIDs", "Issuer", "Serial", "Valid until")


def _fields(certificate: Certificate | None) -> list[object]:
    if certificate is None:
        return ["no certificate", *[""] * (len(_FIELDS) - 1)]
    return [
        certificate.subject,
        certificate.names,
        eku_words(certificate.ekus),
        certificate.ekus or "",
        certificate.issuer_name,
        certificate.serial_hex,
        f"{certificate.not_after:%d %b %Y}",
    ]


def peer(peers: tuple[Expressway, ...], role: Role) -> Expressway:
    """Return the first node of a role among peers of both."""
    return next(node for node in peers if node.role is role)
