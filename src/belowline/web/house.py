"""Everything that a running Belowline is wired from, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from belowline.core.settings import Settings
from belowline.followers.counts import CountCache
from belowline.followers.heat import Cool, Heat
from belowline.followers.learning import Learning
from belowline.followers.legal import DefamationPost, LegalClock
from belowline.followers.legal_post import LegalPost
from belowline.followers.live import LiveThreads
from belowline.followers.notify import Notify
from belowline.followers.orders import Ranking
from belowline.followers.pages import PageCache
from belowline.followers.post import Post
from belowline.followers.readings import Readings
from belowline.followers.runner import Runner
from belowline.followers.search import FillSearch, Search
from belowline.followers.upkeep import Rescore, Upkeep
from belowline.outside.classifier import Classifier, NullClassifier
from belowline.outside.external import HttpExternal
from belowline.outside.keys import JwksKeys, Keys
from belowline.outside.mail import Mail, make_mail
from belowline.scoring.desks import SiteDesks
from belowline.screens.pipeline import Beyond
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
    """What comments are scored with."""
    models: Classifier
    """What other programs' texts are scored with; the same, where comments are scored."""
    pages: PageCache
    live: LiveThreads
    counts: CountCache
    runner: Runner
    examiner: Examiner
    beyond: Beyond


def make_house(
    settings: Settings, *, db: Database | None = None, mail: Mail | None = None
) -> House:
    """Wire a process from its settings. Nothing runs yet."""
    db = db or Database(settings.database_url)
    mail = mail or make_mail(settings)
    pages, live, counts = PageCache(db), LiveThreads(db), CountCache(db)
    models, desks = _models(settings), SiteDesks()
    runner = Runner(
        db,
        [Notify(undo_for=settings.undo_for, mail_works=mail.works), Heat(), Search()],
        chores=[
            Post(db, mail=mail, settings=settings),
            LegalPost(db, mail=mail, settings=settings),
            DefamationPost(db, mail=mail, settings=settings),
            LegalClock(db, mail=mail, settings=settings),
            Upkeep(db),
            Rescore(db),
            Ranking(db),
            Readings(db, pages),
            Cool(db),
            FillSearch(db),
            Learning(db, classifier=models, desks=desks),
        ],
        lookouts=[live, counts],
    )
    return House(
        settings,
        db,
        mail,
        JwksKeys(),
        models if settings.scoring else NullClassifier(),
        models,
        pages,
        live,
        counts,
        runner,
        Examiner(db),
        Beyond(HttpExternal(allowed=settings.screen_networks), settings.secret, desks),
    )


def _models(settings: Settings) -> Classifier:
    if not settings.scoring and not settings.scoring_keys:
        return NullClassifier()
    # Where nothing is scored, none of it is held in memory.
    from belowline.scoring.classifier import read_classifier  # noqa: PLC0415

    return read_classifier(kind=settings.scoring or "linear")
