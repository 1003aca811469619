"""What each system checks, expects and trusts, as a table for a diagnosis."""

from collections.abc import Iterable

import pandas as pd

from ekukit.certificates import CaCertificate
from ekukit.expressway import Deployment, FarEndKind
from ekukit.views.tables import node_words

TRUST_COLUMNS = ("Where", "EKU checking", "Expects the name", "Trusted CA list")


def trust_table(deployment: Deployment, kinds: Iterable[FarEndKind] = ()) -> pd.DataFrame:
    """Return what each node and the named far ends check, expect and trust; TRUST_COLUMNS."""
    rows = [
        (
            node_words(deployment, node),
            node.eku_checking.value if node.release.has_client_store else "no such mode",
            node.verify_subject_name or "none typed in",
            _names(node.trusted),
        )
        for node in (*deployment.core, *deployment.edge)
    ]
    rows += [
        (
            far.title,
            f"checks clientAuth: {far.checks_client_eku.value}",
            "not known",
            _names(far.trusts),
        )
        for far in deployment.far_ends
        if far.kind in set(kinds)
    ]
    return pd.DataFrame(rows, columns=list(TRUST_COLUMNS), dtype=object)


def _names(trusted: Iterable[CaCertificate]) -> tuple[str, ...]:
    return tuple(sorted({ca.name for ca in trusted})) or ("empty",)
