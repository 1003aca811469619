"""Uploads, upgrades, the directory and the command line answer as the sources say."""

# ruff: noqa: SIM300 - the expected value comes first

import itertools
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ekukit.certificates import Certificate, EkuProfile, utc
from ekukit.errors import InputError
from ekukit.expressway.administration import UNKNOWN_MESSAGE, Answer, Door, Settings
from ekukit.expressway.build import CA1, build, certificate_for
from ekukit.expressway.commandline import CHECKING_MODE, SERVER_EKU_UPLOAD, execute
from ekukit.expressway.conditions import condition
from ekukit.expressway.directory import CLIENT_FILES, LISTING_FACTS, PUBLISHED_UPGRADE, listing
from ekukit.expressway.node import (
    ClientStoreOrigin,
    Expressway,
    Mode,
    Release,
    Role,
    Store,
    client_store_origin,
)
from ekukit.expressway.slot import Slot
from ekukit.expressway.upgrade import upgrade
from ekukit.expressway.upload import upload
from ekukit.facts import Status, ledger

S6_MESSAGE = (
    "Invalid certificate: The file provided does not have a client usage attribute. "
    "Services requiring mutual TLS may not work."
)
ALLOWED = Settings(server_eku_upload=True)
ON_QUERY = '*c xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: "On"\nOK'


def node(role: Role = Role.EDGE, release: Release = Release.X15_5) -> Expressway:
    """Return a node of condition 1 with the release."""
    deployment = build(condition("C1", release=release))
    return (deployment.core if role is Role.CORE else deployment.edge)[0]


def certificate(eku: EkuProfile, issuer: str = "internal") -> Certificate:
    """Return a certificate for the edge node."""
    return certificate_for("edge.example.com", Slot(issuer, eku), key="RSA-2048")


SERVER_ONLY = certificate(EkuProfile.SERVER)
BOTH = certificate(EkuProfile.BOTH)


def test_serverauth_only_client_upload_is_refused_with_the_products_message() -> None:
    """The client page of X15.5 quotes S6 word by word."""
    assert upload(node(), Store.CLIENT, SERVER_ONLY).message == S6_MESSAGE


def test_the_quoted_message_is_marked_as_the_products_own() -> None:
    """Only what a source prints counts as the product's words."""
    assert upload(node(), Store.CLIENT, SERVER_ONLY).quoted is True


def test_a_refusal_leaves_the_node_unchanged() -> None:
    """The very same node comes back."""
    before = node()
    assert before is upload(before, Store.CLIENT, SERVER_ONLY).node


def test_client_upload_with_clientauth_fills_the_client_store_alone() -> None:
    """The server store keeps what it had."""
    before = node()
    after = upload(before, Store.CLIENT, BOTH).node
    assert (before.server.certificate, BOTH) == (after.server.certificate, after.client.certificate)


def test_client_upload_is_at_the_client_certificate_page() -> None:
    """The menu path is the source's."""
    expected = "Maintenance > Security > Client certificate"
    assert expected == upload(node(), Store.CLIENT, BOTH).menu


def test_copy_checkbox_fills_both_stores_with_a_serverauth_only_certificate() -> None:
    """S7: the copy is not held against the check of the client page."""
    after = upload(node(), Store.SERVER, SERVER_ONLY, copy_to_client=True).node
    assert (SERVER_ONLY, SERVER_ONLY) == (after.server.certificate, after.client.certificate)


def test_copy_checkbox_on_core_warns_of_zone_and_tunnels() -> None:
    """A client store without clientAuth is refused by checking responders and by SSH."""
    answer = upload(node(Role.CORE), Store.SERVER, SERVER_ONLY, copy_to_client=True)
    assert ["(E3)", "(E7)"] == [text[-4:] for text in answer.warnings]


@pytest.mark.parametrize(
    ("kind", "release"), [(Store.CLIENT, Release.X15_5), (Store.SERVER, Release.X15_4)]
)
def test_copy_checkbox_exists_on_the_server_page_of_x15_5_only(
    kind: Store, release: Release
) -> None:
    """Elsewhere the answer is a refusal, not a copy."""
    answer = upload(node(release=release), kind, BOTH, copy_to_client=True)
    assert (False, True) == (answer.accepted, "S7" in answer.facts)


def test_server_page_of_x15_5_takes_a_serverauth_only_certificate() -> None:
    """Without the checkbox the client store stays."""
    before = node()
    after = upload(before, Store.SERVER, SERVER_ONLY).node
    assert (SERVER_ONLY, before.client) == (after.server.certificate, after.client)


@pytest.mark.parametrize(
    ("expected", "role", "release", "settings"),
    [
        (False, Role.EDGE, Release.X14_3, ALLOWED),
        (False, Role.EDGE, Release.X15_4, Settings()),
        (True, Role.EDGE, Release.X15_4, ALLOWED),
        (False, Role.CORE, Release.X15_4, ALLOWED),
        (True, Role.CORE, Release.X15_5, Settings()),
    ],
)
def test_serverauth_only_on_the_server_page_by_release_role_and_setting(
    expected: bool,  # noqa: FBT001 - a column of the table
    role: Role,
    release: Release,
    settings: Settings,
) -> None:
    """S8, row by row."""
    answer = upload(node(role, release), Store.SERVER, SERVER_ONLY, settings=settings)
    assert (expected, "S8" in answer.facts) == (answer.accepted, True)


def test_the_message_of_an_older_page_is_not_invented() -> None:
    """No source quotes what pages before X15.5 say."""
    answer = upload(node(release=Release.X14_3), Store.SERVER, SERVER_ONLY)
    assert (UNKNOWN_MESSAGE, False) == (answer.message, answer.quoted)


@pytest.mark.parametrize("release", [Release.X14_3, Release.X15_4])
def test_no_client_store_before_x15_5(release: Release) -> None:
    """Even a certificate with both EKUs finds no client page."""
    answer = upload(node(release=release), Store.CLIENT, BOTH)
    assert (False, ("S1",)) == (answer.accepted, answer.facts)


@pytest.mark.parametrize(
    ("expected", "release"),
    [(True, Release.X14_3), (False, Release.X15_4), (False, Release.X15_5)],
)
def test_scp_is_a_way_before_x15_4_only(
    expected: bool,  # noqa: FBT001 - a column of the table
    release: Release,
) -> None:
    """S10 says nothing for later releases."""
    answer = upload(node(release=release), Store.SERVER, SERVER_ONLY, via=Door.SCP)
    assert (expected, ("S10",)) == (answer.accepted, answer.facts)


def test_scp_on_x15_5_says_that_nothing_is_said() -> None:
    """The refusal is no claim about the product."""
    assert "nothing is said" in upload(node(), Store.SERVER, SERVER_ONLY, via=Door.SCP).reason


def test_upload_is_refused_while_the_issuing_chain_is_not_trusted() -> None:
    """T6: the missing authorities are named."""
    before = replace(node(), trusted=frozenset({CA1.root}))
    answer = upload(before, Store.SERVER, BOTH)
    assert (False, True) == (
        answer.accepted,
        answer.reason.endswith(f"missing: {CA1.issuing.name}"),
    )


def test_of_two_refusals_none_is_quoted() -> None:
    """Which check the page makes first is not documented."""
    answer = upload(replace(node(), trusted=frozenset()), Store.CLIENT, SERVER_ONLY)
    assert (UNKNOWN_MESSAGE, ("S6", "T6")) == (answer.message, answer.facts)


def test_client_upload_without_eku_extension_is_taken_and_cisco_does_not_say() -> None:
    """The absence of the extension is read as OpenSSL reads it (E5)."""
    answer = upload(node(), Store.CLIENT, certificate(EkuProfile.NONE))
    assert (True, Status.INFERRED, True) == (
        answer.accepted,
        answer.basis,
        "Cisco does not say" in answer.reason,
    )


def test_client_upload_with_any_alone_is_refused_and_cisco_does_not_say() -> None:
    """For OpenSSL anyExtendedKeyUsage is no clientAuth (E5)."""
    answer = upload(node(), Store.CLIENT, certificate(EkuProfile.ANY))
    assert (False, Status.INFERRED, True) == (
        answer.accepted,
        answer.basis,
        "Cisco does not say" in answer.reason,
    )


@pytest.mark.parametrize("eku", EkuProfile)
def test_client_page_and_origin_of_the_client_store_agree(eku: EkuProfile) -> None:
    """What the page refuses is what no upload can have brought."""
    found = certificate(eku)
    before = node()
    stored = replace(before, client=replace(before.client, certificate=found))
    reachable = client_store_origin(stored) is ClientStoreOrigin.UPLOADED
    assert reachable == upload(before, Store.CLIENT, found).accepted


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        ("T3", {"key": "RSA-8192"}),
        ("T4", {"subject": "O=Example"}),
        ("T5", {"names": ("*.example.com",)}),
        ("T5", {"subject": "CN=*.example.com"}),
        ("T6", {"chain": ()}),
        ("RFC-EKU", {"ekus": certificate(EkuProfile.CLIENT).ekus}),
    ],
)
def test_upload_warns_without_refusing(expected: str, changes: dict[str, object]) -> None:
    """What Cisco discourages is taken and told."""
    answer = upload(node(), Store.SERVER, BOTH.moved(**changes))
    assert (True, [f"({expected})"]) == (
        answer.accepted,
        [text.split()[-1] for text in answer.warnings],
    )


def test_client_upload_under_a_limited_issuing_ca_warns() -> None:
    """E6: the page looks at the leaf, responders at the chain."""
    limited = certificate(EkuProfile.SERVER, "public").moved(ekus=BOTH.ekus)
    answer = upload(node(), Store.CLIENT, limited)
    assert (True, "(E6)") == (answer.accepted, answer.warnings[-1][-4:])


@pytest.mark.parametrize("release", [Release.X14_3, Release.X15_4])
def test_upgrade_copies_the_server_certificate_into_the_client_store(release: Release) -> None:
    """S4: both stores show one certificate."""
    before = node(release=release)
    after = upgrade(before).node
    assert (before.server.certificate, ClientStoreOrigin.COPY) == (
        after.client.certificate,
        client_store_origin(after),
    )


def test_upgrade_to_x15_5_starts_with_mode_on() -> None:
    """E1: On is the default of the new mode."""
    before = replace(node(release=Release.X15_4), eku_checking=Mode.OFF)
    assert upgrade(before).node.eku_checking is Mode.ON


@pytest.mark.parametrize(("expected", "found"), [("(E9)", BOTH), ("(E15)", SERVER_ONLY)])
def test_upgrade_says_when_the_break_comes(expected: str, found: Certificate) -> None:
    """A copy with clientAuth works until its renewal, one without does not count as client."""
    before = node(release=Release.X15_4)
    filled = replace(before, server=replace(before.server, certificate=found))
    assert upgrade(filled).warnings[1].endswith(expected)


def test_upgrade_of_an_empty_store_tells_no_break() -> None:
    """Nothing is copied, so nothing is said of the copy."""
    before = node(release=Release.X15_4)
    filled = replace(before, server=replace(before.server, certificate=None))
    assert [w for w in upgrade(filled).warnings if "copy" in w] == []


def test_upgrade_to_x15_4_makes_no_client_store() -> None:
    """One store up to X15.4."""
    assert upgrade(node(release=Release.X14_3), Release.X15_4).node.client.certificate is None


@pytest.mark.parametrize("to", [Release.X15_5, Release.X15_4])
def test_upgrade_to_the_same_or_an_earlier_release_is_an_input_error(to: Release) -> None:
    """The text says which release the node has."""
    with pytest.raises(InputError, match=r"has X15\.5"):
        upgrade(node(), to)


def test_directory_gains_the_three_client_files_at_the_upgrade() -> None:
    """S5: nothing else is new, nothing is gone."""
    before = node(release=Release.X15_4)
    old = {row.name for row in listing(before)}
    new = {row.name for row in listing(upgrade(before).node)}
    assert (set(CLIENT_FILES), set()) == (new - old, old - new)


def test_directory_of_x15_4_has_the_documented_names() -> None:
    """S5 names ten files and three folders."""
    files = (
        "server.pem privkey.pem ca.pem server-ssh.pem client-ca.crl client-ca.crl.default "
        "policy-services.crl policy-services.crl.default mtls_ca.pem crl-update.conf"
    )
    folders = "generated_csr multidomaincerts saml"
    rows = listing(node(release=Release.X15_4))
    assert set(f"{files} {folders}".split()) == {row.name for row in rows}


def test_folders_have_no_size() -> None:
    """As the source's listing shows."""
    rows = listing(node(release=Release.X15_4))
    expected = ["generated_csr", "multidomaincerts", "saml"]
    assert expected == [row.name for row in rows if not row.size]


def test_client_pem_dates_from_the_upgrade_and_server_pem_does_not() -> None:
    """The times show the copy."""
    times = {row.name: row.changed for row in listing(node())}
    expected = (PUBLISHED_UPGRADE, utc("2026-03-14 08:19:20"))
    assert expected == (times["client.pem"], times["server.pem"])


def test_published_rows_of_x15_5_are_documented_and_show_no_rights() -> None:
    """The published listing of X15.5 has neither rights nor owner."""
    assert {(Status.DOCUMENTED, "", "")} == {
        (row.basis, row.rights, row.owner) for row in listing(node())
    }


def test_gaps_filled_in_the_published_picture_are_marked() -> None:
    """Two rights of X15.4 lack dashes in the source's text."""
    rows = listing(node(release=Release.X15_4))
    expected = ["multidomaincerts", "server-ssh.pem"]
    assert expected == [row.name for row in rows if row.basis is Status.INFERRED]


def test_another_upgrade_moves_every_time_and_marks_it_as_made_here() -> None:
    """The order of times stays as published."""
    day = timedelta(days=10)
    moved = listing(node(), upgraded_at=PUBLISHED_UPGRADE + day)
    expected = [(row.changed + day, Status.ASSUMED) for row in listing(node()) if row.changed]
    assert expected == [(row.changed, row.basis) for row in moved]


def test_client_files_of_a_later_upload_have_no_published_time() -> None:
    """A client store that is no copy was filled at a time not known."""
    after = upload(node(), Store.CLIENT, BOTH).node
    found = {row.changed for row in listing(after) if row.name in CLIENT_FILES}
    assert {None} == found


def test_client_files_take_the_time_of_a_later_upload() -> None:
    """The time is the caller's."""
    at = PUBLISHED_UPGRADE + timedelta(days=1)
    after = upload(node(), Store.CLIENT, BOTH).node
    rows = listing(after, client_changed_at=at)
    assert {at} == {row.changed for row in rows if row.name in CLIENT_FILES}


def test_an_empty_client_store_has_no_client_files() -> None:
    """Our reading; no source shows such a node."""
    empty = replace(node(), client=replace(node().client, certificate=None))
    assert not set(CLIENT_FILES) & {row.name for row in listing(empty)}


@pytest.mark.parametrize(
    "times",
    [
        {"upgraded_at": PUBLISHED_UPGRADE.replace(tzinfo=None)},
        {"client_changed_at": PUBLISHED_UPGRADE - timedelta(days=1)},
    ],
)
def test_listing_refuses_times_that_cannot_be(times: dict[str, datetime]) -> None:
    """No time zone, or a client store changed before it existed."""
    with pytest.raises(InputError):
        listing(node(), **times)


@pytest.mark.parametrize(
    "text",
    [
        "xConfiguration SIP TLS Certificate ExtendedKeyUsage CheckingMode: Off",
        "xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: Off",
        "xconfiguration sip tls certificate extendedkeyusage checkingmode off",
        'XCONFIGURATION SIP  TLS Certificate ExtendedKeyUsage Checking Mode : "OFF"',
        "  xConfiguration SIP TLS Certificate ExtendedKeyUsageCheckingMode:off:  ",
    ],
)
def test_every_spelling_sets_the_mode(text: str) -> None:
    """K5: blanks, case, colon and quotes are free."""
    answer = execute(node(), text)
    assert (Mode.OFF, "OK", True) == (answer.node.eku_checking, answer.message, answer.quoted)


@pytest.mark.parametrize("end", ["", ":", " : ", ': ""'])
def test_query_prints_the_mode_in_one_spelling(end: str) -> None:
    """Without a value the command shows the state and changes nothing."""
    before = node()
    answer = execute(
        before, f"xconfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode{end}"
    )
    assert (ON_QUERY, before) == (answer.message, answer.node)


def test_the_mode_survives_from_command_to_query() -> None:
    """What was set is what is printed."""
    after = execute(node(), f"{CHECKING_MODE}: Off").node
    assert f'*c {CHECKING_MODE}: "Off"\nOK' == execute(after, CHECKING_MODE).message


@pytest.mark.parametrize("value", ["maybe", "On/Off", "On; reboot", "1"])
def test_another_value_is_refused_and_changes_nothing(value: str) -> None:
    """The mode is On or Off."""
    answer = execute(node(), f"{CHECKING_MODE}: {value}")
    assert (False, node(), UNKNOWN_MESSAGE) == (answer.accepted, answer.node, answer.message)


@pytest.mark.parametrize("release", [Release.X14_3, Release.X15_4])
def test_the_mode_does_not_exist_before_x15_5(release: Release) -> None:
    """E1 decides."""
    answer = execute(node(release=release), f"{CHECKING_MODE}: Off")
    assert (False, ("E1",), True) == (
        answer.accepted,
        answer.facts,
        "does not exist" in answer.reason,
    )


def test_the_x15_4_command_opens_the_server_page_of_edge() -> None:
    """The settings of the answer are those of the next upload."""
    before = node(release=Release.X15_4)
    settings = execute(before, f"{SERVER_EKU_UPLOAD}: On").settings
    assert upload(before, Store.SERVER, SERVER_ONLY, settings=settings).accepted


def test_the_x15_4_command_can_be_taken_back() -> None:
    """Off closes the page again."""
    answer = execute(node(release=Release.X15_4), f"{SERVER_EKU_UPLOAD}: Off", settings=ALLOWED)
    assert Settings() == answer.settings


@pytest.mark.parametrize(
    ("words", "role", "release"),
    [
        ("does not run on Expressway-C", Role.CORE, Release.X15_4),
        ("deprecated", Role.EDGE, Release.X15_5),
        ("does not exist", Role.EDGE, Release.X14_3),
    ],
)
def test_the_x15_4_command_is_refused_elsewhere(words: str, role: Role, release: Release) -> None:
    """S8 gives each its reason."""
    answer = execute(node(role, release), f"{SERVER_EKU_UPLOAD}: On")
    assert (False, Settings(), True) == (answer.accepted, answer.settings, words in answer.reason)


@pytest.mark.parametrize(
    "text",
    ["", "help", "xCommand Boot", f"{CHECKING_MODE}Off", f"{CHECKING_MODE}: On\nxCommand Boot"],
)
def test_an_unknown_command_lists_what_is_known_and_changes_nothing(text: str) -> None:
    """Nothing but the two commands runs."""
    answer = execute(node(), text)
    assert (False, node(), True, True) == (
        answer.accepted,
        answer.node,
        CHECKING_MODE in answer.reason,
        SERVER_EKU_UPLOAD in answer.reason,
    )


def every_answer() -> list[Answer]:
    """Return the answers to all uploads, commands and upgrades of all kinds of nodes."""
    nodes = [node(role, release) for role, release in itertools.product(Role, Release)]
    odd = BOTH.moved(key="RSA-8192", subject="", names=("*.example.com",), chain=())
    certificates = [certificate(eku) for eku in EkuProfile]
    certificates += [odd, certificate(EkuProfile.SERVER, "public").moved(ekus=BOTH.ekus)]
    settings = (Settings(), ALLOWED)
    trusts = [replace(each, trusted=frozenset()) for each in nodes]
    uploads = [
        upload(each, kind, found, copy_to_client=copy, via=via, settings=setting)
        for each, kind, found, copy, via, setting in itertools.product(
            [*nodes, *trusts], Store, certificates, (False, True), Door, settings
        )
    ]
    texts = [
        f"{name}{end}"
        for name in (CHECKING_MODE, SERVER_EKU_UPLOAD, "help")
        for end in ("", ": On", ": Off", ": x")
    ]
    commands = [execute(each, text) for each, text in itertools.product(nodes, texts)]
    upgrades = [upgrade(each) for each in nodes if each.release is not Release.X15_5]
    return [*uploads, *commands, *upgrades]


def test_every_fact_of_every_answer_is_in_the_ledger() -> None:
    """Neither verdicts nor warnings cite what the ledger does not have."""
    answers = every_answer()
    named = {name for answer in answers for name in (*answer.facts, *LISTING_FACTS)}
    for text in {text for answer in answers for text in answer.warnings}:
        named |= set(re.findall(r"\(([A-Z][A-Z0-9-]*)\)$", text))
    assert set() == named - set(ledger())


def test_every_warning_ends_with_a_fact() -> None:
    """A warning without a source is not told."""
    texts = {text for answer in every_answer() for text in answer.warnings}
    assert [] == [text for text in texts if not re.search(r" \([A-Z][A-Z0-9-]*\)$", text)]


def test_every_answer_has_facts_and_a_reason() -> None:
    """The basis of a verdict can always be given."""
    assert all(answer.basis in Status and answer.reason for answer in every_answer())


def test_only_two_messages_are_quoted_from_the_product() -> None:
    """Everything else says that the product's message is not known, or is ours."""
    assert {S6_MESSAGE, "OK"} == {a.message for a in every_answer() if a.quoted}


def test_no_refusal_changes_a_node_or_a_setting() -> None:
    """A refused upload on a node without a client store leaves that store empty too."""
    before = node(release=Release.X15_4)
    refused = upload(before, Store.CLIENT, BOTH, settings=ALLOWED)
    assert (before, ALLOWED) == (refused.node, refused.settings)
