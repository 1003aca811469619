"""Orders, checks, differences and plans under pseudonyms: no name of a case is printed."""

import json
from pathlib import Path

import pytest
from conftest import ROOT
from planted import Canaries, leaked, planted

import ekukit
from ekukit import archive
from ekukit.cli import main
from ekukit.diagnosis.investigation import investigate
from ekukit.privacy.hidden_deployment import as_disguised
from ekukit.privacy.passed_on import redacted

CASES = ROOT / "data" / "cases"
SAMPLES = sorted(CASES.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Canaries, Path, Path, Path]:
    """Return canaries, two archives that hold them everywhere, and what a CA sent for one."""
    canaries, folder = Canaries(3), tmp_path_factory.mktemp("planted")
    before, after = (folder / f"{canaries.word()}.tar.gz" for _ in range(2))
    planted(CASES / "public-everywhere-checking-on.tar.gz", before, canaries)
    planted(CASES / "private-core-client.tar.gz", after, canaries)
    host = f"{canaries.word()}.{canaries.word()}.com"
    ekukit.issue({host: "both"}, folder=folder / "sent", key="EC-secp256r1")
    return canaries, before, after, folder / "sent" / f"{host}.pem"


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_no_canary_is_printed_by_any_verb_that_redacts(
    poisoned: tuple[Canaries, Path, Path, Path],
    words: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Planted in logs, dumps, certificates and names; without the option they are printed."""
    _canaries, before, after, sent = map(str, poisoned)
    given = poisoned[0].given
    asked = f"{poisoned[0].word()}.example"
    commands = (
        ["request", "core-client", "--case", before, "--names", asked],
        ["check", sent, "--slot", "core-client", "--case", before],
        ["diff", before, after],
        ["plan", before],
    )
    for command in commands:
        assert main([*command, *words, "--redact"]) == 0
        assert leaked(capsys.readouterr().out, given) == []
        assert main([*command, *words]) == 0
        assert len(leaked(capsys.readouterr().out, given)) > 1


@pytest.mark.parametrize("path", SAMPLES[::4], ids=lambda path: path.name.partition(".")[0])
def test_pseudonyms_are_those_of_inspect_and_what_is_told_is_the_same(path: Path) -> None:
    """With every pseudonym put back an order, and what differs, is that with names."""
    made = redacted(investigate(archive.open(path)))
    real = {as_disguised(shown): said for shown, said in made.pseudonyms.mapping().items()}

    def named(host: str) -> str:
        label, _, domain = host.partition(".")
        return ".".join(filter(None, (real.get(label, label), real.get(domain, domain))))

    orders = [
        json.loads(ekukit.request("edge-server", case=path, redact=hidden).json())["requests"]
        for hidden in (True, False)
    ]
    for hidden, shown in zip(*orders, strict=True):
        assert [named(name) for name in hidden["names"]] == shown["names"]
        assert (hidden["eku"], hidden["for"]) == (shown["eku"], shown["for"])


def test_what_differs_is_the_same_with_and_without_names() -> None:
    """Areas, effects and counts; of two archives the same host has one pseudonym."""
    names = ("private-core-client", "tunnels-issuing-ca-not-trusted")
    paths = [CASES / f"{name}.tar.gz" for name in names]
    shown, hidden = (ekukit.diff(*paths, redact=one) for one in (False, True))
    assert [(d.area, d.effect) for d in hidden.found.differences] == [
        (d.area, d.effect) for d in shown.found.differences
    ]
    assert (hidden.headline, hidden.same) == (shown.headline, shown.same)
    assert ekukit.diff(paths[0], paths[0], redact=True).headline == "Nothing differs."
    [gone] = [d for d in hidden.found.differences if d.area.value == "CAs of trusted lists"]
    assert (gone.where, gone.before) == ("Edge [host2].[domain1]", "CA 1 Internal Issuing CA")


def test_states_with_what_came_back_are_the_same_with_and_without_names(
    poisoned: tuple[Canaries, Path, Path, Path],
) -> None:
    """Before, with it, and with its CAs in the lists; as many points of each weight."""
    path = CASES / "public-everywhere-checking-on.tar.gz"
    told = [
        ekukit.check(poisoned[3], slot="core-client", case=path, redact=one)
        for one in (False, True)
    ]
    assert told[0].states.equals(told[1].states)
    assert [p.weight for p in told[0].points] == [p.weight for p in told[1].points]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda case: ekukit.request("core-client", case=case, folder="x", redact=True),
         "a request with pseudonyms is of no use"),
        (lambda _case: ekukit.request("core-client", names="a.example", redact=True),
         "give --case"),
        (lambda case: ekukit.check(core_client=case, redact=True), "give its archive"),
    ],
)  # fmt: skip
def test_where_nothing_can_be_hidden_it_is_said(call: object, words: str) -> None:
    """A request to be signed needs real names; without a case there are none to hide."""
    with pytest.raises(ekukit.InputError, match=words):
        call(CASES / "private-core-client.tar.gz")  # type: ignore[operator]
