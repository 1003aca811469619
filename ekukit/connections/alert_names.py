"""TLS alerts by number: what they are called, and which speak of a certificate."""

# What alerts are called in RFC 8446 6.2, RFC 5246 7.2, and IANA's registry of TLS alerts.
ALERT_NAMES = {
    0: "close notify",
    10: "unexpected message",
    20: "bad record MAC",
    21: "decryption failed",
    22: "record overflow",
    30: "decompression failure",
    40: "handshake failure",
    41: "no certificate",
    42: "bad certificate",
    43: "unsupported certificate",
    44: "certificate revoked",
    45: "certificate expired",
    46: "certificate unknown",
    47: "illegal parameter",
    48: "unknown CA",
    49: "access denied",
    50: "decode error",
    51: "decrypt error",
    52: "too many CIDs requested",
    60: "export restriction",
    70: "protocol version",
    71: "insufficient security",
    80: "internal error",
    86: "inappropriate fallback",
    90: "user canceled",
    100: "no renegotiation",
    109: "missing extension",
    110: "unsupported extension",
    111: "certificate unobtainable",
    112: "unrecognized name",
    113: "bad certificate status response",
    114: "bad certificate hash value",
    115: "unknown PSK identity",
    116: "certificate required",
    117: "general error",
    120: "no application protocol",
    121: "ECH required",
}
FATAL = 2
# Alerts by which the sender refuses the other end's certificate, or that none came; the others
# are about the protocol, and 40 and 80 about anything.
CERTIFICATE_ALERTS = frozenset({41, 42, 43, 44, 45, 46, 48, 49, 111, 113, 114, 116})
OPEN_ALERTS = frozenset({40, 51, 80})
