"""Releases and settings of far ends that decide whether they check clientAuth, with source."""

from ekukit.errors import InputError
from ekukit.expressway.farend import FarRelease
from ekukit.expressway.farkinds import FarEndKind, Knowledge
from ekukit.nearest import nearest

FAR_RELEASES: tuple[FarRelease, ...] = (
    FarRelease("cube", FarEndKind.NEIGHBOR, "CUBE before 26.1.1", Knowledge.NO, ("F3",)),
    FarRelease(
        "cube-match-eku", FarEndKind.NEIGHBOR, "CUBE before 26.1.1 with match eku client-auth",
        Knowledge.YES, ("F3",),
    ),
    FarRelease(
        "cube-cc-mode", FarEndKind.NEIGHBOR, "CUBE before 26.1.1 in cc-mode", Knowledge.YES,
        ("F3",),
    ),
    # What 26.1.1 itself does when nothing is set, no source that was read says.
    FarRelease("cube-26.1.1", FarEndKind.NEIGHBOR, "CUBE 26.1.1", Knowledge.UNKNOWN, ("F3",)),
    FarRelease(
        "before-15su5", FarEndKind.CUCM, "CUCM before 15SU5", Knowledge.YES, ("F4", "F4-check")
    ),
    FarRelease(
        "15su5", FarEndKind.CUCM, "CUCM 15SU5", Knowledge.YES, ("F4", "F4-check"),
        has_client_store=True,
    ),
    FarRelease(
        "15su5-ignoring", FarEndKind.CUCM, "CUCM 15SU5 that ignores the EKU", Knowledge.NO,
        ("F4",), has_client_store=True,
    ),
)  # fmt: skip


def far_releases(kind: FarEndKind) -> tuple[FarRelease, ...]:
    """Return the releases and settings that are known of a far end."""
    return tuple(row for row in FAR_RELEASES if row.kind is kind)


def far_release(kind: FarEndKind, name: str) -> FarRelease | None:
    """Return the release of that name, None for "" (not said).

    Raises InputError for one that this far end does not have.
    """
    if not name:
        return None
    known = {row.name: row for row in far_releases(kind)}
    if name not in known:
        told = ", ".join(known) or "none"
        msg = f"{kind.value} has no release {name!r}; known are: {told}"
        raise InputError(msg + nearest(name, known))
    return known[name]
