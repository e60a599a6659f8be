"""What the desk calls legal statuses, and what somebody did for legal reasons."""

from __future__ import annotations

from belowline.core.text import later
from belowline.moderation.legal_log import LegalAct
from belowline.stories.legal import LegalStatus

STATUS_WORDS: dict[str, str] = {
    LegalStatus.NONE: later("None"),
    LegalStatus.ARREST: later("Active: arrest or warrant"),
    LegalStatus.CHARGED: later("Active: charged"),
    LegalStatus.TRIAL: later("Active: trial"),
    LegalStatus.AWAITING_SENTENCE: later("Active: awaiting sentence"),
    LegalStatus.APPEAL: later("Appeal lodged"),
    LegalStatus.CIVIL_LISTED: later("Civil hearing listed"),
    LegalStatus.ANONYMITY_ORDER: later("Anonymity order"),
    LegalStatus.OBITUARY: later("Obituary"),
    LegalStatus.CHILDREN: later("Children in the story"),
}
ACT_WORDS: dict[str, str] = {
    LegalAct.LOOKED: later("looked at it"),
    LegalAct.SET: later("set the legal status"),
    LegalAct.LISTED: later("listed a name"),
    LegalAct.UNLISTED: later("took a name off the list"),
    LegalAct.PLACED: later("placed the hold"),
    LegalAct.ENDED: later("ended the hold"),
    LegalAct.PROLONGED: later("set another day of review"),
}
