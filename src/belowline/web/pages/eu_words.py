"""What the categories of the European Union's transparency database are called here."""

from __future__ import annotations

from belowline.core.text import later

EU_CATEGORIES = {
    "ANIMAL_WELFARE": later("Animal welfare"),
    "CONSUMER_INFORMATION": later("Misleading consumers"),
    "CYBER_VIOLENCE": later("Violence online"),
    "CYBER_VIOLENCE_AGAINST_WOMEN": later("Violence online against women"),
    "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS": later("Privacy"),
    "ILLEGAL_OR_HARMFUL_SPEECH": later("Illegal or harmful speech"),
    "INTELLECTUAL_PROPERTY_INFRINGEMENTS": later("Others’ works and marks"),
    "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS": later("Civic debate and elections"),
    "NOT_SPECIFIED_NOTICE": later("Not said in the notice"),
    "OTHER_VIOLATION_TC": later("Another breach of our rules"),
    "PROTECTION_OF_MINORS": later("Protection of minors"),
    "RISK_FOR_PUBLIC_SECURITY": later("Public security"),
    "SCAMS_AND_FRAUD": later("Scams and fraud"),
    "SELF_HARM": later("Self-harm"),
    "UNSAFE_AND_PROHIBITED_PRODUCTS": later("Unsafe or prohibited products"),
    "VIOLENCE": later("Violence"),
}
"""The categories of the EU Transparency Database, with what an editor reads."""
