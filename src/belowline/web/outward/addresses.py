"""Whole addresses and lasting names of what is public, for those who read it somewhere else."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from belowline.sites.model import Site


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one site's threads, beginning with the installation's own."""

    base_url: str
    site: Site

    def of_site(self) -> str:
        """Return where the site's threads are listed."""
        return f"{self.base_url}/s/{self.site.key}"

    def of_story(self, key: str) -> str:
        """Return where a story's thread is read as a whole page."""
        return f"{self.of_site()}/{quote(key, safe='~')}"

    def of_comment(self, key: str, comment_id: int) -> str:
        """Return where one comment is read in its place."""
        return f"{self.of_story(key)}/c/{comment_id}"

    def of_quote(self, key: str, comment_id: int, form: str) -> str:
        """Return where a page elsewhere asks how to show one comment (oEmbed)."""
        url = quote(self.of_comment(key, comment_id), safe="")
        return f"{self.base_url}/oembed?url={url}&format={form}"

    def name(self, *parts: str | int) -> str:
        """Return a ``tag:`` URI (RFC 4151), which stays the same wherever the site moves to.

        Its date is the day on which the site was made: the host was the publisher's on that day,
        whoever has it later.
        """
        # Its grammar knows host names alone, neither a port nor an address in brackets.
        host = urlsplit(self.base_url).hostname or ""
        authority = "localhost" if ":" in host or not host else host
        specific = "/".join(str(part) for part in (self.site.key, *parts))
        return f"tag:{authority},{self.site.created_at:%Y-%m-%d}:{specific}"
