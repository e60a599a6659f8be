"""The letter that carries a sign-in code. It holds no link, so that no letter with one is ours."""

from __future__ import annotations

from html import escape

from belowline.outside.mail import Letter

CODE_MINUTES = 10


def make_code_letter(*, to: str, code: str, site_name: str, message_id: str) -> Letter:
    """Make the letter with a sign-in code for one site."""
    site = " ".join(site_name.split())
    shown = f"{code[:3]} {code[3:]}"
    lines = [
        f"Your code to sign in to comment at {site}:",
        shown,
        (
            f"It works for {CODE_MINUTES} minutes, once, in the browser where you asked for it. "
            "Nobody who works here will ever ask you for it."
        ),
        "If you did not ask for a code, you need not do anything: without it nobody gets in.",
    ]
    paragraphs = [
        f"<p><strong style='font-size:1.5em;letter-spacing:.1em'>{line}</strong></p>"
        if line == shown
        else f"<p>{escape(line)}</p>"
        for line in lines
    ]
    return Letter(
        to=to,
        subject=f"{shown} is your code for {site}",
        text="\n\n".join(lines) + "\n",
        html="\n".join(paragraphs),
        message_id=message_id,
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
