"""`ekukit inspect`: what is wrong in a diagnostic archive, with evidence."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ekukit.errors import InputError
from ekukit.expressway import Role
from ekukit.plaintext import decoded, plain_text
from ekukit.printable import escaped
from ekukit.verbs.moment import moment

if TYPE_CHECKING:
    from ekukit.diagnosis.case import Case

_MOST_PASTED = 8 << 20


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("inspect", help="say what is wrong in a diagnostic archive")
    parser.add_argument("paths", type=Path, nargs="*", metavar="PATH",
                        help="archives, folders or loose files of one case, any nodes")  # fmt: skip
    parser.add_argument("--role", action="append", default=[], metavar="HOST=core|edge",
                        help="the side of a node that no zone tells; repeatable")  # fmt: skip
    parser.add_argument("--paste", type=Path, metavar="FILE",
                        help="the tunnel page or log lines; - for standard input")  # fmt: skip
    parser.add_argument("--at", metavar="DATE", help="list what has expired by then (default: now)")
    parser.add_argument("--report", type=Path, metavar="FILE",
                        help="write a report, .html or .md, redacted")  # fmt: skip
    parser.add_argument("--names", action="store_true", help="keep all names in the report")
    parser.add_argument("--redact", action="store_true",
                        help="hide names in what is printed, too; without it the answer and "
                        "--json show real names of hosts, users and certificates")  # fmt: skip
    parser.add_argument("--map", "--mapping", dest="mapping", type=Path, metavar="FILE",
                        help="write what pseudonyms stand for, into a new file")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.add_argument("--all", action="store_true",
                        help="show every handshake, not the first ones alone")  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read the archive, print the case, write the report if asked; return 0.

    Raises InputError when nothing can be read or an option makes no sense.
    """
    _refuse_senseless(options)
    roles = dict(map(role_of, options.role))
    at = moment(options.at) if options.at else datetime.now(UTC)
    pasted = _pasted(options.paste) if options.paste else ""
    from ekukit.archive import empty_archive, open_archive
    from ekukit.diagnosis.case import investigate

    found = open_archive(*options.paths) if options.paths else empty_archive()
    case = investigate(found, roles=roles, pasted=pasted, at=at)
    refuse_unknown(roles, case)
    if options.report:
        from ekukit.views.report import write_report

        write_report(case, options.report, redact=not options.names, mapping=options.mapping)
    if options.redact:
        from ekukit.diagnosis.redacted import redacted

        hidden = redacted(case)
        case = hidden.case
        if options.mapping and not options.report:
            hidden.pseudonyms.write(options.mapping)
    if options.json:
        from ekukit.verbs.case_json import MOST, case_data

        # Escaped, so that nothing in it steers a terminal, whatever its encoding.
        told = case_data(case, None if options.all else MOST)
        data = {"redacted": options.redact, **told}
        sys.stdout.write(escaped(json.dumps(data, indent=2)) + "\n")
    else:
        from ekukit.cli.case_text import show_case

        show_case(case, everything=options.all, redacted=options.redact)
    return 0


def _refuse_senseless(options: argparse.Namespace) -> None:
    if options.names and not options.report:
        msg = "--names belongs to a report; add --report FILE"
    elif options.mapping and not (options.redact or (options.report and not options.names)):
        msg = "--map belongs to what is redacted; add --report FILE without --names, or --redact"
    elif not options.paths and not options.paste:
        msg = "nothing to inspect; name an archive, a folder or files, or give text by --paste"
    else:
        return
    raise InputError(msg)


def role_of(text: str) -> tuple[str, Role]:
    """Return host and role of HOST=core or HOST=edge; raises InputError for another text."""
    host, _, side = text.rpartition("=")
    if not host or side.capitalize() not in set(Role):
        msg = f"--role {text!r} cannot be read; write HOST=core or HOST=edge"
        raise InputError(msg)
    return host, Role(side.capitalize())


def _pasted(path: Path) -> str:
    """Return pasted text; raises InputError for no plain file, and for more than is read of it."""
    try:
        if str(path) == "-":
            given = getattr(sys.stdin, "buffer", sys.stdin).read(_MOST_PASTED + 1)
            data = given.encode("utf-8", "replace") if isinstance(given, str) else given
        else:
            from ekukit.archive.paths import looked_at

            looked_at(path, "name a text file, or - for standard input")
            with path.open("rb") as file:
                data = file.read(_MOST_PASTED + 1)
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); name a text file"
        raise InputError(msg) from None
    if len(data) > _MOST_PASTED:
        msg = f"{path}: more than {_MOST_PASTED >> 20} MiB of pasted text; give the log as a PATH"
        raise InputError(msg)
    return decoded(plain_text(data))


def refuse_unknown(roles: dict[str, Role], case: "Case") -> None:
    """Raise InputError when a role is given to a host that is no node of the case."""
    hosts = {node.host.lower() for node in case.nodes}
    wrong = [host for host in roles if host.lower() not in hosts]
    if wrong:
        there = ", ".join(node.host for node in case.nodes) or "none"
        msg = f"--role: no node is called {', '.join(wrong)}; the nodes are: {there}"
        raise InputError(msg)
