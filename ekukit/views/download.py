"""Files offered for saving: links that carry their bytes, so that nothing is written or sent."""

from base64 import b64encode

from ekukit.views.html import safe


def download_link(data: bytes, name: str, said: str) -> str:
    """Return a paragraph with a link that saves `data` under `name`, and what the file holds."""
    encoded = b64encode(data).decode("ascii")
    return (
        f'<p><a download="{safe(name)}" href="data:application/octet-stream;base64,{encoded}">'
        f"Save {safe(name)}</a>: {safe(said)}</p>"
    )
