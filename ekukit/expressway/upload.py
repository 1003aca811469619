"""What a node answers when a certificate is brought to one of its stores."""

from dataclasses import replace

from ekukit.certificates import Certificate
from ekukit.expressway.administration import (
    DEFAULTS,
    UNKNOWN_MESSAGE,
    Answer,
    Door,
    Request,
    Settings,
)
from ekukit.expressway.node import CertificateStore, Expressway, Store
from ekukit.expressway.uploadrules import (
    CHECKS,
    NO_CLIENT_USAGE,
    TAKEN,
    WARNINGS,
    WAYS,
    UploadRule,
)

MENUS = {
    Store.SERVER: "Maintenance > Security > Server certificate",
    Store.CLIENT: "Maintenance > Security > Client certificate",
}


def upload(  # noqa: PLR0913 - a request has these parts
    node: Expressway,
    kind: Store,
    certificate: Certificate,
    *,
    copy_to_client: bool = False,
    via: Door = Door.PAGE,
    settings: Settings = DEFAULTS,
) -> Answer:
    """Return the node's answer to an upload, and the node with the certificate when it is taken.

    Raises nothing: a refusal is an answer. Rests on S1, S6, S7, S8, S10 and T6; warns by T3 to
    T5. Not checked: validity, signatures, whether key and certificate belong together, the final
    newline of the key file, and CAs with one common name in the trusted CA list. The order of
    the page's own checks is not documented, so of several refusals none is quoted.
    """
    request = Request(node, kind, certificate, copy_to_client, via, settings)
    accepted, rules = _verdict(request)
    message = rules[0].message if len(rules) == 1 else UNKNOWN_MESSAGE
    reason = ". ".join(rule.reason for rule in rules)
    return Answer(
        accepted=accepted,
        message=message,
        quoted=message == NO_CLIENT_USAGE,
        node=_filled(request) if accepted else node,
        facts=tuple(dict.fromkeys(name for rule in rules for name in rule.facts)),
        menu=MENUS[kind] if via is Door.PAGE else via.value,
        reason=reason.format(untrusted=", ".join(request.untrusted)),
        warnings=tuple(f"{text} ({fact})" for test, text, fact in WARNINGS if test(request)),
        settings=settings,
    )


def _verdict(request: Request) -> tuple[bool, tuple[UploadRule, ...]]:
    for rule in WAYS:
        if rule.applies(request):
            return rule.accepted, (rule,)
    refusals = tuple(rule for rule in CHECKS if rule.applies(request))
    taken = next(rule for rule in TAKEN if rule.applies(request))
    return not refusals, refusals or (taken,)


def _filled(request: Request) -> Expressway:
    store = CertificateStore(request.kind, request.certificate)
    if request.kind is Store.CLIENT:
        return replace(request.node, client=store)
    copy = CertificateStore(Store.CLIENT, request.certificate)
    return replace(request.node, server=store, client=copy if request.copy else request.node.client)
