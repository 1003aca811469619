"""The sample cases, one row each, and the command that makes them anew.

`python -m ekukit.samples.sample_cases data/cases` writes them all. They are synthetic: every
handshake in them was made in the lab, no Expressway took part.
"""

import sys
from datetime import timedelta, timezone
from pathlib import Path

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, utc
from ekukit.errors import InputError
from ekukit.expressway import CertificateStore, Mode, Role, Store
from ekukit.samples import sample_faults as faults
from ekukit.samples.sample import USUAL, Sample, write_samples
from ekukit.samples.writer import Recording

_INDIA = timezone(timedelta(hours=5, minutes=30))
_ZONE_EKU, _TUNNEL_EKU = "uc-zone.client-eku-missing", "ssh-tunnel.client-eku-missing"
_CUCM_EKU = "cucm-tftp.client-eku-missing"
_EKU = (_ZONE_EKU, _TUNNEL_EKU)
_OFF = "mode.off-hides-missing-client-auth"
_NO_SSH = Recording(connections=("uc-zone", "cucm-tftp", "mra-client"))

SAMPLES: tuple[Sample, ...] = (
    Sample(
        "upgrade-both-stores-equal",
        "Condition 1 after the upgrade to X15.5: both stores of both nodes hold the public "
        "certificate with both EKUs. All works until the next renewal.",
        lambda: faults.case("C1"),
        ("store.equal-after-upgrade",), (*_EKU, _OFF),
    ),
    Sample(
        "public-everywhere-checking-on",
        "Condition 2, test case 1: serverAuth-only certificates in all stores, EKU checking On. "
        "UC zone and tunnels fail.",
        lambda: faults.case("C2"),
        (*_EKU, _CUCM_EKU, "store.copy-of-server-only"), (_OFF, "tunnel.unreached"),
    ),
    Sample(
        "public-everywhere-checking-off",
        "Condition 2, test case 2: as before with EKU checking Off on Edge. The UC zone is "
        "Active, the tunnels are refused all the same.",
        lambda: faults.case("C2", edge_checking=Mode.OFF),
        (_TUNNEL_EKU, _OFF), (_ZONE_EKU, "tunnel.untrusted-issuing-ca"),
    ),
    Sample(
        "private-core-client",
        "Condition 2.1: Core's client certificate comes from an internal CA with both EKUs. UC "
        "zone, tunnels and provisioning work.",
        lambda: faults.case("C2.1"),
        ("store.copy-of-server-only",), (*_EKU, _CUCM_EKU, _OFF, "tunnel.untrusted-issuing-ca"),
    ),
    Sample(
        "healthy-internal-everywhere",
        "Condition 3: internal CA everywhere, both EKUs, and every far end trusts it. Nothing is "
        "wrong.",
        faults.far_ends_that_trust_both,
        (), (*_EKU, _CUCM_EKU, _OFF, "store.equal-after-upgrade", "store.copy-of-server-only"),
        Recording(connections=(*USUAL, "b2b-out", "b2b-in", "cloud-onboarding")),
    ),
    Sample(
        "far-end-refuses-edge",
        "Condition 4: Edge's client store is a serverAuth-only copy. A B2B partner refuses it; "
        "whether Webex would is not known, and no call to Webex was recorded.",
        lambda: faults.case("C4"),
        ("store.copy-of-server-only", "b2b-out.client-eku-missing"), _EKU,
        Recording(connections=(*USUAL, "b2b-out", "webex")),
    ),
    Sample(
        "webex-call-over-mtls",
        "Scenario 1: Edge opens TLS to Webex and presents its client certificate, which Webex "
        "accepts.",
        faults.webex_that_takes_edge,
        (), (*_EKU, "store.copy-of-server-only"),
        Recording(connections=(*USUAL, "webex")),
    ),
    Sample(
        "neighbor-refused-by-core",
        "Scenario 2: a neighbor with a serverAuth-only certificate opens TLS to Core, whose EKU "
        "checking is On. Core refuses it.",
        faults.neighbor_with_server_auth_only,
        ("neighbor-in.client-eku-missing",), _EKU,
        Recording(connections=(*USUAL, "neighbor-in")),
    ),
    Sample(
        "cucm-does-not-trust-core",
        "Scenario 3: Core's client certificate moved to an internal CA that CUCM does not trust. "
        "Zone and tunnels are up, MRA provisioning fails.",
        faults.cucm_without_ca_1,
        ("cucm-tftp.client-untrusted",), (*_EKU, _CUCM_EKU),
    ),
    Sample(
        "tunnels-issuing-ca-not-trusted",
        "Edge trusts the root of Core's client certificate, not its issuing CA. The zone is "
        "Active because TLS sends the chain; the tunnels are refused. The EKUs are right.",
        faults.edge_without_issuing_ca,
        ("tunnel.untrusted-issuing-ca",), (*_EKU, "uc-zone.client-untrusted"),
    ),
    Sample(
        "tunnels-unknown-oid",
        "The subject of Core's client certificate has an attribute that the SSH side does not "
        "know. No handshake of the lab can show that, so no tunnel was recorded.",
        lambda: faults.with_core_client(
            faults.case("C2.1"),
            subject="CN=core.example.com,1.2.840.113556.1.4.656=core,O=ekukit TEST ONLY",
        ),
        ("certificate.unknown-oid",), _EKU, _NO_SSH,
    ),
    Sample(
        "tunnels-timed-out",
        "Nobody answers on port 2222, as behind a firewall. The certificates are right; the zone "
        "is Active. The nodes' time zone is +05:30.",
        lambda: faults.case("C2.1"),
        ("tunnel.unreached",), (*_EKU, "tunnel.untrusted-issuing-ca"),
        Recording(connections=USUAL, blocked=("ssh-tunnel",), zone=_INDIA),
    ),
    Sample(
        "zone-not-reached",
        "Nobody answers on Edge's zone port and on 2222. Certificates and EKUs are right.",
        lambda: faults.case("C2.1"),
        ("zone.unreached",), _EKU,
        Recording(connections=USUAL, blocked=("uc-zone", "ssh-tunnel")),
    ),
    Sample(
        "core-client-expired",
        "Core's client certificate expired two weeks before. It has clientAuth.",
        lambda: faults.with_core_client(faults.case("C2.1"), not_before=utc("2025-06-01"),
                             not_after=utc("2026-06-01")),
        ("uc-zone.client-expired",), _EKU,
    ),
    Sample(
        "verify-name-mismatch",
        "Edge's TLS verify subject name is a cluster name that Core's server certificate has and "
        "its new client certificate lacks. The EKUs are right.",
        lambda: faults.with_cluster_name(faults.case("C2.1")),
        ("uc-zone.client-name-mismatch",), _EKU,
    ),
    Sample(
        "core-sends-no-certificate",
        "Core's client store is empty, so Core presents no certificate to Edge.",
        lambda: faults.case("C3").with_core(client=CertificateStore(Store.CLIENT, None)),
        ("uc-zone.client-no-certificate",), (_ZONE_EKU,),
    ),
    Sample(
        "issuing-ca-limited",
        "Core's client certificate has both EKUs, but the CA that issued it is limited to "
        "serverAuth. Edge refuses it one step up the chain.",
        lambda: faults.with_core_client(faults.case("C2"), ekus=(SERVER_AUTH, CLIENT_AUTH)),
        ("uc-zone.client-issuing-ca-eku", "issuer.limited-to-server-auth"), (_ZONE_EKU,),
    ),
    Sample(
        "two-faults-eku-and-name",
        "Core's client certificate lacks clientAuth, and behind that the name which Edge expects.",
        lambda: faults.case("C2").with_edge(verify_subject_name="cluster-core.example.com"),
        (*_EKU, "uc-zone.client-name-mismatch"), (_OFF,),
    ),
    Sample(
        "two-faults-off-and-expiry",
        "EKU checking Off on Edge hides the missing clientAuth, and Core's certificate expires in "
        "16 days.",
        faults.client_about_to_expire,
        (_TUNNEL_EKU, _OFF, "certificate.expires-soon"), (_ZONE_EKU, "uc-zone.client-expired"),
    ),
    Sample(
        "odd-certificates",
        "All zones work in the lab, but: no common name in Core's client certificate, a wildcard "
        "in Edge's server certificate, an 8192-bit key in Edge's client certificate, and two "
        "issuing CAs of one common name in Edge's list.",
        faults.odd_certificates,
        ("certificate.no-common-name", "certificate.wildcard", "certificate.key-8192",
         "trust.duplicate-common-name"),
        _EKU,
    ),
    Sample(
        "damaged",
        "Condition 2, but Core's capture and Edge's log end in the middle, Core's client "
        "certificate and Edge's configuration are missing.",
        lambda: faults.case("C2"),
        (_ZONE_EKU, "archive.unread", "certificate.not-in-archive"), ("tunnel.unreached",),
        Recording(
            connections=USUAL,
            cut=("eth0_diagnostic_logging_tcpdump00_core", "loggingsnapshot_edge"),
            missing=("client_core", "xconf_dump_edge"),
        ),
    ),
    Sample(
        "only-edge",
        "Condition 2, but only Edge's archive was sent.",
        lambda: faults.case("C2"),
        (_ZONE_EKU, "archive.one-side"), (_OFF,),
        Recording(roles=(Role.EDGE,), connections=USUAL),
    ),
    Sample(
        "cluster-of-two",
        "Condition 2.1 with two peers on each side, one archive for each peer inside the archive. "
        "All works.",
        lambda: faults.case("C2.1", core_peers=2, edge_peers=2),
        ("store.copy-of-server-only",), _EKU,
        Recording(connections=("uc-zone", "ssh-tunnel", "cluster"), per_peer=True),
    ),
)  # fmt: skip


def sample(name: str) -> Sample:
    """Return the sample of that name; raises InputError for another."""
    for found in SAMPLES:
        if found.name == name:
            return found
    msg = f"sample {name!r} is unknown; use one of: {', '.join(row.name for row in SAMPLES)}"
    raise InputError(msg)


if __name__ == "__main__":
    write_samples(SAMPLES, Path(sys.argv[1] if len(sys.argv) > 1 else "data/cases"))
