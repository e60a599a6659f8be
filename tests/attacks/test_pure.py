"""Every attack string through every function that reads, keeps or shows somebody else's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import nh3
import pytest

from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed
from belowline.core.keyed import read_signed
from belowline.core.language import language_of
from belowline.core.markdown import TAGS
from belowline.core.markup import clean_text, render
from belowline.core.terms import DecisionId, NoticeId, NoticeKind, Outcome, Passage, Source
from belowline.notifications.letters import Envelope, make_letter
from belowline.notifications.messages import compose
from belowline.notifications.model import NoticeFacts
from belowline.outside.classifier import NullClassifier
from belowline.outside.identity import check_token, make_identity
from belowline.outside.keys import NullKeys
from belowline.outside.mail import Letter, make_message
from belowline.readers.email import check_email
from belowline.readers.letters import make_code_letter
from belowline.readers.names import LONGEST_NAME, check_name, name_key
from belowline.readers.sessions import hash_network, hash_token
from belowline.screens.model import Draft, ScreenFacts
from belowline.screens.pipeline import screen
from belowline.stories.policy import KEY, canonical_url, check_key, key_from_url
from belowline.threads.cursors import check_path, read_place
from belowline.transfer import cleaning
from belowline.transfer.htmltext import to_text
from belowline.web.console.queue import excerpt
from belowline.web.marking import changes, marked
from belowline.web.network import client_address
from belowline.web.redirects import local_path, path_of
from tests.attacks.corpus import pack
from tests.attacks.reading import read, read_letter, squeeze

ENGLISH = language_of("en")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BASE = "https://comments.paper.example"
ORIGIN = "https://www.echo.example"
FACTS = ScreenFacts(NOW, 50)


def kept(line: str, *, longest: int = 20_000) -> str:
    """Return a line as a comment keeps it, or an empty string if it is refused."""
    try:
        return clean_text(line, field="text", longest=longest)
    except InvalidInput:
        return ""


@pytest.mark.parametrize(
    "attack",
    [
        "<p><img src=/x onerror=alert(1)></p>",
        "<p onmouseover=alert(1)>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='//evil.example/'>x</a>",
        "<script>alert(1)</script>",
        "<p style='x'>x</p>",
        "<p>x</div>",
        "<p>x",
        "x</p>",
        "<!-- x",
        "<div class='comment-body'><h1>x</h1></div>",
        "<form action='https://evil.example/'></form>",
    ],
)
def test_the_reading_itself_sees_what_is_wrong(attack: str) -> None:
    with pytest.raises(AssertionError):
        read(attack)


def test_what_is_rendered_holds_nothing_but_the_subset(lines: Sequence[str]) -> None:
    page = "".join(f"<div class='comment-body'>{render(kept(line))}</div>\n" for line in lines)

    read(page)


def test_rendered_html_is_a_fixed_point(lines: Sequence[str]) -> None:
    for line in lines:
        html = render(kept(line))
        again = nh3.clean(
            html,
            tags=TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https"},
            link_rel="nofollow ugc noopener noreferrer",
        )
        assert again == html, line
        assert kept(kept(line)) == kept(line)


def test_imported_html_becomes_text_that_renders_safely(lines: Sequence[str]) -> None:
    for html in (*lines, *pack(lines, 3000)):
        for newlines in (True, False):
            text = to_text(html, newlines_matter=newlines)
            read(f"<div class='comment-body'>{render(kept(text))}</div>")


def test_a_line_lost_in_a_quote_or_a_list_is_no_more_than_text(lines: Sequence[str]) -> None:
    shapes = ("> {}\n> {}", "- {}\n  1. {}", "*{}* **{}**", "`{}` `` {} ``", "<{}> <https://{}>")
    parts = []
    for at, line in enumerate(lines):
        shape = shapes[at % len(shapes)]
        text = shape.replace("{}", kept(line).replace("\n", " "))
        parts.append(f"<div class='comment-body'>{render(text)}</div>\n")

    read("".join(parts))


def test_a_name_is_one_visible_short_line_or_none(lines: Sequence[str]) -> None:
    for line in (*lines, *(line[:LONGEST_NAME] for line in lines)):
        try:
            name = check_name(line)
        except InvalidInput:
            continue
        assert 2 <= len(name) <= LONGEST_NAME
        assert len(name.splitlines()) == 1
        assert check_name(name) == name
        assert name_key(name)


def test_nobody_is_led_away(lines: Sequence[str]) -> None:
    for line in lines:
        for address in (line, f"/{line}", f"//{line}", f"/\\{line}", f"{BASE}{line}", f"\t/{line}"):
            path = local_path(address, otherwise="/home")
            assert re.match(r"/(?![/\\])", path), address
            assert not re.search(r"[\s\\\x00-\x1f\x7f]", path), address
            assert urlsplit(urljoin(f"{BASE}/s/echo", path)).netloc == urlsplit(BASE).netloc
            assert path_of(address, base_url=BASE)[:2] not in {"//", "/\\"}


def test_a_storys_address_is_the_sites_own_and_its_key_is_plain(lines: Sequence[str]) -> None:
    for line in lines:
        for url in (line, f"{ORIGIN}{line}", f"{ORIGIN}/{line}", f"https://{line}", f"//{line}"):
            assert KEY.fullmatch(key_from_url(url, fallback=line))
            try:
                found = canonical_url(url, origins=[ORIGIN])
            except InvalidInput:
                continue
            assert found.startswith(f"{ORIGIN}/")
        cleaned = cleaning.clean_url(line)
        assert cleaned is None or cleaned.lower().startswith(("http://", "https://"))


READERS: tuple[Callable[[str], object], ...] = (
    check_key,
    check_email,
    read_place,
    check_path,
    lambda line: read_signed("s" * 40, "ticket", line, now=NOW),
    lambda line: read_signed("s" * 40, "ticket", f"{line}.{line}", now=NOW),
    lambda line: check_token(
        line,
        make_identity(
            {"kind": "secret", "issuer": "i", "audience": "a", "secret": "long enough " * 4}
        ),
        site_key="echo",
        now=NOW,
        keys=NullKeys(),
    ),
)


@pytest.mark.parametrize("reader", READERS)
def test_what_has_a_form_takes_that_form_alone(
    lines: Sequence[str], reader: Callable[[str], object]
) -> None:
    for line in lines:
        try:
            found = str(reader(line))
        except (InvalidInput, NotAllowed):
            continue
        assert found.isascii(), line
        assert not re.search(r"[\s<>\"\\]", found), line


def test_a_token_or_an_address_of_any_form_is_hashed(lines: Sequence[str]) -> None:
    for line in lines:
        assert len(hash_network("s" * 40, line)) == 32
        assert len(hash_token("s" * 40, line)) == 32
        scope = {"client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", line.encode())]}
        assert re.fullmatch(r"[0-9a-fA-F.:%]+", client_address(scope, ["10.0.0.0/8"]))


def test_screens_never_choke(lines: Sequence[str]) -> None:
    for line in (*lines, *pack(lines, 5000)):
        verdicts = screen(Draft(kept(line)), FACTS, classifier=NullClassifier())
        assert len(verdicts) == 8
        for verdict in verdicts:
            for passage in verdict.passages:
                assert 0 <= passage.start <= passage.end <= len(kept(line))


def test_what_moderators_see_is_escaped_however_it_is_marked(lines: Sequence[str]) -> None:
    before = ""
    for line in lines:
        text = kept(line)
        passages = [Passage(0, 1), Passage(len(text) // 2, len(text)), Passage(3, 5)]
        found = read(str(marked(text, passages)))
        assert squeeze("".join(found.words)) == squeeze(text)
        found = read(str(changes(before, text)))
        assert found.counts.keys() <= {"ins", "del"}
        before = text
        # As a template shows it, which escapes what is not marked as HTML.
        assert not hasattr(excerpt(render(text)), "__html__")


def letter_of(letter: Letter) -> None:
    """Check that a letter can be sent and is harmless in each of its parts."""
    message = make_message(letter, sender="Paper <a@paper.example>", clock=lambda: NOW)
    sent = bytes(message)
    head = sent.partition(b"\r\n\r\n")[0].decode("ascii")
    names = [one.partition(":")[0].lower() for one in re.split(r"\r\n(?![ \t])", head)]
    assert sorted(set(names)) == sorted(names)
    assert "bcc" not in names
    assert message["To"].addresses[0].addr_spec == letter.to
    assert len(letter.subject.splitlines()) == 1
    read_letter(letter.html)


def test_letters_hold_any_words(lines: Sequence[str]) -> None:
    envelope = Envelope("ann@mail.example", BASE, f"{BASE}/unsubscribe/x")
    kinds = list(NoticeKind)
    for at, line in enumerate(pack((kept(line) for line in lines), 300)):
        facts = NoticeFacts(
            "echo",
            line,
            story_title=line,
            comment_id=7,
            decision_id=DecisionId(3),
            outcome=list(Outcome)[at % len(Outcome)],
            source=Source.REPORT,
            reason=line,
            featured_reason=line,
            upheld=at % 2 == 0,
        )
        message = compose(kinds[at % len(kinds)], facts)
        letter_of(make_letter(message, NoticeId(at), envelope=envelope, language=ENGLISH))


def test_a_letter_with_a_code_holds_any_site_name(lines: Sequence[str]) -> None:
    for name in pack((squeeze(kept(line)) for line in lines), 200):
        letter_of(
            make_code_letter(
                to="ann@mail.example",
                code="123456",
                site_name=name,
                message_id="<a@b.example>",
                language=ENGLISH,
            )
        )


def test_refusals_say_nothing_of_what_was_sent(lines: Sequence[str]) -> None:
    for line in lines:
        if len(line) < 12:
            continue
        for reader in (check_name, check_email, check_key, read_place):
            message = ""
            try:
                reader(line)
            except BelowlineError as error:
                message = error.message
            assert line not in message
