"""Which run of an import this is: begun, gone on with, or no longer ours to go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belowline.core.errors import Conflict
from belowline.core.terms import Actor
from belowline.storage.database import Tx
from belowline.storage.imports import (
    Import,
    ImportState,
    SourceFile,
    begin_again,
    begin_import,
    find_running,
    get_import,
    lock_import,
)
from belowline.transfer.landing import Landing

if TYPE_CHECKING:
    from belowline.transfer.intake import Intake


def begin(intake: Intake, landing: Landing, actor: Actor) -> Import:
    """Put an import on record, or return the one of this file that was stopped."""
    file = intake.file or SourceFile(intake.source, "", "", {})
    with intake.db.write(actor) as tx:
        found = find_running(tx.conn, intake.site.id, file) if intake.file else None
        if found is None:
            import_id = begin_import(
                tx, intake.site.id, file, by=intake.started_by, landing=landing.mark
            )
            return get_import(tx.conn, import_id)
        if found.landing != landing.mark:
            begin_again(tx, found.id, landing=landing.mark)
        return get_import(tx.conn, found.id)


def require_ours(tx: Tx, run: Import, landing: Landing) -> None:
    """Refuse to store on what is being undone, or goes on from another landing elsewhere.

    Raises:
        Conflict: if so.
    """
    now = lock_import(tx, run.id)
    if now.state is not ImportState.RUNNING or now.landing != landing.mark:
        raise Conflict(
            "Meanwhile this import is being undone, or goes on elsewhere. Nothing more of it "
            "is stored here.",
            code="import_elsewhere",
        )
