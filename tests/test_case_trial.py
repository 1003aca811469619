"""A remedy that is named works when it is tried, and nobody takes the trial for the customer's."""

from pathlib import Path

import pytest
from conftest import ROOT

from ekukit import archive
from ekukit.connections import State
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.investigation import investigate
from ekukit.expressway import Mode, Role
from ekukit.privacy.passed_on import redacted
from ekukit.views.panels.case_explorer import CaseExplorer
from ekukit.views.panels.case_panel import CasePanel
from ekukit.views.panels.case_trial import TRIED
from ekukit.views.panels.cause_trials import CaseCauses

CASES = ROOT / "data" / "cases"
# Cases whose cards can be tried; of all others a far end, a network or an unknown store decides.
TRIED_CASES = (
    "core-client-expired", "core-sends-no-certificate", "damaged", "issuing-ca-limited",
    "only-edge", "public-everywhere-checking-off", "public-everywhere-checking-on",
    "tunnels-issuing-ca-not-trusted", "two-faults-eku-and-name", "two-faults-off-and-expiry",
    "verify-name-mismatch",
)  # fmt: skip


def sample(name: str) -> Case:
    """Return a sample case."""
    return investigate(archive.open(CASES / f"{name}.tar.gz"))


def causes_of(case: Case) -> CaseCauses:
    """Return the causes of a case with their buttons."""
    found = CaseCauses(lambda *_cards: None)
    found.show(case)
    return found


def up(explorer: CaseExplorer) -> set[str]:
    """Return what is Active between all pairs."""
    down = {out.connection for out in explorer.outcomes if out.state is not State.ACTIVE}
    return {out.connection for out in explorer.outcomes} - down


@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*.tar.gz")), ids=lambda path: path.name.partition(".")[0]
)
@pytest.mark.parametrize("hidden", [False, True])
def test_what_a_card_says_to_do_brings_the_states_that_it_promises(
    path: Path, *, hidden: bool
) -> None:
    """Each remedy alone keeps its promise, and all together leave nothing Failed; by handshakes."""
    name = path.name.partition(".")[0]
    case = sample(name)
    case = redacted(case).case if hidden else case
    causes = causes_of(case)
    assert bool(causes.buttons) is (name in TRIED_CASES)
    if not causes.buttons:
        return
    explorer = CaseExplorer(case)
    shown = {out.connection for out in explorer.outcomes}
    for card in causes.cards:
        if card.id in causes.buttons:
            explorer.try_out(*causes.remedies(card))
            assert set(card.restores) & shown <= up(explorer)
    explorer.try_out(*causes.remedies(*causes.cards))
    assert {"uc-zone", "ssh-tunnel"} <= up(explorer)
    assert [out.title for out in explorer.outcomes if out.state is State.FAILED] == []


def test_the_next_fault_is_told_when_one_of_two_is_put_right() -> None:
    """The certificate is replaced, and the zone still looks for another name."""
    case = sample("two-faults-eku-and-name")
    causes, explorer = causes_of(case), CaseExplorer(case)
    explorer.try_out(*causes.remedies(causes.cards[0]))
    assert "UC traversal zone is Failed: " in explorer.tried.value
    assert "does not hold the name cluster-core.example.com" in explorer.tried.value


def test_a_click_beside_a_card_tries_it_in_the_panel() -> None:
    """The frame lists the change and the states before and after; Reset takes all of it back."""
    panel = CasePanel(CASES / "public-everywhere-checking-on.tar.gz")
    next(iter(panel.causes.buttons.values())).click()
    assert panel.explorer is not None
    for words in (TRIED, "Replace it by one with clientAuth", "▲ now works"):
        assert words.replace("'", "&#x27;") in panel.explorer.tried.value
    assert "eku-tried" in panel.explorer._dom_classes
    panel.explorer.reset.click()
    assert (panel.explorer.tried.value, up(panel.explorer)) == ("", {"mra-client"})
    assert "eku-tried" not in panel.explorer._dom_classes


def test_a_toggled_control_is_a_trial() -> None:
    """What was changed is named with its value before and after; a remedy then starts anew."""
    case = sample("public-everywhere-checking-on")
    explorer = CaseExplorer(case)
    assert explorer.tried.value == ""
    explorer.controls.modes[Role.EDGE].value = Mode.OFF
    assert "Edge: EKU checking mode: On → Off" in explorer.tried.value
    assert explorer.reset.layout.display is None
    causes = causes_of(case)
    explorer.try_out(*causes.remedies(causes.cards[0]))
    assert explorer.controls.modes[Role.EDGE].value is Mode.ON
    assert "On → Off" not in explorer.tried.value
    explorer.take_back()
    assert explorer.controls.changes == ()
