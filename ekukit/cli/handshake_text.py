"""A handshake of a capture as cells of a table in the terminal: who presented what to whom."""

HANDSHAKES = ("Handshake", "The server presented", "The client presented", "Alerts and notes")
_MOST_NOTE = 240


def handshake_cells(shown: dict[str, object]) -> tuple[str, ...]:
    """Return the cells of one handshake, in the order of HANDSHAKES.

    `shown` is a value of `handshake_values`. Long notes are cut; JSON has them whole.
    """
    asked = [f"asked for {shown['sni']}"] if shown["sni"] else []
    ends = [_end(shown, "client"), f"to {_end(shown, 'server')}", *asked,
            str(shown["version"] or shown["protocol"]),
            f"{shown['file']}, packet {shown['first_packet']}"]  # fmt: skip
    alerts = shown["alerts"] if isinstance(shown["alerts"], list) else []
    told = [f"packet {alert['packet']}: {alert['text']}" for alert in alerts]
    note = str(shown["note"] or "")
    told += [f"{note[:_MOST_NOTE]} ..." if len(note) > _MOST_NOTE else note]
    told += ["completed"] if shown["complete"] else []
    return (
        "\n".join(ends),
        _presented(shown["server_certificate"]),
        _presented(shown["client_certificate"]),
        "\n".join(filter(None, told)),
    )


def _end(shown: dict[str, object], end: str) -> str:
    address, port = str(shown[end]), shown[f"{end}_port"]
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _presented(found: object) -> str:
    if not isinstance(found, dict):
        return "no certificate seen"
    if found["subject"] is None:
        return f"packet {found['packet']}: an empty answer, no certificate"
    lines = [f"{found['subject']}: {found['ekus']}", f"issued by {found['issuer']}",
             f"serial {found['serial'] or 'not readable'}, packet {found['packet']}",
             found["whose"]]  # fmt: skip
    return "\n".join(str(line) for line in lines if line)
