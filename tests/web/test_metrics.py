"""``GET /metrics``: closed unless a key is set, and no reader in any of it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from belowline import __version__
from belowline.actions.sites import change_site
from belowline.core.errors import Misconfigured, Unavailable
from belowline.core.settings import Settings
from belowline.core.settings_checks import check_settings
from belowline.core.terms import NoticeKind
from belowline.followers.cursors import note_failure
from belowline.notifications.model import NewNotice
from belowline.notifications.store import put_notices
from belowline.scoring import classifier as local
from belowline.sites.model import SiteSettings
from belowline.storage.database import Database
from tests import factories
from tests.house.tree import ROOT
from tests.web.asking import SECRET, Asker, asking

KEY = "K3y-of-prometheus-for-tests-9Zx"
RUDE = "You are a fucking idiot, shut the fuck up you stupid bitch."
CALM = "The bridge at the mill needs a footpath, because children walk there to school."
OPEN = SiteSettings(newcomer_holds=0, use_default_words=False, hold_capitals=False)


@pytest.fixture
def counted(sqlite: Database) -> Iterator[Asker]:
    """Give an application that scores and counts."""
    with counting(sqlite) as asker:
        yield asker


@contextmanager
def counting(db: Database) -> Iterator[Asker]:
    with asking(db, metrics_key=KEY, scoring="linear") as asker:
        change_site(db, asker.site, settings=OPEN)
        factories.make_story(db, asker.site.id, "bridge")
        yield asker


def send(asker: Asker, text: str) -> dict[str, Any]:
    _, token = asker.reader("Roberta Tell-No-One")
    body = {"text": text, "client_key": uuid.uuid4().hex}
    answer = asker.ask("POST", "stories/bridge/comments", by=token, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def figures(asker: Asker) -> dict[str, float]:
    """Return every sample by its name and labels, as ``name{label="value"}``."""
    answer = asker.ask("GET", "/metrics", bearer=KEY, origin=None)
    assert answer.status_code == 200
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for one in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(one.labels.items()))
            found[f"{one.name}{{{labels}}}" if labels else one.name] = one.value
    return found


def test_without_a_key_in_the_settings_there_are_none(sqlite: Database) -> None:
    with asking(sqlite) as asker:
        assert asker.ask("GET", "/metrics", origin=None).status_code == 404
        assert asker.ask("GET", "/metrics", bearer=KEY, origin=None).status_code in {401, 404}
        assert asker.ask("GET", "/metrics", bearer="", origin=None).status_code in {401, 404}


def test_only_the_key_opens_them_and_it_opens_nothing_else(counted: Asker) -> None:
    for told in (None, "wrong", KEY[:-1], f"{KEY}x", "", "ä"):
        headers = {"authorization": f"Bearer {told}".encode()} if told is not None else {}
        answer = counted.ask("GET", "/metrics", headers=headers, origin=None)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.content == b""

    shown = counted.ask("GET", "/metrics", bearer=KEY, origin=None)
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["content-type"].startswith("text/plain; version=")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert counted.ask("HEAD", "/metrics", bearer=KEY, origin=None).content == b""
    assert counted.ask("POST", "/metrics", bearer=KEY, origin=None).status_code == 405
    assert counted.ask("GET", "standing", bearer=KEY).status_code == 401
    assert counted.ask("GET", f"/metrics?key={KEY}", origin=None).status_code == 401


def test_what_is_sent_is_counted_by_what_became_of_it(counted: Asker) -> None:
    before = figures(counted)
    assert before['belowline_comments_sent_total{status="held"}'] == 0
    assert before['belowline_verdicts_total{finding="unavailable",screen="classifier"}'] == 0

    assert [send(counted, text)["status"] for text in (RUDE, CALM)] == ["held", "published"]

    now = figures(counted)
    assert now['belowline_comments_sent_total{status="held"}'] == 1
    assert now['belowline_comments_sent_total{status="published"}'] == 1
    assert now['belowline_verdicts_total{finding="hold",screen="classifier"}'] == 1
    assert now['belowline_verdicts_total{finding="pass",screen="classifier"}'] == 1
    assert now["belowline_scoring_seconds_count"] == 2
    assert 0 < now["belowline_scoring_seconds_sum"] < 60
    assert now['belowline_requests_total{group="api",status="2xx"}'] == 2
    assert now['belowline_request_seconds_count{group="api"}'] == 2


def test_process_and_database_tell_how_they_are(db: Database) -> None:
    with counting(db) as counted:
        told_how_they_are(counted)


def told_how_they_are(counted: Asker) -> None:
    by = factories.make_reader(counted.db)
    with counted.db.write(factories.SYSTEM) as tx:
        due = tx.now - timedelta(minutes=1)
        notice = NewNotice(counted.site.id, by, NoticeKind.REPLY, 1, tx.now, due, by_mail=True)
        put_notices(tx, [notice, replace(notice, event_seq=2, by_mail=False)])
    note_failure(counted.db, "heat")

    now = figures(counted)

    (build,) = [name for name in now if name.startswith("belowline_build_info")]
    assert f'version="{__version__}"' in build
    assert now["process_resident_memory_bytes"] > 10_000_000
    assert now["process_start_time_seconds"] > 1_500_000_000
    assert now["belowline_database_up"] == 1
    assert now["belowline_letters_waiting"] == 1
    assert now["belowline_screens_silent"] == 0
    assert now['belowline_follower_behind{follower="heat"}'] >= 1
    assert now['belowline_follower_failures{follower="heat"}'] == 1


def test_a_database_that_is_silent_is_told_and_not_waited_for(
    counted: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_: object) -> None:
        raise Unavailable("The database does not answer.", code="database_unavailable")

    monkeypatch.setattr(type(counted.db), "read", silent)

    now = figures(counted)

    assert now["belowline_database_up"] == 0
    assert "belowline_letters_waiting" not in now


def test_a_broken_model_is_told_by_its_language(
    sqlite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = local.read_classifier
    monkeypatch.setattr(local, "read_classifier", lambda *_, **given: read(tmp_path, **given))
    with counting(sqlite) as asker:
        assert send(asker, CALM)["status"] == "held"

        now = figures(asker)
        assert now['belowline_models_broken{language="en"}'] == 1
        assert now['belowline_verdicts_total{finding="unavailable",screen="classifier"}'] == 1


def test_nothing_of_a_reader_or_a_place_is_in_any_label(counted: Asker) -> None:
    send(counted, RUDE)
    counted.ask("GET", "/s/echo/bridge")
    counted.ask("GET", "/Roberta/secret", origin=None)

    told = counted.ask("GET", "/metrics", bearer=KEY, origin=None).text

    for word in ("Roberta", "secret", "bridge", "echo", "idiot", KEY):
        assert word not in told
    assert 'group="other"' in told


def test_every_figure_is_in_the_reference(counted: Asker) -> None:
    send(counted, RUDE)
    told = counted.ask("GET", "/metrics", bearer=KEY, origin=None).text
    page = (ROOT / "docs/reference/metrics.md").read_text(encoding="utf-8")

    named = set(re.findall(r"^# TYPE (\S+) (\S+)$", told, re.MULTILINE))
    listed = set(re.findall(r"^\| `(\w+)` \| (\w+) \|", page, re.MULTILINE))

    assert len(named) > 15
    assert named == listed


@pytest.mark.parametrize("key", ["short", "a" * 40])
def test_a_weak_key_is_refused(key: str) -> None:
    with pytest.raises(Misconfigured, match="METRICS_KEY"):
        check_settings(Settings(secret=SECRET, metrics_key=key))
