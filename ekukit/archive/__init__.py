"""A customer's diagnostic archive, read as typed tables, and written from a lab run."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL

# isort: split
from ekukit.archive.certificate_table import read_certificates
from ekukit.archive.contents import (
    COLUMNS,
    Archive,
    empty_archive,
    open_archive,
    with_certificates,
)
from ekukit.archive.dump import read_configuration, read_status, setting
from ekukit.archive.pasted import read_tunnel_page
from ekukit.archive.paths import InMemory
from ekukit.capture.reader import read_capture
from ekukit.log.snapshot import read_log

# `archive.open(path)` reads as one says it; inside the package the longer name is used.
open = open_archive  # noqa: A001

__all__ = [
    "COLUMNS",
    "Archive",
    "InMemory",
    "empty_archive",
    "open",
    "open_archive",
    "read_capture",
    "read_certificates",
    "read_configuration",
    "read_log",
    "read_status",
    "read_tunnel_page",
    "setting",
    "with_certificates",
]
