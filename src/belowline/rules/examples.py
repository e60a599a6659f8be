"""On which side of the line: an example that stays and one that goes, for each default rule.

For moderators alone, beside the guidance, with what is usually done. The examples are invented; an
editor replaces them by those of their own town.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from belowline.core.terms import RuleKey
from belowline.core.text import later
from belowline.rules.model import UsualAction


@dataclass(frozen=True, slots=True)
class Examples:
    """Both sides of one rule's line, and what a moderator usually does."""

    stays: str
    goes: str
    usual: UsualAction


EXAMPLES: Mapping[RuleKey, Examples] = {
    RuleKey("personal-attack"): Examples(
        later("“Your sums do not add up, and you have been told so twice.”"),
        later("“Your sums do not add up because you never finished school, did you?”"),
        UsualAction.REMOVE_AND_WARN,
    ),
    RuleKey("harassment"): Examples(
        later("“You said the same under the school story, and I still disagree.”"),
        later("“Everybody go and tell her what we think of her, you all know where she works.”"),
        UsualAction.REMOVE_AND_SUSPEND,
    ),
    RuleKey("hate"): Examples(
        later("“The new housing quota for refugees is too high for a town of this size.”"),
        later("“Send the whole lot of them back, they breed like rats.”"),
        UsualAction.REMOVE_AND_SUSPEND,
    ),
    RuleKey("threat"): Examples(
        later("“He will pay for this at the next election.”"),
        later("“I know his car. He had better check the brakes.”"),
        UsualAction.ESCALATE,
    ),
    RuleKey("private-info"): Examples(
        later("“The surgery’s number is on its website.”"),
        later("“He lives at number twelve, the house with the green gate.”"),
        UsualAction.REMOVE_AND_WARN,
    ),
    RuleKey("compassion"): Examples(
        later("“I taught him for six years. My thoughts are with his mother.”"),
        later("“Nobody made her get on that bike without a helmet.”"),
        UsualAction.REMOVE,
    ),
    RuleKey("child-selfharm"): Examples(
        later("“I was there myself at nineteen. Talking to somebody helped; please do.”"),
        later("“Go on then, nobody would miss you.”"),
        UsualAction.ESCALATE,
    ),
    RuleKey("defamation"): Examples(
        later("“The audit says that 40,000 are missing. I want to know where they went.”"),
        later("“We all know which councillor’s kitchen those 40,000 paid for.”"),
        UsualAction.REMOVE,
    ),
    RuleKey("court-safety"): Examples(
        later("“The hearing is on Tuesday at ten, and it is open to the public.”"),
        later("“They should just lock him up, he was inside for the same in 2011.”"),
        UsualAction.ESCALATE,
    ),
    RuleKey("false-claim"): Examples(
        later("“I do not trust the new treatment plant, and here is the report I read.”"),
        later(
            "“The water is poisoned, they said so on the radio, do not let your children drink.”"
        ),
        UsualAction.REMOVE,
    ),
    RuleKey("rights-links"): Examples(
        later("“The evening paper had this last week: ‘two sentences’, and the link.”"),
        later("“I have the whole article here, so nobody has to pay: …”"),
        UsualAction.REMOVE,
    ),
    RuleKey("obscenity"): Examples(
        later("“What a damn shame.”"),
        later("“F*** the lot of you.”"),
        UsualAction.REMIND,
    ),
    RuleKey("off-topic"): Examples(
        later("“Speaking of the bypass: does anybody know when the bus lane opens?”"),
        later("“Why was my comment of yesterday removed? Is this a free country?”"),
        UsualAction.TIDY,
    ),
    RuleKey("disruption"): Examples(
        later("“I said it before and say it once more, because it matters: count the cars.”"),
        later("“WAKE UP PEOPLE”, for the fourth time this hour."),
        UsualAction.REMIND,
    ),
    RuleKey("spam"): Examples(
        later("“I run the bakery opposite. Since the works began I have lost a third.”"),
        later("“Best loans in town, no questions asked, write to me.”"),
        UsualAction.REMOVE,
    ),
    RuleKey("identity"): Examples(
        later("“As somebody who shares the mayor’s name: no, we are not related.”"),
        later("“This is the mayor speaking”, from an account made today."),
        UsualAction.REMOVE_AND_WARN,
    ),
}
