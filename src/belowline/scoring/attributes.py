"""What a text is scored for, by the names that newsrooms know from Perspective, and one of ours."""

from __future__ import annotations

from enum import StrEnum


class Attribute(StrEnum):
    """A score is the share of people who would be expected to say yes."""

    TOXICITY = "toxicity"
    """Rude, disrespectful or unreasonable, so that people leave the conversation."""
    SEVERE_TOXICITY = "severe_toxicity"
    """Very hateful, aggressive or disrespectful; mild swearing is not."""
    INSULT = "insult"
    PROFANITY = "profanity"
    THREAT = "threat"
    IDENTITY_ATTACK = "identity_attack"
    """Negative or hateful about people because of who they are."""
    SPAM = "spam"
    CONSTRUCTIVE = "constructive"
    """Brings the conversation on: reasons, evidence, experience or a question that is meant."""
