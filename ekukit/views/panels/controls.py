"""Controls: widgets that set the choices of a deployment, labeled as the field says them."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import ipywidgets as w

from ekukit.certificates import EkuProfile
from ekukit.expressway import Choices, Deployment, FarEndKind, Knowledge, Mode, Release, Slot, Trust
from ekukit.expressway.farkinds import FAR_END_TITLES
from ekukit.expressway.farrelease import far_release, far_releases
from ekukit.expressway.network import Network
from ekukit.stacks import KNOWN
from ekukit.views.html import page, paragraphs
from ekukit.views.panels.choice import CHOICE_STYLE, choice
from ekukit.views.panels.style_sheet import style_sheet
from ekukit.views.tables.change import ISSUER_WORDS, NETWORKS, STORES, network_words

ISSUERS = tuple((words, name) for name, words in ISSUER_WORDS.items())
EKUS = (
    ("serverAuth only", EkuProfile.SERVER),
    ("serverAuth + clientAuth", EkuProfile.BOTH),
    ("clientAuth only", EkuProfile.CLIENT),
    ("no EKU extension", EkuProfile.NONE),
    ("anyExtendedKeyUsage", EkuProfile.ANY),
)
CORE_NOTE = (
    "Core's mode changes nothing on the zone and the tunnels: Core starts both, and the mode "
    "checks only who connects to the node on which it is set (E2)."
)
_WIDE = {"description_width": "initial"}
# JupyterLab's dark theme keeps a dark arrow on its dark dropdowns. What is chosen under "Set" has
# one height, so that nothing below it moves.
CONTROLS_STYLE = """<style>
body[data-jp-theme-light="false"] :is(.eku-controls, .eku-explorer, .eku-workshop) {
  --jp-widgets-dropdown-arrow: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
viewBox='0 0 18 18'%3E%3Cpath fill='%23ddd' d='M5 7l4 4 4-4z'/%3E%3C/svg%3E"); }
.eku-explorer .eku-groups { min-height: 76px; }
.eku-controls > .widget-hbox { flex: none; overflow: visible; }
.eku-explorer .eku-controls .widget-dropdown { height: 26px; margin: 1px 10px 1px 2px; }
.eku-explorer .eku-groups .widget-dropdown { margin: 1px 0; }
.eku-explorer .eku-groups .widget-dropdown select { font-size: 12px; padding-left: 4px;
  letter-spacing: -0.35px; }
.eku-explorer .eku-controls .eku p.eku-strong { margin: 0; font-size: 14px; }
.eku-explorer .eku-controls :is(.widget-html, .widget-html-content) { margin: 0; min-height: 0;
  line-height: 1.3; }
</style>"""


def core_note(deployment: Deployment) -> list[str]:
    """Return what Core's mode is good for once it is Off, nothing before: lesson 11 asks it."""
    return [CORE_NOTE] if any(node.eku_checking is Mode.OFF for node in deployment.core) else []


class StoreControl(w.VBox):  # type: ignore[misc]
    """Issuer and EKUs of one certificate store; `slot` reads and sets both."""

    def __init__(self, title: str, slot: Slot, changed: Callable[[], None]) -> None:
        """Show `slot` and call `changed` after each change."""
        self.issuer = dropdown("Issuer", ISSUERS, slot.issuer)
        self.eku = dropdown("EKUs", EKUS, slot.eku)
        for control in (self.issuer, self.eku):
            control.observe(lambda _change: changed(), names="value")
        super().__init__([_heading(title), self.issuer, self.eku])

    @property
    def slot(self) -> Slot:
        """Return what is chosen."""
        return Slot(self.issuer.value, self.eku.value)

    @slot.setter
    def slot(self, slot: Slot) -> None:
        self.issuer.value, self.eku.value = slot.issuer, slot.eku


class FarEndControl(w.VBox):  # type: ignore[misc]
    """What a far end trusts, asks for and checks, and its release where that decides."""

    def __init__(self, kind: FarEndKind, choices: Choices, changed: Callable[[], None]) -> None:
        """Show the far end's settings and call `changed` after each change."""
        chosen = choices.far_end(kind)
        self.kind = kind
        self.trusts = dropdown(
            "Trusts", [(f"{t.value}" if t in (Trust.BOTH, Trust.NONE) else _TRUST[t], t)
                       for t in Trust], chosen.trusts
        )  # fmt: skip
        known = [(value.value, value) for value in Knowledge]
        self.requests = dropdown("Asks for a certificate", known, chosen.requests)
        self.checks = dropdown("Checks clientAuth", known, chosen.checks)
        unsaid = [("not said", "")]
        self.release = dropdown(
            "Version", unsaid + [(row.title, row.name) for row in far_releases(kind)],
            chosen.release,
        )  # fmt: skip
        self.stack = dropdown(
            "Stack", unsaid + [(row.title, row.name) for row in KNOWN.values()], chosen.stack
        )
        answers = (self.requests, self.checks, self.stack)
        controls = [self.trusts, *(() if kind is FarEndKind.MRA_CLIENT else answers)]
        if far_releases(kind):
            controls.append(self.release)
        self.release.observe(lambda _change: self._decide(self.stack), names="value")
        self.stack.observe(lambda _change: self._decide(self.release), names="value")
        self._decide(None)
        for control in controls:
            control.observe(lambda _change: changed(), names="value")
        super().__init__([_heading(FAR_END_TITLES[kind]), _columns(*controls)])

    def apply(self, choices: Choices) -> Choices:
        """Return choices with this far end as chosen."""
        return choices.with_far_end(
            self.kind,
            trusts=self.trusts.value,
            requests=self.requests.value,
            checks=self.checks.value,
            release=self.release.value,
            stack=self.stack.value,
        )

    def _decide(self, other: w.Dropdown | None) -> None:
        """Show what follows from release or stack, which decide; `other` was not just set."""
        if other is not None and self.release.value and self.stack.value:
            other.value = ""
        release = far_release(self.kind, self.release.value)
        self.checks.disabled = release is not None or bool(self.stack.value)
        if release is not None:
            self.checks.value = release.checks


_TRUST = {Trust.INTERNAL: ISSUER_WORDS["internal"], Trust.PUBLIC: ISSUER_WORDS["public"]}


class Controls(w.VBox):  # type: ignore[misc]
    """All controls of a deployment; `choices` is what they say together.

    With `far_ends`, those and releases and peers can be set too; without, only the two nodes.
    `top` is their first line, which has room for more; whoever shows them places `network`.
    """

    def __init__(
        self, choices: Choices, changed: Callable[[], None], *, far_ends: bool = False
    ) -> None:
        """Show the choices and call `changed` after each change a person makes."""
        self._base, self._changed, self._silent = choices, changed, False
        self.edge_checking = _mode("Edge: EKU checking mode", choices.edge_checking)
        self.core_checking = _mode("Core: EKU checking mode", choices.core_checking)
        self.stores = {
            name: StoreControl(title, getattr(choices, name), self._tell)
            for name, title in STORES.items()
        }
        self.release = dropdown("Release", [(r.value, r) for r in Release], choices.release)
        self.core_peers = dropdown("Core peers", range(1, 7), choices.core_peers)
        self.edge_peers = dropdown("Edge peers", range(1, 7), choices.edge_peers)
        self.neighbor_verify = _mode("Neighbor zone: TLS verify", choices.neighbor_verify)
        self.network = dropdown("Network", _networks(choices.network), choices.network)
        self.far_ends = [FarEndControl(kind, choices, self._tell) for kind in FarEndKind]
        plain = (self.edge_checking, self.core_checking, self.release, self.core_peers,
                 self.edge_peers, self.neighbor_verify, self.network)  # fmt: skip
        for control in plain:
            control.observe(lambda _change: self._tell(), names="value")
        self.group = dropdown("Set", ["Certificates"])
        self._groups = w.Stack([_columns(*map(_narrow, self.stores.values()))], selected_index=0)
        self._groups.add_class("eku-groups")
        self.top = _columns(self.edge_checking, self.core_checking)
        super().__init__([style_sheet(CONTROLS_STYLE, CHOICE_STYLE), self.top, self._groups])
        if far_ends:
            self._offer_far_ends()
        self.add_class("eku-controls")

    def _offer_far_ends(self) -> None:
        """Put releases and each far end behind the certificates, one at a time in their place."""
        general = [self.release, self.core_peers, self.edge_peers, self.neighbor_verify]
        groups = [w.VBox([_heading("Releases, peers, zones"), _columns(*general)])]
        self._groups.children = (*self._groups.children, *groups, *self.far_ends)
        titles = [FAR_END_TITLES[far_end.kind] for far_end in self.far_ends]
        self.group.options = ["Certificates", "Releases, peers, zones", *titles]
        w.link((self.group, "index"), (self._groups, "selected_index"))
        self.top.children = (*self.top.children, self.group)

    @property
    def choices(self) -> Choices:
        """Return what all controls say."""
        slots = {name: control.slot for name, control in self.stores.items()}
        choices = replace(
            replace(self._base, **slots),  # type: ignore[arg-type]
            edge_checking=self.edge_checking.value,
            core_checking=self.core_checking.value,
            release=self.release.value,
            core_peers=self.core_peers.value,
            edge_peers=self.edge_peers.value,
            neighbor_verify=self.neighbor_verify.value,
            network=self.network.value,
        )
        for far_end in self.far_ends:
            choices = far_end.apply(choices)
        return choices

    def set(self, choices: Choices) -> None:
        """Show other choices; `changed` is called once."""
        self._silent = True
        self._base = choices
        for name, control in self.stores.items():
            control.slot = getattr(choices, name)
        self.network.options = _networks(choices.network)
        for name in ("edge_checking", "core_checking", "release", "core_peers", "edge_peers",
                     "neighbor_verify", "network"):  # fmt: skip
            getattr(self, name).value = getattr(choices, name)
        for far_end in self.far_ends:
            chosen = choices.far_end(far_end.kind)
            far_end.trusts.value = chosen.trusts
            far_end.requests.value, far_end.checks.value = chosen.requests, chosen.checks
            far_end.release.value, far_end.stack.value = chosen.release, chosen.stack
        self._silent = False
        self._tell()

    def _tell(self) -> None:
        if not self._silent:
            self._changed()


def dropdown(label: str, options: Iterable[object], value: object = None) -> w.Dropdown:
    """Return a labeled dropdown; without `value` the first option is chosen."""
    layout = w.Layout(width="auto", max_width="320px")
    shown = w.Dropdown(description=label, tooltip=label, options=list(options), style=_WIDE,
                       layout=layout)  # fmt: skip
    if value is not None:
        shown.value = value
    return shown


def _networks(network: Network) -> list[tuple[str, Network]]:
    """Return what can be chosen: the table's, and another one that is given."""
    return [(network_words(found), found) for found in dict.fromkeys((*NETWORKS, network))]


def _mode(label: str, value: Mode) -> w.Select:
    return choice(label, [(mode.value, mode) for mode in Mode], value)


def _heading(text: str) -> w.HTML:
    return w.HTML(page(paragraphs([text], strong=True)))


def _narrow(group: w.Widget) -> w.Widget:
    group.layout = w.Layout(flex="1 1 200px", max_width="300px", padding="0 6px 4px 0")
    return group


def _columns(*groups: w.Widget) -> w.HBox:
    return w.HBox(list(groups), layout=w.Layout(flex_flow="row wrap", width="100%"))
