"""The installation's settings: one TOML file, then the environment over it.

Each field below is a setting. ``belowline.toml`` names it as written here; the environment names it
``BELOWLINE_`` and the name in capitals (``DATABASE_URL`` and ``PORT`` work without the prefix too).
What belongs to one site (origins, limits, words) is kept with the site, not here.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from belowline.core.errors import Misconfigured

SECRET_LENGTH = 32
PREFIX = "BELOWLINE_"
SHORT = {"database_url": "DATABASE_URL", "port": "PORT"}
"""Names in the environment that many hosts set by themselves, without our prefix."""
RANGES = {
    "port": (1, 65535),
    "undo_seconds": (0, 86_400),
    "session_days": (1, 3650),
    "backup_daily": (1, 366),
    "backup_weekly": (0, 520),
}
"""The least and the most that a number can be."""

_ORIGIN = re.compile(
    r"https?://(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII
)
# As browsers send it: lower case, an IDN in its ASCII form, no user, no path, no dot at the end.


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation can set, with what holds if it does not."""

    secret: str = field(default="", repr=False)
    """Key for signatures and hashes, at least 32 characters; there is no default."""
    database_url: str = "sqlite:///belowline.db"
    """``sqlite:///path`` or ``postgresql://user:password@host/name``."""
    base_url: str = "http://127.0.0.1:8000"
    """Where readers reach Belowline, as they see it; if it is not set, it follows ``port``. Links,
    cookies and origins hang on it."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 8000
    """Port to listen on."""
    mail_url: str = field(default="", repr=False)
    """``smtp://user:password@host:587`` (STARTTLS) or ``smtps://…:465``; empty: mail is off."""
    mail_from: str = "Belowline <comments@localhost>"
    """Sender of codes and notices."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose ``X-Forwarded-For`` is believed; separated by commas."""
    screen_networks: tuple[str, ...] = ()
    """Private networks in which a site's external screen may be; separated by commas."""
    undo_seconds: int = 60
    """How long a decision can be taken back, and so how long its notices wait."""
    session_days: int = 30
    """How long a reader stays signed in."""
    live_connections: int = 20000
    """Live streams that one process keeps open; whoever comes after that polls."""
    live_connections_each: int = 100
    """Live streams of one client network: an IPv4 address, or an IPv6 network of 64 bits."""
    demo: bool = False
    """The demo newspaper: sign-in shortcuts and a public outbox. Refused on a public address."""
    outbox: str = ""
    """Folder to which the demo writes mail instead of sending it; refused without ``demo``."""
    import_folder: str = ""
    """Folder for what an import has read and not stored yet: as large as the file, unpacked, and
    private. Empty: one of its own among the system's temporary files."""
    backup_to: str = ""
    """Where backups go: a folder, or ``s3://bucket/folder``; empty: none is made here."""
    backup_endpoint: str = ""
    """Address of an S3-compatible store other than Amazon's, such as ``https://s3.host.example``.
    Its keys are read from ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY``."""
    backup_keys: tuple[str, ...] = ()
    """Public keys for which backups are sealed (``age1…``, ``ssh-ed25519 …``); separated by commas.
    Without one they are not sealed."""
    backup_daily: int = 7
    """Days of which the last backup is kept."""
    backup_weekly: int = 5
    """Weeks of which the last backup is kept."""

    @property
    def undo_for(self) -> timedelta:
        """Return the undo window as a duration."""
        return timedelta(seconds=self.undo_seconds)

    @property
    def is_https(self) -> bool:
        """Say whether readers reach Belowline over TLS, so that cookies can be Secure."""
        return self.base_url.startswith("https://")


def load_settings(environ: Mapping[str, str], *, file: Path | None = None) -> Settings:
    """Read the settings from a TOML file and the environment, and refuse unsafe ones.

    Raises:
        Misconfigured: a value cannot be read, a name is unknown, or a setting is unsafe.
    """
    _refuse_typos(environ)
    values: dict[str, object] = {}
    if file is not None:
        values.update(_from_file(file))
    for item in fields(Settings):
        for name in (SHORT.get(item.name), PREFIX + item.name.upper()):
            if name is not None and environ.get(name):
                values[item.name] = environ[name]
    read = {name: _convert(name, value) for name, value in values.items()}
    if "port" in read:
        read.setdefault("base_url", f"http://127.0.0.1:{read['port']}")
    settings = Settings(**read)  # type: ignore[arg-type]
    check_settings(settings)
    return settings


def unknown_names(environ: Mapping[str, str]) -> list[str]:
    """Return the names in the environment that begin like settings and are none."""
    known = {PREFIX + item.name.upper() for item in fields(Settings)}
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in known)


def _refuse_typos(environ: Mapping[str, str]) -> None:
    # Only what is nearly a setting is refused: an orchestrator may add names of its own, such as
    # BELOWLINE_SERVICE_HOST beside a service of that name. `belowline check` lists those.
    known = [item.name.upper() for item in fields(Settings)]
    for name in unknown_names(environ):
        meant = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1, cutoff=0.75)
        if meant:
            raise Misconfigured(
                f"There is no setting {name}; {PREFIX}{meant[0]} is one.", code="unknown_setting"
            )


def check_settings(settings: Settings) -> None:
    """Refuse settings that would make the installation unsafe.

    Raises:
        Misconfigured: with a code and a message that says what to do.
    """
    if len(settings.secret) < SECRET_LENGTH or len(set(settings.secret)) < 8:
        raise Misconfigured(
            "Set BELOWLINE_SECRET to at least 32 random characters, for example from "
            "`openssl rand -hex 32`. Sessions and codes are only as safe as this secret.",
            code="weak_secret",
        )
    parts = urlsplit(settings.base_url)
    # As exact as a site's origins, for browsers' Origin headers are compared with it.
    if not _ORIGIN.fullmatch(settings.base_url) or not parts.hostname:
        raise Misconfigured(
            "BELOWLINE_BASE_URL must be an origin such as https://comments.paper.example, in lower "
            "case and with nothing after the host.",
            code="bad_base_url",
        )
    if parts.scheme == "http" and not _is_local(parts.hostname):
        raise Misconfigured(
            "BELOWLINE_BASE_URL must use https unless it is this machine itself: sign-in cookies "
            "would travel in the clear.",
            code="insecure_base_url",
        )
    if settings.demo and not (_is_local(settings.host) and _is_local(parts.hostname)):
        raise Misconfigured(
            "Demo mode lets anybody sign in as anybody, so it only runs on a local address.",
            code="public_demo",
        )
    if settings.outbox and not settings.demo:
        raise Misconfigured(
            "BELOWLINE_OUTBOX keeps letters for a demo to show. Set BELOWLINE_MAIL_URL to send "
            "them, or BELOWLINE_DEMO if this is one.",
            code="outbox_without_demo",
        )
    for name, (least, most) in RANGES.items():
        if not least <= getattr(settings, name) <= most:
            raise Misconfigured(
                f"The setting {name} is from {least} to {most}.", code="bad_setting"
            )
    _check_proxies(settings)
    for network in settings.screen_networks:
        _check_network(network, name="SCREEN_NETWORKS", code="bad_network")


def _check_network(network: str, *, name: str, code: str) -> None:
    try:
        ipaddress.ip_network(network, strict=False)
    except ValueError as error:
        raise Misconfigured(
            f"BELOWLINE_{name}: {network!r} is not an address or network", code=code
        ) from error


def _check_proxies(settings: Settings) -> None:
    for network in settings.trusted_proxies:
        _check_network(network, name="TRUSTED_PROXIES", code="bad_proxy")
        if ipaddress.ip_network(network, strict=False).prefixlen == 0:
            raise Misconfigured(
                "BELOWLINE_TRUSTED_PROXIES trusts the whole internet; name your proxy's address.",
                code="wildcard_proxy",
            )


def check_origin(origin: str) -> str:
    """Return an origin in its one exact form, or refuse it.

    Raises:
        Misconfigured: it is a wildcard, has a path, user, or is not http(s).
    """
    if "*" in origin:
        raise Misconfigured(
            "A wildcard origin would let any site act for your readers; list each origin.",
            code="wildcard_origin",
        )
    exact = origin.rstrip("/")
    if not _ORIGIN.fullmatch(exact):
        raise Misconfigured(
            f"{origin!r} is not an origin such as https://www.paper.example", code="bad_origin"
        )
    return exact


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _from_file(file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as stream:
            found = tomllib.load(stream)
    except FileNotFoundError as error:
        raise Misconfigured(
            f"There is no settings file at {file}", code="no_settings_file"
        ) from error
    except OSError as error:
        raise Misconfigured(
            f"{file} cannot be read: {error.strerror}", code="bad_settings_file"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{file}: {error}", code="bad_settings_file") from error
    unknown = sorted(set(found) - {item.name for item in fields(Settings)})
    if unknown:
        raise Misconfigured(
            f"{file}: unknown setting {', '.join(map(repr, unknown))}", code="unknown_setting"
        )
    return found


def _convert(name: str, value: object) -> object:
    default = next(item.default for item in fields(Settings) if item.name == name)
    match default, value:
        case bool(), str():
            if value.lower() in {"1", "true", "yes", "on"}:
                return True
            if value.lower() in {"0", "false", "no", "off", ""}:
                return False
        case bool(), bool():
            return value
        case int(), str() if value.strip().lstrip("-").isdigit():
            return int(value)
        case int(), int() if not isinstance(value, bool):
            return value
        case tuple(), str():
            return tuple(part.strip() for part in value.split(",") if part.strip())
        case tuple(), list():
            return tuple(str(part) for part in value)
        case str(), str():
            return value.rstrip("/") if name == "base_url" else value
    raise Misconfigured(f"The setting {name} cannot be {value!r}", code="bad_setting")
