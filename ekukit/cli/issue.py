"""`ekukit issue`: a certificate authority and certificates of any profile, in files, TEST ONLY."""

import argparse
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ekukit.certificates import (
    EkuProfile,
    certificate_pem,
    describe,
    internal_authority,
    make_credential,
    public_authority,
    utc,
)
from ekukit.errors import InputError
from ekukit.printable import visible

_MODE = 0o600
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("issue", help="write a CA and certificates to a folder")
    parser.add_argument(
        "names",
        nargs="+",
        metavar="NAME[=PROFILE]",
        help="such as core.example.com=both",
    )
    parser.add_argument("--folder", type=Path, required=True, help="where the files go")
    profiles = [profile.value for profile in EkuProfile]
    parser.add_argument("--eku", choices=profiles, default="both")
    parser.add_argument("--oid", action="append", default=[], help="an EKU by OID; repeatable")
    parser.add_argument("--also", action="append", default=[], help="a further DNS name")
    parser.add_argument("--issuer", choices=("internal", "public"), default="internal")
    parser.add_argument("--issued", metavar="DATE", help="first day of validity (default: today)")
    parser.add_argument("--days", type=int, help="days of validity")
    parser.add_argument("--key", default="RSA-2048", help="RSA-2048 to RSA-4096, EC-secp256r1")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write root, issuing CA, chain, leaf and key; the key with mode 0600; return 0.

    Raises InputError for a name that is no host name, a date that cannot be read, what the public
    authority's policy refuses, and a folder that cannot be written. Existing files are kept.
    """
    authority = internal_authority() if options.issuer == "internal" else public_authority()
    files: dict[str, bytes] = {}
    for wanted in options.names:
        name, _, profile = wanted.partition("=")
        certificate = authority.issue(
            _host_name(name),
            eku=profile or tuple(options.oid) or options.eku,
            issued=_day(options.issued),
            names=tuple(options.also),
            days=options.days,
            key=options.key,
        )
        credential = make_credential(certificate)
        issuing, root = credential.chain
        files |= {
            f"{name}.pem": credential.leaf_pem() + credential.chain_pem(),
            f"{name}-leaf.pem": credential.leaf_pem(),
            f"{name}-key-TEST-ONLY.pem": credential.key_pem(),
            "issuing-ca.pem": certificate_pem(issuing),
            "root-ca.pem": certificate_pem(root),
            "trusted-cas.pem": certificate_pem(issuing) + certificate_pem(root),
        }
        print(visible(describe(certificate)))  # noqa: T201
    _write(options.folder, files)
    folder = visible(str(options.folder))
    print(f"{len(files)} files in {folder}; TEST ONLY, never for a real system")  # noqa: T201
    return 0


def _host_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        msg = f"{name!r} is no host name; write something like core.example.com"
        raise InputError(msg)
    return name


def _day(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    try:
        return utc(text)
    except ValueError:
        msg = f"date {text!r} cannot be read; write YYYY-MM-DD"
        raise InputError(msg) from None


def _write(folder: Path, files: dict[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = [name for name in files if (folder / name).exists()]
        if present:
            msg = f"{folder / present[0]} exists already; name an empty folder"
            raise InputError(msg)
        for name, data in files.items():
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(folder / name, flags, _MODE), "wb") as stream:
                stream.write(data)
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror}); choose another folder"
        raise InputError(msg) from None
