"""Pictures and tables for notebooks: one call, one thing shown, made by real handshakes."""

from dataclasses import replace
from os import PathLike

from ekukit.archive import open_archive
from ekukit.connections.catalog import ROWS
from ekukit.connections.services import essential
from ekukit.diagnosis.investigation import investigate
from ekukit.diagnosis.planned_case import PlanStart
from ekukit.doctor import SIGNS, examine
from ekukit.errors import InputError
from ekukit.expressway import Choices, Expressway, Release, Role, Store, condition
from ekukit.facts.glossary import glossary as terms
from ekukit.frames import frame_of
from ekukit.lab import run
from ekukit.nearest import member, nearest
from ekukit.privacy.passed_on import redacted
from ekukit.stacks.kinds import EkuKind
from ekukit.views.figures import deployment_picture as topology
from ekukit.views.foundations import (
    authorities,
    calendar_figure,
    calendar_table,
    certificate,
    eku_matrix,
    limits,
    moments,
    opened_capture,
    renewals,
    store_use,
    validity,
)
from ekukit.views.html import page, table
from ekukit.views.pages import product_pages as pages
from ekukit.views.pages.case_sections import MOST_CAUSES, headline_html
from ekukit.views.pages.cause_cards import cards_html
from ekukit.views.pages.deployment_states import states_table, tunnels_html
from ekukit.views.panels.what_to_do import plan_html
from ekukit.views.picture import Picture, Shown, deployment_of
from ekukit.views.tables import outcome_tables as tables
from ekukit.views.tables import stack_tables as stacked
from ekukit.views.tables.claims import conditions, facts, source_list
from ekukit.views.walk import call_chain, capture_link, given, ladder, log, packets, steps

# Shown by notebooks through this module, so that one name is enough to remember.
__all__ = [
    "authorities",
    "calendar_figure",
    "calendar_table",
    "call_chain",
    "capture_link",
    "certificate",
    "conditions",
    "eku_matrix",
    "facts",
    "given",
    "ladder",
    "limits",
    "log",
    "moments",
    "opened_capture",
    "packets",
    "renewals",
    "source_list",
    "steps",
    "store_use",
    "validity",
]


def picture(shown: Shown, *, everything: bool = False) -> Picture:
    """Show nodes, stores and arrows with their states; with `everything` the far ends, too."""
    deployment = deployment_of(shown)
    found = run(deployment)
    found = found if everything else essential(found)
    return Picture(page(topology.topology_svg(deployment, found)))


def zones(shown: Shown) -> Picture:
    """Show the zone list."""
    found = tables.zone_table(run(deployment_of(shown)))
    return Picture(page(table(found, "Zones (Configuration > Zones > Zones)")))


def tunnels(shown: Shown) -> Picture:
    """Show the SSH tunnel page of both nodes."""
    deployment = deployment_of(shown)
    return Picture(page(tunnels_html(deployment, run(deployment))))


def services(shown: Shown) -> Picture:
    """Show MRA login and WebRTC proxy."""
    return Picture(page(table(tables.service_table(run(deployment_of(shown))), "Services")))


def stores(shown: Shown) -> Picture:
    """Show what every certificate store holds and how it can have come there."""
    found = tables.store_table(deployment_of(shown))
    return Picture(page(table(found, "What the certificate stores hold")))


def connections(shown: Shown) -> Picture:
    """Show every connection of the catalog."""
    found = tables.connection_table(run(deployment_of(shown)))
    return Picture(page(table(found, "Every connection of the catalog")))


def evidence(shown: Shown, *names: str) -> Picture:
    """Show who presented what, which check decided and on which sources, side by side."""
    outcomes = run(deployment_of(shown))
    known = tuple(dict.fromkeys(outcome.connection for outcome in outcomes))
    for name in names:
        if name not in known and name not in ROWS:
            msg = f"connection {name!r} is unknown; name some of {', '.join(known)}"
            raise InputError(msg + nearest(name, known))
    found = [outcome for outcome in outcomes if outcome.connection in names]
    caption = "Who presented what, and why it ended so"
    return Picture(page(table(tables.evidence_table(found), caption)))


def states(shown: Choices | str, *, everything: bool = False) -> Picture:
    """Show the states for both modes of Edge, without widgets."""
    found = states_table(shown, everything=everything)
    return Picture(page(table(found, "The states in both modes of Edge")))


def node(shown: Shown, role: Role | str) -> Expressway:
    """Return the first peer of a role; raises InputError for a word that names no role."""
    deployment = deployment_of(shown)
    return pages.peer((*deployment.core, *deployment.edge), member(Role, role, "role"))


def server_page(shown: Shown, role: Role | str = Role.CORE) -> Picture:
    """Show the server certificate page of a node, re-drawn."""
    return Picture(pages.certificate_page(node(shown, role), Store.SERVER))


def directory(shown: Choices | str, role: Role | str = Role.CORE) -> Picture:
    """Show the certificate directory before and after the upgrade from X15.4 to X15.5."""
    choices = shown if isinstance(shown, Choices) else condition(shown)
    before = node(replace(choices, release=Release.X15_4), role)
    return Picture(pages.directory_page(before))


def side_by_side(shown: Shown, role: Role | str = Role.CORE) -> Picture:
    """Show the certificates of both stores of a node, field by field."""
    return Picture(pages.side_by_side(node(shown, role)))


def case(*paths: str | PathLike[str], names: bool = False) -> Picture:
    """Show headline and causes of a case, redacted as a report is unless `names`.

    Raises InputError for what cannot be opened.
    """
    found = investigate(open_archive(*paths))
    found = found if names else redacted(found).case
    return Picture(page(headline_html(found), cards_html(found.causes, most=MOST_CAUSES)))


def plan(shown: Shown, *wishes: str) -> Picture:
    """Return what to do so that what is wished works, everything without a wish, step by step."""
    return Picture(page(plan_html(PlanStart(deployment_of(shown)), wishes)))


def stacks(leaf: EkuKind | str, issuing: EkuKind | str = "none", *, sends: bool = False) -> Picture:
    """Show what each TLS stack did with a client certificate of these EKUs, when it was tried.

    As server, under an issuing CA of these EKUs; with `sends` as client with such a one of its own.
    Raises InputError for a word that names no EKUs.
    """
    own, above = member(EkuKind, leaf, "EKUs"), member(EkuKind, issuing, "EKUs")
    words, limit = stacked.kind_words(own), stacked.kind_words(above)
    if sends:
        return Picture(page(table(stacked.sent_table(own), f"A client with: {words}")))
    caption = f"A client certificate with: {words}. Its issuing CA: {limit}"
    return Picture(page(table(stacked.taken_table(own, above), caption)))


def stack_matrix(issuing: EkuKind | str = "none") -> Picture:
    """Show for each leaf which stacks, as server, took it under an issuing CA of these EKUs."""
    above = member(EkuKind, issuing, "EKUs")
    caption = f"Client certificates whose issuing CA has: {stacked.kind_words(above)}"
    return Picture(page(table(stacked.taken_matrix(above), caption)))


def glossary() -> Picture:
    """Show the field's terms, what they mean, and the Chinese words of the source."""
    rows = [(found.term, found.meaning, found.chinese) for found in terms()]
    frame = frame_of(rows, ("Term", "Meaning", "In the Chinese edition"))
    return Picture(page(table(frame, "Glossary")))


def doctor() -> Picture:
    """Show what is installed, what is missing, and how to mend it."""
    rows = [(c.name, f"{SIGNS[c.health]} {c.health.value}", c.found, c.todo) for c in examine()]
    frame = frame_of(rows, ("Check", "Health", "Found", "To do"))
    return Picture(page(table(frame, "Is this machine ready?")))
