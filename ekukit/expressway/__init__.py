"""Expressway: nodes, stores, far ends, deployments and conditions; knows nothing of handshakes."""

from ekukit.expressway.administration import Answer, Door, Settings
from ekukit.expressway.build import (
    AUTHORITIES,
    BOTH_TRUSTED,
    CA1,
    CA2,
    TRUSTED,
    build,
    certificate_for,
)
from ekukit.expressway.commandline import execute
from ekukit.expressway.conditions import (
    AS_OF,
    CONDITION_TITLES,
    CONDITIONS,
    Choices,
    condition,
)
from ekukit.expressway.deployment import Deployment
from ekukit.expressway.directory import FileRow, listing
from ekukit.expressway.farend import FarEnd, FarRelease
from ekukit.expressway.farkinds import (
    FAR_DEFAULTS,
    FAR_END_TITLES,
    FAR_ROWS,
    FarChoice,
    FarEndKind,
    Knowledge,
    Trust,
)
from ekukit.expressway.farrelease import FAR_RELEASES, far_release, far_releases
from ekukit.expressway.node import (
    ORIGIN_FACTS,
    CertificateStore,
    ClientStoreOrigin,
    Expressway,
    Mode,
    Release,
    Role,
    Store,
    client_store_origin,
    mode_of,
    release_of,
)
from ekukit.expressway.scenarios import (
    SCENARIOS,
    Given,
    Scenario,
    scenario,
    scenario_row,
)
from ekukit.expressway.slot import ISSUERS, Slot
from ekukit.expressway.upgrade import upgrade
from ekukit.expressway.upload import MENUS, upload

__all__ = [
    "AS_OF",
    "AUTHORITIES",
    "BOTH_TRUSTED",
    "CA1",
    "CA2",
    "CONDITIONS",
    "CONDITION_TITLES",
    "FAR_DEFAULTS",
    "FAR_END_TITLES",
    "FAR_RELEASES",
    "FAR_ROWS",
    "ISSUERS",
    "MENUS",
    "ORIGIN_FACTS",
    "SCENARIOS",
    "TRUSTED",
    "Answer",
    "CertificateStore",
    "Choices",
    "ClientStoreOrigin",
    "Deployment",
    "Door",
    "Expressway",
    "FarChoice",
    "FarEnd",
    "FarEndKind",
    "FarRelease",
    "FileRow",
    "Given",
    "Knowledge",
    "Mode",
    "Release",
    "Role",
    "Scenario",
    "Settings",
    "Slot",
    "Store",
    "Trust",
    "build",
    "certificate_for",
    "client_store_origin",
    "condition",
    "execute",
    "far_release",
    "far_releases",
    "listing",
    "mode_of",
    "release_of",
    "scenario",
    "scenario_row",
    "upgrade",
    "upload",
]
