"""What ``belowline check`` finds about mail, models and settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from belowline.cli.finding import Finding, State
from belowline.core.errors import BelowlineError, Misconfigured
from belowline.core.settings import Settings, unknown_names
from belowline.outside.mail import Mail, NullMail, SmtpMail
from belowline.scoring.classifier import read_classifier
from belowline.sites import store as sites
from belowline.storage.database import Database


def check_mail(mail: Mail) -> Iterator[Finding]:
    """Say whether mail goes out, and whether letters have failed."""
    if isinstance(mail, NullMail):
        yield Finding(
            State.WARN, "mail", "is off: no sign-in by code, no letters", "Set BELOWLINE_MAIL_URL."
        )
    elif isinstance(mail, SmtpMail):
        try:
            mail.reach()
        except BelowlineError:
            yield Finding(
                State.FAIL,
                "mail",
                f"{mail.host}:{mail.port} does not answer or refuses us",
                "Check BELOWLINE_MAIL_URL: host, port, user, password.",
            )
        else:
            yield Finding(State.OK, "mail", f"{mail.host}:{mail.port} lets us in")
    else:
        yield Finding(State.OK, "mail", "goes into the demo's outbox")


def check_legal(db: Database, mail: Mail) -> Iterator[Finding]:
    """Say which sites take notices of defamation although nothing can be mailed."""
    with db.read() as conn:
        found = [one.key for one in sites.list_sites(conn) if one.settings.defamation_s5]
    if found and not mail.works:
        yield Finding(
            State.WARN,
            f"legal notices of {found[0]}",
            "mail is off: no letter goes out, and no author counts as reachable",
            "Set BELOWLINE_MAIL_URL, or set defamation_s5=false.",
        )


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Say what in the settings is unknown, unsafe or left as it came."""
    unknown = unknown_names(os.environ)
    if unknown:
        yield Finding(
            State.WARN,
            "environment",
            f"no setting: {', '.join(unknown)}",
            "Nothing reads these. Is one misspelt? docs/reference/settings.md lists them all.",
        )
    if settings.demo:
        yield Finding(
            State.WARN,
            "settings",
            "this is a demo: anybody can sign in as anybody",
            "Never point a public name at it.",
        )
    elif not settings.is_https:
        yield Finding(
            State.WARN,
            "settings",
            f"readers come by {settings.base_url}, without TLS",
            "Put a proxy with a certificate before it and set BELOWLINE_BASE_URL.",
        )
    elif not settings.trusted_proxies:
        yield Finding(
            State.WARN,
            "settings",
            "no proxy is trusted, so all readers share its address",
            "Name it in BELOWLINE_TRUSTED_PROXIES, or limits count all readers as one.",
        )
    else:
        yield Finding(State.OK, "settings", f"readers come by {settings.base_url}")


def check_models(settings: Settings) -> Iterator[Finding]:
    """Say whether the models can be read, where anything is scored."""
    if not settings.scoring and not settings.scoring_keys:
        return
    try:
        classifier = read_classifier(kind=settings.scoring or "linear")
    except Misconfigured as error:
        yield Finding(State.FAIL, "scoring", error.message, "Nothing starts until it is there.")
        return
    for problem in classifier.problems.values():
        yield Finding(
            State.FAIL,
            "scoring",
            problem,
            "What it should judge is held meanwhile. Install Belowline again.",
        )
    if not classifier.problems:
        yield Finding(State.OK, "scoring", f"models: {', '.join(classifier.versions)}")


def _is_plain(origin: str) -> bool:
    parts = urlsplit(origin)
    return parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}
