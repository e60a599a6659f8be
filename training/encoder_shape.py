"""The shape of the encoder, which is MiniLM's with six layers."""

from __future__ import annotations

WIDTH, HEADS, LAYERS, INNER = 384, 12, 6, 1536
EPSILON = 1e-12
