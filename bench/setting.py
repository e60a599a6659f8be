"""Settings that the bench and its server share."""

from __future__ import annotations

from belowline.core.settings import Settings


def settings_for(url: str, port: int) -> Settings:
    """Return settings for a server on this machine."""
    return Settings(
        secret="0123456789abcdef" * 2,
        database_url=url,
        base_url=f"http://127.0.0.1:{port}",
        port=port,
    )
