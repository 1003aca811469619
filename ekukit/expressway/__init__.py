"""Expressway: nodes, stores, far ends, deployments and conditions; knows nothing of handshakes."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL

# isort: split
from ekukit.expressway.build import (
    build,
)
from ekukit.expressway.conditions import (
    Choices,
    condition,
)
from ekukit.expressway.deployment import (
    Deployment,
)
from ekukit.expressway.farend import (
    FarEnd,
)
from ekukit.expressway.farkinds import FarEndKind, Knowledge, Trust
from ekukit.expressway.node import (
    CertificateStore,
    Expressway,
    Mode,
    Release,
    Role,
    Store,
)
from ekukit.expressway.slot import Slot

# isort: split
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
