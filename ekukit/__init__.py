"""ekukit: which certificate counts where on Cisco Expressway X15.5, shown by real handshakes."""

__version__ = "0.1.0"
