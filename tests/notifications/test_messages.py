"""Every notice is told in full sentences, with all that the law asks for and nothing private."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from belowline.core.language import language_of
from belowline.core.terms import (
    DecisionId,
    NoticeId,
    NoticeKind,
    Outcome,
    RuleKey,
    SanctionKind,
    Source,
)
from belowline.notifications.letters import Envelope, make_letter
from belowline.notifications.messages import Message, compose
from belowline.notifications.model import CitedRule, NoticeFacts
from belowline.notifications.statements import OTHER_REDRESS

FACTS = NoticeFacts(
    site_key="packet",
    site_name="The Packet",
    story_title="Bus cuts",
    comment_id=7,
    decision_id=DecisionId(3),
    outcome=Outcome.REMOVE,
    source=Source.REPORT,
    rule=CitedRule(RuleKey("personal-attack"), "Argue with the point", 4),
    reason="It mocks another reader.",
    appeal_until=datetime(2026, 9, 3, 9, 0, tzinfo=UTC),
    was_published=True,
)


def words(message: Message) -> str:
    """Return a message's paragraphs as one text."""
    return "\n".join(message.paragraphs)


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(FACTS, id="everything known"),
        pytest.param(NoticeFacts("packet", "The Packet"), id="nothing known"),
        *(pytest.param(replace(FACTS, outcome=outcome), id=outcome) for outcome in Outcome),
        *(
            pytest.param(replace(FACTS, sanction=sanction), id=sanction)
            for sanction in SanctionKind
        ),
        pytest.param(replace(FACTS, undone=True), id="undone"),
        pytest.param(replace(FACTS, upheld=True), id="upheld"),
        pytest.param(replace(FACTS, earned=True), id="earned"),
        pytest.param(replace(FACTS, withdrawn=True), id="withdrawn"),
        *(
            pytest.param(
                replace(FACTS, by_reporter=True, report_id=9, **{said: True} if said else {}),
                id=f"another look, {said or 'rejected'}",
            )
            for said in ("", "upheld", "undone", "withdrawn")
        ),
    ],
)
def test_every_notice_is_made_of_whole_sentences(kind: NoticeKind, facts: NoticeFacts) -> None:
    message = compose(kind, facts)
    assert message.paragraphs
    for paragraph in message.paragraphs:
        assert paragraph[0].isupper()
        assert paragraph[-1] in ".›"
        assert "None" not in paragraph
        assert "  " not in paragraph
    assert message.subject.startswith("The Packet: ")
    assert "Bus cuts" not in message.subject
    assert "/packet" in message.link_path


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        pytest.param(NoticeKind.COMMENT_DECIDED, FACTS, id="removal"),
        pytest.param(
            NoticeKind.COMMENT_DECIDED, replace(FACTS, outcome=Outcome.REFUSE), id="refusal"
        ),
        pytest.param(
            NoticeKind.SANCTION_IMPOSED,
            replace(FACTS, sanction=SanctionKind.SUSPENSION),
            id="sanction",
        ),
    ],
)
@pytest.mark.parametrize("automated", [True, False], ids=["machine", "person"])
def test_a_decision_against_somebody_states_its_reasons(
    kind: NoticeKind, facts: NoticeFacts, *, automated: bool
) -> None:
    said = words(compose(kind, replace(facts, automated=automated)))
    assert "“Argue with the point” (version 4 of our rules)" in said
    assert "It mocks another reader." in said
    assert "It was reported to us." in said
    assert ("made automatically" in said) is automated
    assert "you can appeal until 3 September 2026, 09:00 UTC" in said
    assert "Somebody other than the person who decided" in said
    assert OTHER_REDRESS in said


def test_a_removal_that_readers_never_saw_says_so() -> None:
    said = words(compose(NoticeKind.COMMENT_DECIDED, replace(FACTS, was_published=False)))
    assert "has been removed, and it did not appear." in said


def test_a_reporter_does_not_read_the_reason_meant_for_the_author() -> None:
    said = words(compose(NoticeKind.REPORT_ANSWERED, FACTS))
    assert "We agree with you" in said
    assert "mocks" not in said


def test_a_reply_does_not_say_who_replied_or_what() -> None:
    message = compose(NoticeKind.REPLY, FACTS)
    assert message.paragraphs[0] == "Somebody replied to your comment under “Bus cuts”."


def test_a_subject_is_one_line_whatever_the_site_is_called() -> None:
    facts = replace(FACTS, site_name="The\r\nBcc: everybody@packet.example\x00 Packet" + "x" * 200)
    subject = compose(NoticeKind.REPLY, facts).subject
    assert subject.isprintable()
    assert len(subject) < 120


def test_a_letter_says_the_same_in_html_and_escapes_it() -> None:
    facts = replace(FACTS, reason="<img src=//spy.example> & more", story_title="<b>Bus</b>")
    message = compose(NoticeKind.COMMENT_DECIDED, facts)
    envelope = Envelope(
        "author@reader.example",
        "https://talk.packet.example",
        "https://talk.packet.example/unsubscribe/a.b",
    )
    letter = make_letter(message, NoticeId(5), envelope=envelope, language=language_of("en"))
    again = make_letter(message, NoticeId(5), envelope=envelope, language=language_of("en"))
    assert letter == again
    assert letter.message_id == "<notice-5@talk.packet.example>"
    assert "<img" not in letter.html
    assert "<b>" not in letter.html
    assert "&lt;img src=//spy.example&gt; &amp; more" in letter.html
    assert "src=" not in letter.html.replace("&lt;img src=//spy", "")
    assert "https://talk.packet.example/me/packet#decision-3" in letter.text
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_whoever_was_told_no_is_told_until_when_they_can_ask_for_another_look() -> None:
    facts = replace(FACTS, outcome=Outcome.KEEP, rule=None, report_id=9)
    message = compose(NoticeKind.REPORT_ANSWERED, facts)
    assert "you can ask for another look until 3 September 2026" in words(
        message.said_in(language_of("en"))
    )
    assert "never a machine" in words(message)
    assert str(OTHER_REDRESS) in words(message)
    assert message.link_path == "/me/packet/reports/9"


@pytest.mark.parametrize(
    "kind", [NoticeKind.APPEAL_DECIDED, NoticeKind.REPORT_ANSWERED], ids=["asked", "others"]
)
@pytest.mark.parametrize("upheld", [True, False], ids=["removed", "stays"])
def test_the_answer_to_another_look_gives_the_reason_and_leads_to_the_report(
    kind: NoticeKind, *, upheld: bool
) -> None:
    message = compose(kind, replace(FACTS, by_reporter=True, report_id=9, upheld=upheld))
    assert "The reason: It mocks another reader." in words(message)
    assert ("Argue with the point" in words(message)) is upheld
    assert (str(OTHER_REDRESS) in words(message)) is not upheld
    assert message.link_path == "/me/packet/reports/9"
