"""What to do, in the explorer and on the panel of a case."""

import pytest
from conftest import ROOT

from ekukit import CasePanel, Explorer

CASE = ROOT / "data" / "cases" / "two-faults-eku-and-name.tar.gz"


def test_the_explorer_tells_what_to_do_for_what_it_shows() -> None:
    """One certificate for Core brings up zone, tunnels and services of condition 2."""
    explorer = Explorer("C2")
    explorer.tabs.turn_to("What to do")
    told = explorer.parts["plan"].value
    assert "1 step; Expressway and PKI team must act" in told
    assert "from CA 1 Internal Root" in told


def test_what_to_do_is_made_anew_after_a_toggle() -> None:
    """With mode Off the zone is up already; tunnels still need the certificate."""
    explorer = Explorer("C1")
    explorer.tabs.turn_to("What to do")
    assert "Nothing is to be done" in explorer.parts["plan"].value
    explorer.controls.stores["core_client"].eku.value = "server"
    assert "Replace Core" in explorer.parts["plan"].value


@pytest.mark.parametrize("hidden", [False, True])
def test_a_case_has_a_button_that_plans_for_it(hidden: bool) -> None:  # noqa: FBT001 - a case
    """With names hidden the plan has pseudonyms; what was planned goes when that is turned."""
    panel = CasePanel(CASE)
    panel.hide.value = hidden
    panel.plan.button.click()
    told = panel.plan.told.value
    assert "2 steps; Expressway and PKI team must act" in told
    assert ("core.example.com" in told) is not hidden
    panel.hide.value = not hidden
    assert panel.plan.told.value == ""


def test_a_rebuilt_deployment_is_planned_for_as_it_was_toggled() -> None:
    """The tab of the customer's own deployment tells the same steps."""
    panel = CasePanel(CASE)
    panel.toggle.click()
    assert panel.explorer is not None
    panel.explorer.tabs.turn_to("What to do")
    assert "Set the TLS verify subject name" in panel.explorer.parts["plan"].value
