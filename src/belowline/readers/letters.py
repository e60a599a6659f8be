"""The letter that carries a sign-in code. It holds no link, so that no letter with one is ours."""

from __future__ import annotations

from html import escape

from belowline.core.language import Language
from belowline.core.text import Text, later, numbered
from belowline.outside.mail import Letter

CODE_MINUTES = 10


def make_code_letter(
    *, to: str, code: str, site_name: str, message_id: str, language: Language
) -> Letter:
    """Make the letter with a sign-in code for one site, in its language."""
    site, say = " ".join(site_name.split()), language.say
    shown = f"{code[:3]} {code[3:]}"
    lines = [
        say(Text("Your code to sign in to comment at %(site)s:", site=site)),
        shown,
        say(
            numbered(
                "It works for %(num)s minute, once, in the browser where you asked for it. Nobody "
                "who works here will ever ask you for it.",
                "It works for %(num)s minutes, once, in the browser where you asked for it. Nobody "
                "who works here will ever ask you for it.",
                CODE_MINUTES,
            )
        ),
        say(
            later(
                "If you did not ask for a code, you need not do anything: without it nobody gets "
                "in."
            )
        ),
    ]
    start = f'<div lang="{language.tag}" dir="{language.direction}">'
    paragraphs = [
        f"<p><strong style='font-size:1.5em;letter-spacing:.1em'>{line}</strong></p>"
        if line == shown
        else f"<p>{escape(line)}</p>"
        for line in lines
    ]
    return Letter(
        to=to,
        subject=say(Text("%(code)s is your code for %(site)s", code=shown, site=site)),
        text="\n\n".join(lines) + "\n",
        html="\n".join([start, *paragraphs, "</div>"]),
        message_id=message_id,
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
