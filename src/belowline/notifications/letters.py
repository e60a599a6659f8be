"""Making a letter of a message: plain text, and HTML that holds the same words and nothing else.

The HTML is escaped by its template and loads nothing, so opening it tells nobody anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined

from belowline.core.language import Language
from belowline.core.terms import NoticeId
from belowline.core.text import Text, later
from belowline.notifications.messages import Message
from belowline.outside.mail import Letter

_PAGE = Environment(autoescape=True, undefined=StrictUndefined).from_string(
    """<!doctype html>
<html lang="{{ tag }}" dir="{{ direction }}">
<head><meta charset="utf-8"><title>{{ message.subject }}</title></head>
<body style="font-family: sans-serif; font-size: 16px; line-height: 1.5; max-width: 36em">
{%- for paragraph in message.paragraphs %}
<p>{{ paragraph }}</p>
{%- endfor %}
<p><a href="{{ link }}">{{ open }}</a></p>
<hr>
{%- if unfollow %}
<p style="font-size: 14px"><a href="{{ unfollow }}">{{ follow_no_more }}</a></p>
{%- endif %}
<p style="font-size: 14px">{{ because }}
<a href="{{ unsubscribe }}">{{ no_more }}</a></p>
</body>
</html>
"""
)

BECAUSE = later("You receive this because you comment here.")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where a letter goes, and the addresses in it. ``unsubscribe_url`` needs no sign-in."""

    to: str
    base_url: str
    unsubscribe_url: str
    unfollow_url: str = ""
    """For new comments where the reader follows: ends just that, without a sign-in."""


def make_letter(
    message: Message, notice_id: NoticeId, *, envelope: Envelope, language: Language
) -> Letter:
    """Make the letter of a notice; the same notice always has the same Message-ID."""
    message, say = message.said_in(language), language.say
    link, unfollow = f"{envelope.base_url}{message.link_path}", envelope.unfollow_url
    text = "\n\n".join(
        (
            *message.paragraphs,
            say(Text("Open it on the page: %(link)s", link=link)),
            *([say(_ending(unfollow))] if unfollow else []),
            f"-- \n{say(BECAUSE)} "
            + say(
                Text(
                    "To receive no more letters (your notices stay on the page): %(link)s",
                    link=envelope.unsubscribe_url,
                )
            ),
        )
    )
    html = _PAGE.render(
        message=message,
        link=link,
        unfollow=unfollow,
        follow_no_more=say(later("Follow this conversation no more")),
        unsubscribe=envelope.unsubscribe_url,
        tag=language.tag,
        direction=language.direction,
        open=say(later("Open it on the page")),
        because=say(BECAUSE),
        no_more=say(later("Send me no more letters; my notices stay on the page.")),
    )
    host = urlsplit(envelope.base_url).hostname or "localhost"
    return Letter(
        to=envelope.to,
        subject=message.subject,
        text=f"{text}\n",
        html=html,
        message_id=f"<notice-{notice_id}@{host}>",
        headers={
            "List-Unsubscribe": f"<{envelope.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _ending(link: str) -> Text:
    return Text("To follow this conversation no more: %(link)s", link=link)
