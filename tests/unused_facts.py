"""Facts of the ledger that no verdict or lesson rests on, each with the reason."""

UNUSED: dict[str, str] = {
    "N10": "no handshake: a certificate inside a SIP message, judged per release by Core",
    "N11": "ordinary HTTPS asks nobody for a client certificate, so there is nothing to toggle",
    "X4": "where a log line names its ends; a reader's matter, no verdict rests on it",
    "X4-in": "where a log line names its ends; a reader's matter, no verdict rests on it",
}
