"""Expressway: nodes, stores, far ends, deployments and conditions; knows nothing of handshakes."""

from ekukit.expressway.build import (
    build,
)
from ekukit.expressway.conditions import (
    Choices,
    Slot,
    Trust,
    condition,
)
from ekukit.expressway.deployment import (
    Deployment,
)
from ekukit.expressway.farend import (
    FarEnd,
    FarEndKind,
    Knowledge,
)
from ekukit.expressway.node import (
    CertificateStore,
    Expressway,
    Mode,
    Release,
    Role,
    Store,
)

__all__ = [
    "CertificateStore",
    "Choices",
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
    "Trust",
    "build",
    "condition",
]
