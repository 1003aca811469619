"""The lab: real TLS and SSH handshakes, in memory, with certificates made on the spot."""
