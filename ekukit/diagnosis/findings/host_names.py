"""Host names of a node that a source says break something."""

from ekukit.diagnosis.findings.finding import Draft
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.rebuild.case_nodes import Reconstruction
from ekukit.expressway import Role

_TEXT = (
    'The system host name of {who} is "{name}": with an underscore in it the SSH tunnels can fail '
    "while the zone works (T13)."
)


def add_host_name_findings(gathered: Gathered, case: Reconstruction) -> None:
    """Add Edges whose system host name has an underscore; no certificate is why (T13)."""
    for edge in case.of(Role.EDGE):
        name = edge.settings.setting("dnshostname") if edge.settings is not None else None
        if name is not None and "_" in name.value:
            who = edge.role.value if edge.host.lower() == edge.role.value.lower() else edge.host
            text = _TEXT.format(who=who, name=name.value.strip())
            gathered.add(Draft("tunnel.host-name", text, [name.evidence]))
