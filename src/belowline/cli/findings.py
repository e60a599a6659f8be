"""What ``belowline check`` finds: one examination for each thing that can be wrong.

Each yields findings in plain words with what to do about them, and changes nothing but what
``fix`` asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from belowline.cli.finding import Finding, State
from belowline.cli.findings_backups import check_backups
from belowline.cli.findings_outside import (
    _is_plain,
    check_legal,
    check_mail,
    check_models,
    check_settings,
)
from belowline.core.errors import BelowlineError, NotFound
from belowline.core.settings import Settings
from belowline.core.terms import Actor, Role
from belowline.followers.cursors import lag
from belowline.followers.search import read_all_again
from belowline.outside.mail import Mail
from belowline.rules import store as rules
from belowline.search.index import not_in_step
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage import migrate
from belowline.storage.database import Database
from belowline.transparency.counts import Disagreement, find_disagreements, put_right
from belowline.web.examiner import MOST_BEHIND, require_writable

MOST_ROUNDS = 500
"""Places in a thread hold each other up, so putting right goes on until a round finds nothing."""


def examine(db: Database, *, settings: Settings, mail: Mail, fix: bool) -> Iterator[Finding]:
    """Look at everything. What cannot be seen without a database is left out if it is not there."""
    database = [*_database(db)]
    yield from database
    if all(one.state is not State.FAIL for one in database):
        yield from _counts(db, fix=fix)
        yield from _search(db, fix=fix)
        yield from _followers(db)
        yield from _sites(db)
        yield from check_legal(db, mail)
        yield from check_backups(db, settings)
    yield from check_mail(mail)
    yield from check_models(settings)
    yield from check_settings(settings)


def _database(db: Database) -> Iterator[Finding]:
    missing = db.missing_file()
    if missing is not None:
        yield Finding(
            State.FAIL,
            "database",
            f"there is none at {missing}",
            "Is this the right folder? `belowline migrate` makes a new one.",
        )
        return
    try:
        with db.engine.connect() as conn:
            version = ".".join(str(part) for part in conn.dialect.server_version_info or ())
            current = migrate.current(conn)
    except (BelowlineError, sa.exc.SQLAlchemyError):
        yield Finding(
            State.FAIL,
            "database",
            "does not answer",
            "Is DATABASE_URL right, and is the server running?",
        )
        return
    name = "SQLite" if db.is_sqlite else "PostgreSQL"
    yield Finding(State.OK, "database", f"{name} {version} answers")
    if current != migrate.head():
        yield Finding(
            State.FAIL,
            "schema",
            f"at {current or 'nothing'}, needs {migrate.head()}",
            "Run `belowline migrate`.",
        )
        return
    yield Finding(State.OK, "schema", f"at {current}")
    try:
        require_writable(db)
    except (BelowlineError, sa.exc.SQLAlchemyError):
        yield Finding(
            State.FAIL,
            "writing",
            "refused",
            "Is the disk full, or the file read-only for this user?",
        )
    else:
        yield Finding(State.OK, "writing", "works")


def _counts(db: Database, *, fix: bool) -> Iterator[Finding]:
    if fix:
        corrected = _put_all_right(db)
        if corrected:
            yield Finding(State.OK, "counts", f"{corrected} put right")
            return
    else:
        with db.read() as conn:
            found = find_disagreements(conn)
        if found:
            yield Finding(
                State.FAIL,
                "counts",
                f"{len(found)} do not agree, such as {_in_words(found[0])}",
                "Run `belowline check --fix`.",
            )
            return
    yield Finding(State.OK, "counts", "agree with the rows")


def _search(db: Database, *, fix: bool) -> Iterator[Finding]:
    if fix:
        read_all_again(db)
    with db.read() as conn:
        missing = not_in_step(conn)
    if missing:
        yield Finding(
            State.WARN,
            "search",
            f"{missing} comments cannot be found as they stand",
            "`belowline serve` reads them in by itself. If the number stays, "
            "run `belowline check --fix`.",
        )
    else:
        yield Finding(State.OK, "search", "finds every comment as it stands")


def _put_all_right(db: Database) -> int:
    total = 0
    for _ in range(MOST_ROUNDS):
        with db.write(Actor.of_system("cli")) as tx:
            corrected = len(put_right(tx))
        total += corrected
        if not corrected:
            break
    return total


def _in_words(one: Disagreement) -> str:
    return f"{one.table}.{one.column} of {one.id}: kept {one.stored}, counted {one.counted}"


def _followers(db: Database) -> Iterator[Finding]:
    with db.read() as conn:
        found = lag(conn)
    for one in found:
        waited = db.clock() - (one.waiting_since or db.clock())
        if one.failures:
            yield Finding(
                State.FAIL,
                f"follower {one.name}",
                f"failed {one.failures} times in a row, {one.behind} events behind",
                "The log of `belowline serve` says where.",
            )
        elif waited > MOST_BEHIND:
            yield Finding(
                State.FAIL,
                f"follower {one.name}",
                f"{one.behind} events behind, the first since {_round(waited)}",
                "Is `belowline serve` running?",
            )
        else:
            yield Finding(State.OK, f"follower {one.name}", f"{one.behind} events behind")


def _sites(db: Database) -> Iterator[Finding]:
    with db.read() as conn:
        found = sites.list_sites(conn)
        if not found:
            yield Finding(State.WARN, "sites", "there are none", "See `belowline site add --help`.")
        for site in found:
            roles = [one.role for one in sites.list_staff(conn, site.id)]
            yield _staff(site, roles)
            try:
                version = rules.get_current_rulebook(conn, site.id).version
            except NotFound:
                yield Finding(
                    State.FAIL,
                    f"rules of {site.key}",
                    "none in force",
                    f"Run `belowline rules publish {site.key} FILE`.",
                )
            else:
                yield Finding(State.OK, f"rules of {site.key}", f"version {version} is in force")
            plain = [one for one in site.origins if _is_plain(one)]
            if plain:
                yield Finding(
                    State.WARN,
                    f"origins of {site.key}",
                    f"{plain[0]} is not https",
                    "Whoever is on the way can change the page around the comments.",
                )


def _staff(site: Site, roles: list[Role]) -> Finding:
    what, appoint = f"staff of {site.key}", f"`belowline staff appoint {site.key} ADDRESS --role"
    if not roles:
        return Finding(State.WARN, what, "nobody; cases would wait for ever", f"{appoint} owner`.")
    if len(roles) < 2:
        return Finding(
            State.WARN,
            what,
            "one person, who cannot decide appeals against their own decisions",
            f"{appoint} moderator`.",
        )
    if Role.OWNER not in roles:
        return Finding(State.WARN, what, "no owner, so nobody can appoint", f"{appoint} owner`.")
    return Finding(State.OK, what, f"{len(roles)} people")


def _round(duration: timedelta) -> str:
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
