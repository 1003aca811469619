"""Links to a scene of the workshop: what they say, what they open, and what they refuse."""

from dataclasses import replace

import pytest

from ekukit.certificates import EkuProfile
from ekukit.errors import InputError
from ekukit.expressway import Choices, Mode, Slot, condition
from ekukit.expressway.network import Network
from ekukit.views.panels.presentation import Presentation
from ekukit.views.panels.scene_link import link_text, scene_link
from ekukit.views.panels.workshop import Workshop
from ekukit.views.tables.change import ISSUER_WORDS, NETWORKS, STORES
from ekukit.views.tables.scenes import SCENES

KNOWN = {"show": frozenset({"why"}), "about": frozenset({"ssh-tunnel"})}
EVERY_SLOT = [Slot(issuer, eku) for issuer in ISSUER_WORDS for eku in EkuProfile]


@pytest.mark.parametrize(
    ("link", "choices"),
    [
        ("C2", condition("C2")),
        ("C2,edge=off", condition("C2", edge_checking=Mode.OFF)),
        ("C1,core=off,blocked=2222", condition(
            "C1", core_checking=Mode.OFF, network=Network(frozenset({2222})))),
        ("C4,blocked=dns", condition("C4", network=Network(resolves=False))),
        ("C3,edge-client=public/server", condition(
            "C3", edge_client=Slot("public", EkuProfile.SERVER))),
    ],
)  # fmt: skip
def test_a_link_names_the_condition_and_what_differs(link: str, choices: Choices) -> None:
    """It is told so, and read so."""
    assert link_text(choices, {}) == link
    assert scene_link(link, KNOWN).choices == choices


@pytest.mark.parametrize("name", SCENES)
def test_what_the_controls_can_set_is_read_as_it_was_told(name: str) -> None:
    """Every store's every slot, both modes, every network, from every scene."""
    start = SCENES[name]
    made = [replace(start, network=network, core_checking=mode)
            for network in NETWORKS for mode in Mode]  # fmt: skip
    made += [replace(start, **{store: slot}) for store in STORES for slot in EVERY_SLOT]  # type: ignore[arg-type]
    for choices in made:
        assert scene_link(link_text(choices, {}), KNOWN).choices == choices


@pytest.mark.parametrize(
    "link",
    ["", "c9", "C2,", "C2,edge=perhaps", "C2,blocked=1", "C2,show=<b>", "C2,hidden=1", "C2,far=x",
     "C2;edge=off", "<script>", "C2,edge-client=public"],
)  # fmt: skip
def test_words_that_are_not_known_are_refused_and_not_repeated(link: str) -> None:
    """An address is typed by anybody."""
    with pytest.raises(InputError) as refused:
        scene_link(link, KNOWN)
    assert "<" not in str(refused.value)


def test_the_workshop_opens_what_its_address_says() -> None:
    """Choices, view, connection and what is hidden come back; nothing counts as changed."""
    shop = Workshop()
    shop.controls.network.value = NETWORKS[1]
    shop.view.value, shop.explained.value = "Why", "ssh-tunnel"
    shop.predict.value = True
    other = Workshop()
    other.address.value = shop.address.value
    assert shop.address.value == "C2,blocked=2222,show=why,about=ssh-tunnel,predict,hidden"
    assert other.address.value == shop.address.value
    assert other.parts["body"].value == shop.parts["body"].value
    assert (other.controls.choices, other.hidden) == (shop.controls.choices, True)
    assert other.before == other.controls.choices


def test_an_address_that_is_not_understood_changes_nothing() -> None:
    """The field goes back to what is shown."""
    shop = Workshop("C4")
    shop.address.value = "C4,edge=<b>"
    assert shop.address.value == "C4"
    assert shop.scene.value == "C4"


def test_a_revealed_scene_stays_revealed() -> None:
    """Predict first alone does not hide it."""
    shop = Workshop()
    shop.address.value = "C3,predict"
    assert (shop.predict.value, shop.hidden, shop.reveal.description) == (True, False, "Hide")


def test_the_page_has_one_field_for_the_address() -> None:
    """It stands there whichever of workshop and case is shown."""
    shown = Presentation()
    assert shown.workshop.address in shown.children
    assert shown.workshop.address not in shown.workshop.children
