"""A process that takes a made-up source in and may be killed on the way; see ``test_killed``."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from belowline.sites import store as sites
from belowline.storage.database import Database
from belowline.storage.imports import SourceFile
from belowline.transfer import storing, storing_others
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.shape import SourceStory
from tests.transfer.made import forest, newsroom

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def main() -> None:
    """Take it in; ``seconds`` later the system kills this process, whatever it is doing."""
    url, folder, seconds = sys.argv[1:]
    storing.BATCH, storing_others.AT_ONCE = 40, 3
    db = Database(url, clock=lambda: NOW)
    with db.read() as conn:
        site = sites.get_site(conn, "courier")
    file = SourceFile("paper", "export.xml", "0" * 64, {})
    intake = Intake(db, site, "paper", "made up", file=file, folder=Path(folder))
    # Nothing of Python's runs when this arrives.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, float(seconds))
    others = [one for one in newsroom() if not isinstance(one, SourceStory)]
    take_in(intake, [*forest(1500, seed=3), *others])
    signal.setitimer(signal.ITIMER_REAL, 0)
    db.close()
    print("done")  # noqa: T201 - told to the test


if __name__ == "__main__":
    main()
