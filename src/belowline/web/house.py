"""Everything that a running Belowline is wired from, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from belowline.core.settings import Settings
from belowline.followers.notify import Notify
from belowline.followers.orders import Ranking
from belowline.followers.pages import PageCache
from belowline.followers.post import Post
from belowline.followers.runner import Runner
from belowline.followers.upkeep import Rescore, Upkeep
from belowline.outside.classifier import Classifier, NullClassifier
from belowline.outside.keys import JwksKeys, Keys
from belowline.outside.mail import Mail, make_mail
from belowline.storage.database import Database
from belowline.web.examiner import Examiner


@dataclass(frozen=True, slots=True)
class House:
    """The parts of one process. Tests put Null twins where the world would be."""

    settings: Settings
    db: Database
    mail: Mail
    keys: Keys
    classifier: Classifier
    pages: PageCache
    runner: Runner
    examiner: Examiner


def make_house(
    settings: Settings, *, db: Database | None = None, mail: Mail | None = None
) -> House:
    """Wire a process from its settings. Nothing runs yet."""
    db = db or Database(settings.database_url)
    mail = mail or make_mail(settings)
    runner = Runner(
        db,
        [Notify(undo_for=settings.undo_for, mail_works=mail.works)],
        chores=[Post(db, mail=mail, settings=settings), Upkeep(db), Rescore(db), Ranking(db)],
    )
    return House(
        settings, db, mail, JwksKeys(), NullClassifier(), PageCache(db), runner, Examiner(db)
    )
