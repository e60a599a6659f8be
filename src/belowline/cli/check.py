"""``belowline check``: the installation looks at itself and says what to do about what it finds."""

from __future__ import annotations

from collections.abc import Iterator

import click
from rich.table import Table
from rich.text import Text

from belowline.cli.context import Context
from belowline.cli.finding import Finding, State
from belowline.cli.findings import examine
from belowline.cli.screen import console
from belowline.core.errors import BelowlineError, InvalidInput
from belowline.core.settings import Settings
from belowline.outside.mail import Letter, Mail, make_mail
from belowline.readers.email import check_email
from belowline.readers.sessions import make_token
from belowline.storage.database import Database

LOOKS = {
    State.OK: Text("ok", style="green"),
    State.WARN: Text("warn", style="yellow"),
    State.FAIL: Text("FAIL", style="bold red"),
}


@click.command()
@click.option("--fix", is_flag=True, help="Set counts that do not agree to what the rows say.")
@click.option("--mail-to", metavar="ADDRESS", help="Also send a test letter to this address.")
@click.pass_context
def check(ctx: click.Context, *, fix: bool, mail_to: str | None) -> None:
    """Check the database, the schema, counts, followers, mail, settings, staff and backups.

    Nothing is changed without --fix. The exit status is 1 if anything has failed.
    """
    context: Context = ctx.obj
    settings = context.settings()
    mail = make_mail(settings)
    db = Database(settings.database_url)
    try:
        found = [*examine(db, settings=settings, mail=mail, fix=fix)]
        if mail_to is not None:
            found += _send_letter(settings, mail, to=check_email(mail_to))
    finally:
        db.close()
    console.print(make_table(found))
    if any(one.state is State.FAIL for one in found):
        ctx.exit(1)


def make_table(found: list[Finding]) -> Table:
    """Show each finding as a row: how it is, what it is about, and what to do."""
    table = Table("", "what", "found", "what to do", expand=False)
    for one in found:
        table.add_row(LOOKS[one.state], one.what, Text(one.found), Text(one.advice))
    return table


def _send_letter(settings: Settings, mail: Mail, *, to: str) -> Iterator[Finding]:
    host = settings.base_url.partition("://")[2].partition(":")[0].strip("[]")
    letter = Letter(
        to,
        "Belowline can send mail",
        "This letter was asked for by `belowline check --mail-to`. Mail works.\n",
        "",
        f"<check-{make_token().replace('_', '-')}@{host}>",
    )
    if not mail.works:
        yield Finding(State.FAIL, "test letter", "mail is off", "Set BELOWLINE_MAIL_URL.")
        return
    try:
        mail.send(letter)
    except InvalidInput as error:
        yield Finding(State.FAIL, "test letter", error.message, "Check BELOWLINE_BASE_URL.")
    except BelowlineError as error:
        yield Finding(
            State.FAIL, "test letter", error.message, "See whether the server takes mail for it."
        )
    else:
        yield Finding(State.OK, "test letter", f"handed over for {to}", "See whether it arrives.")
