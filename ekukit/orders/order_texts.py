"""The same order in other words: an openssl configuration, a Microsoft template, a node's page."""

from collections.abc import Iterator
from typing import NamedTuple

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, eku_words
from ekukit.expressway import Role, Store
from ekukit.expressway.upload import MENUS
from ekukit.orders.signing import usages_of
from ekukit.orders.slot_needs import SlotNeeds

PRACTICE = "general practice, no source of this kit"
_NAMES = {SERVER_AUTH: "serverAuth", CLIENT_AUTH: "clientAuth"}
_NEW_KEYS = {
    "rsa3072": "-newkey rsa:3072",
    "ec-p256": "-newkey ec -pkeyopt ec_paramgen_curve:P-256",
}


class OrderPoint(NamedTuple):
    """A point to keep, and the facts that say so, or that it is general practice."""

    text: str
    source: str


def openssl_config(needs: SlotNeeds, key: str) -> str:
    """Return a configuration from which `openssl req -new -config` makes the same request."""
    usage = ", ".join(usages_of(key).key_usage or ())
    ekus = ", ".join(_NAMES.get(oid, oid) for oid in needs.ekus)
    subject = [f"{number}.{part} = {_value(value)}"
               for number, (part, value) in enumerate(needs.subject)]  # fmt: skip
    names = [f"DNS.{number} = {name}" for number, name in enumerate(needs.names, 1)]
    return "\n".join((
        f"# openssl req -new {_NEW_KEYS[key]} -nodes -config THIS -keyout KEY -out CSR",
        "[req]", "prompt = no", "utf8 = yes", "string_mask = utf8only", "default_md = sha256",
        "distinguished_name = subject", "req_extensions = extensions", "",
        "[subject]", *subject, "",
        "[extensions]", f"keyUsage = critical, {usage}", f"extendedKeyUsage = {ekus}",
        "subjectAltName = @names", "",
        "[names]", *names, "",
    ))  # fmt: skip


def _value(text: str) -> str:
    """Return a value as openssl reads it: what it would take for its own is escaped."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return "".join(f"\\{char}" if char in "\\$#\"'`;" else char for char in plain)


def template_points(needs: SlotNeeds) -> Iterator[OrderPoint]:
    """Yield what a template of a Microsoft CA must have, each point with its source.

    Nothing where a public CA is asked.
    """
    if needs.public:
        return
    purposes = eku_words(needs.ekus)
    yield OrderPoint("Duplicate the template Web Server and give it a name of its own", PRACTICE)
    yield OrderPoint(
        f"Extensions > Application Policies: {purposes}, and nothing less", "E3, E7, R1"
        if CLIENT_AUTH in needs.ekus else "S2",
    )  # fmt: skip
    yield OrderPoint("Extensions > Key Usage: digital signature, key encipherment", "E14")
    yield OrderPoint("Subject Name: supply in the request, so that every name is kept", PRACTICE)
    yield OrderPoint("Names as in the request, no wildcard, and a common name", "E8, T4, T5")
    yield OrderPoint("Minimum key size 2048 or 3072, not 8192", "T3")
    yield (
        OrderPoint(
            "The issuing CA must have no EKU extension, or one with clientAuth in it", "E6, E12"
        )
        if CLIENT_AUTH in needs.ekus
        else OrderPoint("No EKU of the issuing CA without it", "E14")
    )
    yield OrderPoint(
        'Submit: certreq -submit -attrib "CertificateTemplate:NAME" REQUEST.csr', PRACTICE
    )


def page_points(needs: SlotNeeds) -> Iterator[OrderPoint]:
    """Yield what to type where the node makes key and request itself."""
    menu = MENUS[needs.place[1]]
    yield OrderPoint(f"{menu}, where the request is made; the key stays on the node", PRACTICE)
    yield OrderPoint(f"Common name: {dict(needs.subject)['CN']}", "T4")
    yield OrderPoint(f"Additional alternative names: {', '.join(needs.names)}", "E8, T5")
    yield OrderPoint(f"EKUs to ask the CA for: {eku_words(needs.ekus)}", "E3, S6")


def before_upload(needs: SlotNeeds) -> Iterator[OrderPoint]:
    """Yield what must be done with the new certificate's CAs before it is uploaded."""
    role, store = needs.place
    other = Role.EDGE if role is Role.CORE else Role.CORE
    yield OrderPoint(f"Root and issuing CA into {role.value}'s own trusted CA list first", "T6")
    if (role, store) == (Role.CORE, Store.CLIENT):
        yield OrderPoint(f"Every issuing CA into {other.value}'s trusted CA list", "E11")
        yield OrderPoint("Root and issuing CA into CUCM's tomcat-trust, CallManager-trust", "T8")
    elif (role, store) == (Role.EDGE, Store.SERVER):
        yield OrderPoint(f"Root and issuing CA into {other.value}'s trusted CA list", "E11")
    elif store is Store.CLIENT:
        yield OrderPoint("Root and issuing CA to every far end that Edge calls", "C3-far")
    yield OrderPoint(
        f"What comes back: ekukit check --slot {needs.slot} NEW.pem --case CASE", "S6, T6"
    )
