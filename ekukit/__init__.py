"""ekukit: which certificate counts where on Cisco Expressway X15.5, shown by real handshakes.

The verbs of the shell have the same names, options and values here:

    import ekukit

    ekukit.simulate("C2", edge_checking="off")          # the states of every connection
    ekukit.simulate("C4", far={"webex": "checks:no"})   # with another far end
    ekukit.inspect("core.tar.gz", "edge.tar.gz")        # what is wrong in a diagnostic archive
    ekukit.check(core_client="new.pem", ca="cas.pem")   # before an upload
    ekukit.check("new.pem", slot="core-client", case="C2")   # what a CA sent, for a slot
    ekukit.pair(client="new.pem", server="srv.pem", ca="cas.pem")   # any two systems
    ekukit.diff("before.tar.gz", "after.tar.gz")        # what differs, what it mended and broke
    ekukit.calendar("C1", renewed_by="DigiCert")        # when clientAuth is gone, what breaks
    ekukit.fleet("cases/", together="folder")           # thousands of archives as one table
    ekukit.request("core-client", case="C2")            # what to order: names, EKUs, request
    ekukit.plan("C2", want="mra-login")                 # what to change, in which order
    ekukit.issue({"core.example.com": "both"}, folder="lab")   # certificates, TEST ONLY
    ekukit.handshakes("trace.pcapng")                   # a DataFrame: who presented what to whom

What they return shows itself in a notebook, has `frame` (a DataFrame with documented columns) and
`json()` (what the shell prints). A case of `inspect` has `headline`, `findings`, `deployment`,
`archive` (its typed tables) and `report("case.html")`, too.

To learn, and to show, in a notebook:

    ekukit.Explorer("C2")                               # toggle a deployment, see what follows
    ekukit.ask("11.mode-on")                            # a question of the course
    ekukit.ask("11.mode-on", ekukit.show.picture("C2"))  # the picture, once it is answered
    ekukit.show.ladder("C2", "uc-zone")                 # one picture or table; dir(ekukit.show)
    ekukit.CasePanel("core.tar.gz")                     # a case, step by step
    ekukit.Presentation()                               # the workshop for a room

`CommandPanel`, `UploadPanel`, `MomentToggle`, `RenewalPanel` and `ProgressPanel` are further
panels of the course, and `question` gives a question as data. `FleetPanel` filters a fleet and
looks into its cases; `sample_estate` writes archives to try it on.

A deployment is a condition ("C1", "C2", "C2.1", "C3", "C4") or a scenario ("X1", "X2", "X3",
"UPGRADE") by name, or a changed one:

    condition("C2", edge_checking="off", release="X15.4")
    condition("C3").with_far_end("webex", trusts="both")
    scenario("X2").with_core(neighbor_verify="off")

`before_upgrade()` and `after_upgrade()` are condition 1 in time, `renewed_in_2027()` is condition
2.1 a year later. A `Slot("public", "server")` is
what a store holds. Words are taken wherever an enumeration is meant: `EkuProfile`, `FarEndKind`,
`Knowledge`, `Mode`, `Release`, `Role`, `Trust`. `Case`, `Checked`, `Differences`, `Fleet`,
`Issued`, `Paired`, `Planned`, `RenewalCalendar`, `Requested`, `Simulation` and `SlotChecked` are
what verbs return.

Input that cannot be used raises `InputError`, which names the nearest right word. A connection
that fails is no error but an outcome.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ekukit.errors import InputError

if TYPE_CHECKING:
    from ekukit.certificates import EkuProfile
    from ekukit.course import question
    from ekukit.expressway import FarEndKind, Knowledge, Mode, Release, Role, Slot, Trust, condition
    from ekukit.expressway.moments import after_upgrade, before_upgrade, renewed_in_2027
    from ekukit.expressway.scenarios import scenario
    from ekukit.fleets.sample_estate import sample_estate
    from ekukit.verbs.calendar import calendar
    from ekukit.verbs.calendar_output import RenewalCalendar
    from ekukit.verbs.check import Checked, check
    from ekukit.verbs.check_slot import SlotChecked
    from ekukit.verbs.diff import Differences, diff
    from ekukit.verbs.fleet import fleet
    from ekukit.verbs.fleet_result import Fleet
    from ekukit.verbs.handshakes import handshakes
    from ekukit.verbs.inspect import inspect
    from ekukit.verbs.inspected import InspectedCase as Case
    from ekukit.verbs.issue import Issued, issue
    from ekukit.verbs.pair import pair
    from ekukit.verbs.paired import Paired
    from ekukit.verbs.plan import plan
    from ekukit.verbs.planned import Planned
    from ekukit.verbs.request import request
    from ekukit.verbs.requested import Requested
    from ekukit.verbs.simulate import simulate
    from ekukit.verbs.simulation import Simulation
    from ekukit.views import CasePanel, Explorer, Presentation, ProgressPanel, show
    from ekukit.views.panels.administration_panel import CommandPanel, UploadPanel
    from ekukit.views.panels.ask import ask
    from ekukit.views.panels.fleet_panel import FleetPanel
    from ekukit.views.panels.moments_panel import MomentToggle
    from ekukit.views.panels.renewal import RenewalPanel

__version__ = "0.1.0"
__all__ = [
    "Case",
    "CasePanel",
    "Checked",
    "CommandPanel",
    "Differences",
    "EkuProfile",
    "Explorer",
    "FarEndKind",
    "Fleet",
    "FleetPanel",
    "InputError",
    "Issued",
    "Knowledge",
    "Mode",
    "MomentToggle",
    "Paired",
    "Planned",
    "Presentation",
    "ProgressPanel",
    "Release",
    "RenewalCalendar",
    "RenewalPanel",
    "Requested",
    "Role",
    "Simulation",
    "Slot",
    "SlotChecked",
    "Trust",
    "UploadPanel",
    "after_upgrade",
    "ask",
    "before_upgrade",
    "calendar",
    "check",
    "condition",
    "diff",
    "fleet",
    "handshakes",
    "inspect",
    "issue",
    "pair",
    "plan",
    "question",
    "renewed_in_2027",
    "request",
    "sample_estate",
    "scenario",
    "show",
    "simulate",
]

# Where each name lives; it is loaded when it is first used, so that the door opens at once.
_HOMES = {
    "ekukit.certificates": ("EkuProfile",),
    "ekukit.course": ("question",),
    "ekukit.expressway": (
        "FarEndKind", "Knowledge", "Mode", "Release", "Role", "Slot", "Trust", "condition",
    ),
    "ekukit.expressway.moments": ("after_upgrade", "before_upgrade", "renewed_in_2027"),
    "ekukit.expressway.scenarios": ("scenario",),
    "ekukit.verbs.calendar": ("calendar",),
    "ekukit.verbs.calendar_output": ("RenewalCalendar",),
    "ekukit.verbs.check": ("Checked", "check"),
    "ekukit.verbs.check_slot": ("SlotChecked",),
    "ekukit.verbs.diff": ("Differences", "diff"),
    "ekukit.fleets.sample_estate": ("sample_estate",),
    "ekukit.verbs.fleet": ("fleet",),
    "ekukit.verbs.fleet_result": ("Fleet",),
    "ekukit.verbs.handshakes": ("handshakes",),
    "ekukit.verbs.inspect": ("inspect",),
    "ekukit.verbs.inspected": ("InspectedCase",),
    "ekukit.verbs.issue": ("Issued", "issue"),
    "ekukit.verbs.pair": ("pair",),
    "ekukit.verbs.paired": ("Paired",),
    "ekukit.verbs.request": ("request",),
    "ekukit.verbs.requested": ("Requested",),
    "ekukit.verbs.plan": ("plan",),
    "ekukit.verbs.planned": ("Planned",),
    "ekukit.verbs.simulate": ("simulate",),
    "ekukit.verbs.simulation": ("Simulation",),
    "ekukit.views": ("CasePanel", "Explorer", "Presentation", "ProgressPanel", "ask", "show"),
    "ekukit.views.panels.administration_panel": ("CommandPanel", "UploadPanel"),
    "ekukit.views.panels.fleet_panel": ("FleetPanel",),
    "ekukit.views.panels.moments_panel": ("MomentToggle",),
    "ekukit.views.panels.renewal": ("RenewalPanel",),
}  # fmt: skip
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_CALLED = {"Case": "InspectedCase"}


def __getattr__(name: str) -> object:
    """Load a name of `__all__` when it is first used."""
    if name not in __all__:
        from ekukit.nearest import nearest

        # A module's names that begin with "__" are asked for by tools, not by people.
        near = "" if name.startswith("__") else nearest(name, __all__)
        msg = f"module 'ekukit' has no attribute {name!r}{near}"
        raise AttributeError(msg, name=name)
    inside = _CALLED.get(name, name)
    found: object = getattr(import_module(_HOME[inside]), inside)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the names of the front door, loaded or not, and the module's own."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
