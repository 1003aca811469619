"""Where the cause of a finding is put right: a node or far end, and the page."""

from dataclasses import dataclass

from ekukit.causes import CausePlace
from ekukit.connections import Cause, Side
from ekukit.connections.reasons import PAGES, TRUST_PAGE, ZONE_NAME_PAGE
from ekukit.expressway import Store

NAME_CODE = f"{Side.CLIENT.value}-{Cause.NAME.value}"


@dataclass(frozen=True, slots=True)
class CauseAt:
    """Where a finding's cause is: a node or far end, and what of it."""

    node: str
    place: CausePlace
    about: str = ""


def where_of(at: CauseAt) -> str:
    """Return the menu path, or who is to be asked."""
    if at.place is CausePlace.FAR_END:
        return f"{at.node}: by whoever runs it"
    if at.place is CausePlace.NETWORK:
        return f"between {at.node}"
    pages = {
        CausePlace.TRUSTED_CA: TRUST_PAGE,
        CausePlace.CLIENT_STORE: PAGES[Store.CLIENT],
        CausePlace.SERVER_STORE: PAGES[Store.SERVER],
    }
    if at.about == NAME_CODE:
        return f"{at.node}: {ZONE_NAME_PAGE}"
    return f"{at.node}: {pages.get(at.place, 'its settings')}"
