"""Host names as certificates, zones and file names can have them."""

import re

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def is_host_name(name: str) -> bool:
    """Return whether a text is a host name: letters, digits, dots and hyphens, no wildcard."""
    return bool(_NAME.fullmatch(name)) and ".." not in name
