"""The stacks that are tried: how each driver is built and started, and which version it has."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cells import PASSWORD
from OpenSSL import SSL

HERE = Path(__file__).parent
TLS_1_2, TLS_1_3 = SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION
_CARGO_OF_DEBIAN = """[source.crates-io]
replace-with = "debian"
[source.debian]
directory = "/usr/share/cargo/registry"
"""


def ran(*command: str | Path, folder: Path | None = None) -> str:
    """Return what a command printed; raises CalledProcessError where it fails."""
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, text=True, check=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.stdout.strip()


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack: what it needs here, how its driver is built and started, and its version.

    `how` says which check of the stack was asked for. `build` writes into a folder and returns the
    words that start the driver. `prepare` adds to the folder of a cell what only this stack reads.
    `versions` are those of TLS that it speaks.
    """

    name: str
    how: str
    needs: tuple[str, ...]
    build: Callable[[Path], Sequence[str]]
    version: Callable[[], str]
    prepare: Callable[[Path], None] = lambda _folder: None
    versions: tuple[int, ...] = (TLS_1_2, TLS_1_3)

    @property
    def lacks(self) -> tuple[str, ...]:
        """Return which programs and files are not here, () where it can be run."""
        return tuple(n for n in self.needs if not (shutil.which(n) or Path(n).exists()))


def _compiled(name: str, *flags: str) -> Callable[[Path], Sequence[str]]:
    def build(to: Path) -> Sequence[str]:
        ran("gcc", "-O1", "-Wall", "-Werror", "-o", to / name, HERE / f"{name}.c", *flags)
        return (str(to / name),)

    return build


def _go(to: Path) -> Sequence[str]:
    ran("env", f"GOCACHE={to / 'cache'}", "go", "build", "-o", to / "go", "driver.go", folder=HERE)
    return (str(to / "go"),)


def _java(to: Path) -> Sequence[str]:
    ran("javac", "-d", to, HERE / "Driver.java")
    # Quick to start: each handshake is a process of its own.
    return ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", str(to), "Driver")


def _rustls(to: Path) -> Sequence[str]:
    shutil.copytree(HERE / "rustls", to / "rustls")
    (to / "rustls" / ".cargo").mkdir()
    (to / "rustls" / ".cargo" / "config.toml").write_text(_CARGO_OF_DEBIAN)
    ran("cargo", "build", "--release", "--offline", folder=to / "rustls")
    return (str(to / "rustls" / "target" / "release" / "rustls-driver"),)


def _nss_database(folder: Path) -> None:
    """Fill FOLDER/db with the own certificate, and with the root trusted for both roles."""
    database = ("-d", f"sql:{folder / 'db'}")
    (folder / "db").mkdir()
    ran("certutil", "-N", *database, "--empty-password")
    ran("certutil", "-A", *database, "-n", "root", "-t", "CT,C,C", "-i", folder / "root.pem")
    ran("pk12util", "-i", folder / "own.p12", *database, "-W", PASSWORD.decode(), "-K", "")


def _python_openssl() -> str:
    return ran(sys.executable, "-c", "import ssl; print(ssl.OPENSSL_VERSION)")


def _debian(package: str) -> str:
    return ran("dpkg-query", "-W", "-f", "${Version}", package)


STACKS: tuple[Stack, ...] = (
    Stack(
        "openssl",
        "Python's ssl module, CERT_REQUIRED",
        (),
        lambda _to: (sys.executable, str(HERE / "driver.py")),
        _python_openssl,
    ),
    Stack(
        "go",
        "crypto/tls, RequireAndVerifyClientCert",
        ("go",),
        _go,
        lambda: ran("go", "version"),
    ),
    Stack(
        "java",
        "JSSE, default key and trust managers, needClientAuth",
        ("java", "javac"),
        _java,
        lambda: ran("java", "--version").splitlines()[0],
    ),
    Stack(
        "node",
        "tls, requestCert and rejectUnauthorized",
        ("node",),
        lambda _to: ("node", str(HERE / "driver.js")),
        lambda: ran(
            "node", "-p", "`Node.js ${process.version}, OpenSSL ${process.versions.openssl}`"
        ),
    ),
    Stack(
        "gnutls",
        "gnutls_session_set_verify_cert without a purpose",
        ("gcc", "/usr/include/gnutls/gnutls.h"),
        _compiled("gnutls", "-lgnutls"),
        lambda: f"GnuTLS {_debian('libgnutls30')}",
    ),
    Stack(
        "nss",
        "SSL_AuthCertificate, and NSS_GetClientAuthData to choose",
        ("gcc", "certutil", "pk12util", "/usr/include/nss/ssl.h"),
        _compiled(
            "nss", "-I/usr/include/nss", "-I/usr/include/nspr", "-lssl3", "-lnss3", "-lnspr4"
        ),
        lambda: f"NSS {_debian('libnss3')}",
        _nss_database,
    ),
    Stack(
        "mbedtls",
        "MBEDTLS_SSL_VERIFY_REQUIRED",
        ("gcc", "/usr/include/mbedtls/ssl.h"),
        _compiled("mbedtls", "-lmbedtls", "-lmbedx509", "-lmbedcrypto"),
        lambda: f"Mbed TLS {_debian('libmbedtls14')}",
        versions=(TLS_1_2,),
    ),
    Stack(
        "wolfssl",
        "WOLFSSL_VERIFY_PEER",
        ("gcc", "/usr/include/wolfssl/ssl.h"),
        _compiled("wolfssl", "-lwolfssl"),
        lambda: f"wolfSSL {_debian('libwolfssl35')}",
    ),
    Stack(
        "rustls",
        "AllowAnyAuthenticatedClient",
        ("cargo", "/usr/share/cargo/registry/rustls-0.20.8"),
        _rustls,
        lambda: "rustls 0.20.8, webpki 0.22.0",
    ),
)
