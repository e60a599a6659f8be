"""The installation's settings: one TOML file, then the environment over it.

Each field below is a setting. ``belowline.toml`` names it as written here; the environment names it
``BELOWLINE_`` and the name in capitals (``DATABASE_URL`` and ``PORT`` work without the prefix too).
What belongs to one site (origins, limits, words) is kept with the site, not here.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path

from belowline.core.errors import Misconfigured
from belowline.core.settings_checks import check_settings

PREFIX = "BELOWLINE_"
SHORT = {"database_url": "DATABASE_URL", "port": "PORT"}
"""Names in the environment that many hosts set by themselves, without our prefix."""


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
    scoring: str = ""
    """With which models that come with Belowline every comment is scored, on this machine, where a
    site's language has one; a high score holds it for a person. ``linear``, or ``encoder``, which
    needs the extra ``belowline[encoder]``. Empty, or ``off``: nothing is scored."""
    scoring_keys: tuple[str, ...] = field(default=(), repr=False)
    """Programs that may ask for scores as they asked Perspective, each ``name=key``; separated by
    commas. A key has at least 24 characters. Without one that door is closed."""
    scoring_per_second: int = 50
    """How often each of these programs may ask in a second; Perspective let them once. Beyond it
    the answer is 429."""
    metrics_key: str = field(default="", repr=False)
    """Whoever sends it as a bearer token may read ``/metrics``; at least 24 characters. Empty:
    there are none, and nothing is counted."""
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
    def scoring_clients(self) -> dict[str, str]:
        """Return the key of each program that may ask for scores, by the program's name."""
        return dict(one.split("=", 1) for one in self.scoring_keys)

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
            return _tidied(name, value)
    raise Misconfigured(f"The setting {name} cannot be {value!r}", code="bad_setting")


def _tidied(name: str, value: str) -> str:
    if name == "scoring" and value == "off":
        return ""
    return value.rstrip("/") if name == "base_url" else value
