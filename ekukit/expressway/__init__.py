"""Expressway: nodes, stores, far ends, deployments and conditions; knows nothing of handshakes."""

from ekukit.expressway.conditions import (
    AS_OF,
    AUTHORITIES,
    BOTH_TRUSTED,
    CA1,
    CA2,
    CONDITION_TITLES,
    CONDITIONS,
    Choices,
    Slot,
    build,
    condition,
)
from ekukit.expressway.deployment import Deployment
from ekukit.expressway.farend import FarEnd, FarEndKind, Knowledge
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
)

__all__ = [
    "AS_OF",
    "AUTHORITIES",
    "BOTH_TRUSTED",
    "CA1",
    "CA2",
    "CONDITIONS",
    "CONDITION_TITLES",
    "ORIGIN_FACTS",
    "CertificateStore",
    "Choices",
    "ClientStoreOrigin",
    "Deployment",
    "Expressway",
    "FarEnd",
    "FarEndKind",
    "Knowledge",
    "Mode",
    "Release",
    "Role",
    "Slot",
    "Store",
    "build",
    "client_store_origin",
    "condition",
    "mode_of",
]
