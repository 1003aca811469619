"""The serial of a certificate, read without reading the rest: quick, and of broken ones, too."""

from ekukit.capture.fields import Fields, ShortError

_SEQUENCE, _VERSION, _INTEGER = 0x30, 0xA0, 0x02


def serial_of(der: bytes) -> str:
    """Return a certificate's serial as lower-case hex, "" when the bytes are no certificate."""
    try:
        _, certificate = _element(Fields(der))
        kind, body = _element(Fields(certificate))
        fields = Fields(body if kind == _SEQUENCE else b"")
        kind, value = _element(fields)
        if kind == _VERSION:
            kind, value = _element(fields)
    except ShortError:
        return ""
    return f"{int.from_bytes(value, 'big', signed=True):x}" if kind == _INTEGER and value else ""


def _element(fields: Fields) -> tuple[int, bytes]:
    kind, size = fields.number(1), fields.number(1)
    return kind, fields.take(fields.number(size & 0x7F) if size & 0x80 else size)
