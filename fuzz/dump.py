"""The readers of dumps and of the pasted tunnel page. Usage: python fuzz/dump.py [seconds]."""

from fuzzing import main

from ekukit.archive import read_configuration, read_status, read_tunnel_page, setting

SETTINGS = b"""*c xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: "On"
*c xConfiguration Zones Zone 3 Name: "say \\"hi\\"
and more"
OK
"""
XML = b"""<?xml version="1.0"?>
<Configuration item="1"><Zones item="1"><Zone item="3"><Name item="1">a</Name></Zone></Zones>
</Configuration>"""
SAMPLES = (
    SETTINGS,
    XML,
    b'*s SystemUnit: /\n  Software:\n    Version: "X15.5"\n*s/end\n',
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><Status><X>&a;</X></Status>',
    b"Target\tDomain\tStatus\tTunnel Created\tReason\tPeer\na\tb\tFailed\t\tx\ty\n",
)


def target(data: bytes) -> None:
    """Read bytes as a configuration, as a status and as a tunnel page."""
    setting(read_configuration(data), "Checking Mode")
    read_status(data)
    read_tunnel_page(data.decode("utf-8", "replace"))


if __name__ == "__main__":
    main(target, SAMPLES)
