"""What each system checks, expects and trusts, as a table for a diagnosis."""

from collections.abc import Iterable

import pandas as pd

from ekukit.certificates import CaCertificate
from ekukit.certificates.authority import Authority
from ekukit.expressway import Deployment, FarEndKind
from ekukit.expressway.build import AUTHORITIES
from ekukit.frames import frame_of
from ekukit.views.tables.outcome_tables import node_words

TRUST_COLUMNS = ("Where", "EKU checking", "Trusted CA list")


def trust_table(deployment: Deployment, kinds: Iterable[FarEndKind] = ()) -> pd.DataFrame:
    """Return what each node and the named far ends check and trust; TRUST_COLUMNS."""
    rows = [
        (
            node_words(deployment, node),
            node.eku_checking.value if node.release.has_client_store else "no such mode",
            trust_words(node.trusted),
        )
        for node in (*deployment.core, *deployment.edge)
    ]
    rows += [
        (
            far.title,
            f"checks as {far.stack.title} does"
            if far.stack
            else f"checks clientAuth: {far.checks_client_eku.value}",
            trust_words(far.trusts),
        )
        for far in deployment.far_ends
        if far.kind in set(kinds)
    ]
    return frame_of(rows, TRUST_COLUMNS)


def trust_words(trusted: Iterable[CaCertificate]) -> tuple[str, ...]:
    """Return a trusted CA list in words: the kit's two authorities in a line each, others by name.

    Of an authority that is there in part, both what is there and what is missing is named.
    """
    left = set(trusted)
    lines = [_authority_words(authority, left) for authority in AUTHORITIES.values()]
    known = {ca for authority in AUTHORITIES.values() for ca in authority.ca_certificates}
    return (*lines, *sorted(ca.name for ca in left - known))


def _authority_words(authority: Authority, trusted: set[CaCertificate]) -> str:
    there = [ca.name for ca in authority.ca_certificates if ca in trusted]
    missing = [ca.name for ca in authority.ca_certificates if ca not in trusted]
    if not missing:
        return f"{authority.label}: root and issuing CA"
    if not there:
        return f"{authority.label}: nothing"
    return f"{authority.label}: {', '.join(there)}; not there: {', '.join(missing)}"
