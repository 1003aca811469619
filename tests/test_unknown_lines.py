"""Lines that nobody understands and directory servers: told, and nothing is concluded from them."""

from dataclasses import replace

import pytest
from test_finding_set import CERTAIN, EDGE, LIKELY, LOG, POSSIBLE, seen
from test_observations import CLIENT, SERVER, met, words

from ekukit.connections import Cause, State
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.logged import Unknown
from ekukit.diagnosis.evidence.tries import Try
from ekukit.diagnosis.evidence.tunnels import PastedRow
from ekukit.diagnosis.findings.directories import add_directory
from ekukit.diagnosis.findings.finding import Finding
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.unknown_lines import add_unknown, unknown_lines
from ekukit.log.troubles import TROUBLES, Trouble
from ekukit.log.words import Fate

PAGE = Evidence(EvidenceKind.PASTED, "page", "row")
NAMES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]


def lines(*told: str) -> tuple[Unknown, ...]:
    """Return lines with these words, each at its place of a log."""
    return tuple(Unknown(replace(LOG, line=place), text) for place, text in enumerate(told, 1))


def of_lines(*told: str) -> Finding:
    """Return the finding of lines."""
    gathered = Gathered()
    add_unknown(gathered, replace(seen(), unknown=lines(*told)))
    (found,) = gathered.all()
    return found


def test_lines_that_are_not_understood_are_one_finding() -> None:
    """With the nearest words that are known, as possible and no more."""
    found = of_lines("handshake with a thing failed")
    assert (found.code, found.confidence) == ("log.not-understood", POSSIBLE)
    assert found.found.startswith(
        'Not understood: 1 line that looks like trouble. messages, line 1: "handshake with a '
        'thing failed"; nearest known words: "')  # fmt: skip
    assert of_lines("qq zz").found.endswith('"qq zz"; no known words are near.')
    two = of_lines("qq zz", "qq yy")
    assert two.found.startswith("Not understood: 2 lines that look like trouble. ")
    gathered = Gathered()
    add_unknown(gathered, seen())
    assert list(gathered.all()) == []


def test_lines_of_the_same_words_count_once_in_what_is_shown() -> None:
    """Numbers, addresses and capitals do not count; all lines are counted."""
    found = of_lines("qq zz 1", "QQ 10.0.0.1 zz", "qq zz", "zz qq")
    assert found.found.startswith("Not understood: 4 lines")
    assert [one.line for one in found.evidence] == [1, 4]
    bare = of_lines("1234 5", "1234 6")
    assert [one.line for one in bare.evidence] == [1, 2]


def test_five_kinds_of_lines_are_shown() -> None:
    """160 letters of each, and how many more there are."""
    five = of_lines(*(f"zz {name}" for name in NAMES[:5]))
    assert ("zz five" in five.found, "more kinds" in five.found) == (True, False)
    six = of_lines(*(f"zz {name}" for name in NAMES[:6]))
    assert ("zz six" in six.found, six.found.endswith("and 1 more kinds.")) == (False, True)
    assert f'"{"z" * 160}"' in of_lines("z" * 161).found


def test_a_pasted_row_whose_reason_is_not_understood_is_one_of_them() -> None:
    """Of tunnels and zones that failed alone."""

    def row(reason: str, state: State = State.FAILED, name: str = "ssh-tunnel") -> PastedRow:
        return PastedRow(name, state, "edge", reason, PAGE)

    rows = (row("qq zz"), row("Permission denied"), row(" "), row("qq", State.ACTIVE),
            row("yy", name="uc-zone"))  # fmt: skip
    found = unknown_lines(replace(seen(rows=rows), unknown=lines("first")))
    assert [one.words for one in found] == ["first", "qq zz", "yy"]
    assert found[1].evidence == PAGE


def looked(**changes: object) -> Try:
    """Return a look-up at a directory server."""
    made = met(side=SERVER, server=replace(EDGE, host=None, role=None, port=636),
               name="dc1.example.com", directory=True)  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def directory(**changes: object) -> Finding:
    """Return the finding of a look-up."""
    gathered = Gathered()
    add_directory(gathered, looked(**changes))
    (found,) = gathered.all()
    return found


def test_a_directory_servers_certificate_that_was_refused_is_certain() -> None:
    """With what mends it; neither zone nor tunnel hangs on it (T12)."""
    found = directory(cause=Cause.EXPIRED)
    assert (found.code, found.confidence) == ("directory.refused", CERTAIN)
    assert found.found == (
        "Directory (LDAP): Core core1 refused dc1.example.com's certificate as expired. Zones and "
        "tunnels do not depend on it.")  # fmt: skip
    assert found.todo.startswith("Renew it (at dc1.example.com")
    assert found.evidence == (LOG,)
    name = directory(cause=Cause.NAME)
    assert "did not find the name dc1.example.com in" in name.found
    assert name.todo.startswith("Compare the directory server's certificate with the trusted CA")
    revoked = directory(cause=Cause.REVOCATION, row=words("ocsp verification needed"))
    assert revoked.todo.startswith("Look why Core core1 gets no valid OCSP answer")


def test_a_directory_server_that_was_not_reached_is_likely() -> None:
    """In the words that were read, two hundred letters of them, with what the trouble asks for."""
    found = directory(fate=Fate.FAILED, trouble=Trouble.PORT_CLOSED, words="x" * 201)
    assert (found.code, found.confidence) == ("directory.failed", LIKELY)
    assert f'("{"x" * 200}"). Zones and tunnels' in found.found
    start = TROUBLES[Trouble.PORT_CLOSED].todo.partition("{")[0]
    assert found.todo.startswith(start)
    assert '("' not in directory(fate=Fate.FAILED, trouble=Trouble.PORT_CLOSED, words="").found
    assert '("bad")' not in directory(cause=Cause.EXPIRED).found


@pytest.mark.parametrize("trouble", [None, Trouble.REFUSED])
def test_a_directory_server_that_was_refused_for_no_known_reason(trouble: Trouble | None) -> None:
    """What the table has for directories is to be done."""
    found = directory(trouble=trouble)
    assert (found.code, found.confidence) == ("directory.refused", LIKELY)
    assert found.todo.startswith("Compare the directory server's certificate")
    assert '("bad")' in found.found
    own = directory(trouble=trouble, row=words("algorithm constraints check failed"))
    assert own.todo.startswith("Re-issue it with an RSA key")


def test_words_of_their_own_say_what_to_do_of_a_directory() -> None:
    """Before what the trouble has."""
    row = words("can't contact ldap server")
    found = directory(fate=Fate.FAILED, trouble=row.trouble, row=row)
    assert found.todo.startswith("Look whether Core core1 reaches")


@pytest.mark.parametrize("fate", Fate)
def test_a_directory_server_that_answered_is_no_finding(fate: Fate) -> None:
    """Whatever else it was is told, of either side."""
    gathered = Gathered()
    for side in (CLIENT, SERVER):
        add_directory(gathered, looked(fate=fate, side=side))
    ended_well = fate in (Fate.WORKED, Fate.REACHED, Fate.ELSEWHERE)
    assert (list(gathered.all()) == []) is ended_well
