"""The rulebook that a new site starts with: sixteen rules that newspapers' house rules share.

An editor may reword, drop and add; the keys stay, because decisions and counts cite them. ``text``
is what readers see; ``guidance`` is for moderators and gives an example from either side of the
line. Nothing here is legal advice.
"""

from __future__ import annotations

from dataclasses import replace

from belowline.core.terms import RuleKey
from belowline.core.text import later
from belowline.rules.examples import EXAMPLES
from belowline.rules.model import RuleDraft

DEFAULT_INTRO = later(
    "We want the conversation under our stories to be lively and valuable: argue, ask, tell us "
    "what you know and what we have missed. Commenting is a privilege, not a right. It is open to "
    "every reader, and it may be withdrawn from anybody who abuses it. Anybody may report a "
    "comment that breaks a rule, and whoever reports one hears what came of it. Anybody may read "
    "these rules, and the author of a comment that goes is told which of them it broke."
)

_PEOPLE: tuple[RuleDraft, ...] = (
    RuleDraft(
        key=RuleKey("personal-attack"),
        title=later("Argue with the point, not the person"),
        text=later(
            "Disagree as hard as you like with what somebody says or does. Do not insult other "
            "readers, our reporters or the people in a story, call them trolls or liars, or mock "
            "their name or their looks."
        ),
        severity=2,
        eu_category="OTHER_VIOLATION_TC",
        guidance=later(
            "Harsh words about an act or an argument stay: “the council leader has botched "
            "this and should resign”. Contempt for the person goes: “the council leader is a "
            "waste of space”. People in public life must stand more than private people."
        ),
    ),
    RuleDraft(
        key=RuleKey("harassment"),
        title=later("Leave people in peace"),
        text=later(
            "Do not follow somebody from thread to thread, stir others up against them, or press "
            "attention on them that they have not asked for."
        ),
        severity=3,
        eu_category="CYBER_VIOLENCE",
        guidance=later(
            "Look at the record, not one comment. Two readers who often disagree: leave it. "
            "One who answers every comment of another's with the same jibe: act. Sexual "
            "remarks about "
            "somebody go at the first one."
        ),
    ),
    RuleDraft(
        key=RuleKey("hate"),
        title=later("Do not spread hatred of a group"),
        text=later(
            "Do not use slurs, call people less than human, or condemn a whole group for its "
            "race, religion, nationality, disability, sex, sexuality or the like."
        ),
        severity=3,
        eu_category="ILLEGAL_OR_HARMFUL_SPEECH",
        guidance=later(
            "Criticism of a belief or a policy stays: “I do not think the church should "
            "run this school”. A verdict on all who belong goes: “those people never work”. "
            "Quoting a slur in order to object to it is not using it."
        ),
    ),
    RuleDraft(
        key=RuleKey("threat"),
        title=later("Do not threaten or call for violence"),
        text=later(
            "Do not threaten anybody, encourage harm to people or their property, or cheer on "
            "violence or crime."
        ),
        severity=4,
        eu_category="VIOLENCE",
        guidance=later(
            "Act first and tell an editor; where somebody may be in danger, the police must "
            "hear of it. “They should be voted out” is politics; “somebody should pay "
            "them a visit” is not, even when it is meant as a joke."
        ),
    ),
    RuleDraft(
        key=RuleKey("private-info"),
        title=later("Keep private details private"),
        text=later(
            "Do not publish addresses, telephone numbers, e-mail addresses, number plates or "
            "other private details: not other people's, and for your own safety not your own."
        ),
        severity=3,
        eu_category="DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        guidance=later(
            "An office number on a council's own page may stay; a councillor's mobile goes. "
            "“Somebody on our street” is fine, a house number is not."
        ),
    ),
    RuleDraft(
        key=RuleKey("compassion"),
        title=later("Be kind to the grieving"),
        text=later(
            "Where somebody has died, is ill or has been hurt, remember that their family reads "
            "here. No cruelty, no gossip about causes and no blaming of the victim."
        ),
        severity=2,
        eu_category="OTHER_VIOLATION_TC",
        guidance=later(
            "“That junction has needed lights for years” stays; “he must have "
            "been speeding” goes. If a thread keeps slipping, ask an editor to hold it first."
        ),
    ),
    RuleDraft(
        key=RuleKey("child-selfharm"),
        title=later("Put children and people at risk first"),
        text=later(
            "Nothing that sexualises or grooms a child, and nothing that encourages anybody to "
            "harm themselves. If you are worried about somebody, report the comment at once."
        ),
        severity=4,
        eu_category="PROTECTION_OF_MINORS",
        guidance=later(
            "Hide at once and tell an editor. Somebody who speaks of their own despair needs "
            "help, not a sanction: give them the helpline. Talking about having recovered is "
            "welcome; "
            "describing a method is not."
        ),
    ),
)

_LAW: tuple[RuleDraft, ...] = (
    RuleDraft(
        key=RuleKey("defamation"),
        title=later("Accuse nobody of what you cannot prove"),
        text=later(
            "Do not say that a person or a firm that can be recognised has committed a crime, "
            "been dishonest or behaved disgracefully, unless you can stand behind it with proof."
        ),
        severity=3,
        eu_category="ILLEGAL_OR_HARMFUL_SPEECH",
        guidance=later(
            "Opinion on known facts stays: “paying that much for a car park is daft”. "
            "A claim of wrongdoing goes: “somebody pocketed the difference”. Once we have seen it "
            "and left it, it is ours as well."
        ),
    ),
    RuleDraft(
        key=RuleKey("court-safety"),
        title=later("Do not put a trial at risk"),
        text=later(
            "While a case is going on, do not say who is guilty, bring up anybody's past, or hint "
            "at names that the law or a court protects."
        ),
        severity=4,
        eu_category="ILLEGAL_OR_HARMFUL_SPEECH",
        guidance=later(
            "Hide at once, then ask an editor whether the thread must be suspended. “I hope "
            "the family gets answers” stays; “everybody knows he did it” goes, and so does "
            "“not his first time”."
        ),
    ),
    RuleDraft(
        key=RuleKey("false-claim"),
        title=later("Do not mislead"),
        text=later(
            "Do not state as fact what is plainly untrue and could do harm, about health, safety, "
            "elections or the people of a story. If you are not sure, ask."
        ),
        severity=2,
        eu_category="NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        guidance=later(
            "It must be false, stated as fact and able to do harm: all three. “I heard the "
            "pool might shut, is that right?” stays; “polling day has been moved to Friday” "
            "goes. A mistake that a reply can put right needs a reply."
        ),
    ),
    RuleDraft(
        key=RuleKey("rights-links"),
        title=later("Share only what is yours and safe"),
        text=later(
            "Do not paste in long stretches of other people's work or link to anything unsafe. A "
            "sentence or two and a link to the source is enough. Please write in this site's "
            "language."
        ),
        severity=1,
        eu_category="INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        guidance=later(
            "Two quoted sentences with their source stay; a whole article goes. Follow a link "
            "only where that is safe; one that hides where it leads goes."
        ),
    ),
)

_TALK: tuple[RuleDraft, ...] = (
    RuleDraft(
        key=RuleKey("obscenity"),
        title=later("Keep the language clean"),
        text=later(
            "No swearing, with or without asterisks, and nothing sexual or gory. This is read "
            "over breakfast."
        ),
        severity=1,
        eu_category="OTHER_VIOLATION_TC",
        guidance=later(
            "Mild and local words stay: “daft”, “blooming”. What we would not "
            "print in a letter to the editor goes. A first slip earns a reminder, not a sanction."
        ),
    ),
    RuleDraft(
        key=RuleKey("off-topic"),
        title=later("Stay with the story"),
        text=later(
            "Talk about the story or what another reader has said about it. Take quarrels about "
            "moderation to the appeal, and campaigns to your own page."
        ),
        severity=1,
        eu_category="OTHER_VIOLATION_TC",
        guidance=later(
            "Threads wander, and that is fine: from a bypass to buses. A speech about "
            "national politics under a story about a bypass goes. It is tidying up, not a "
            "mark on the reader."
        ),
    ),
    RuleDraft(
        key=RuleKey("disruption"),
        title=later("Do not spoil the conversation"),
        text=later(
            "Do not bait people, shout in capitals, post the same thing again and again, or crowd "
            "everybody else out."
        ),
        severity=1,
        eu_category="OTHER_VIOLATION_TC",
        guidance=later(
            "A joke at the council's expense stays; the fifth reply whose only purpose is to "
            "provoke goes. Many comments that each say something are not disruption."
        ),
    ),
    RuleDraft(
        key=RuleKey("spam"),
        title=later("Do not advertise"),
        text=later(
            "No advertising, fund-raising appeals, referral links or offers that are too good to "
            "be true."
        ),
        severity=2,
        eu_category="SCAMS_AND_FRAUD",
        guidance=later(
            "A trader who says what a scheme does to the shop is taking part; one who adds "
            "opening times and a discount code is advertising. An account that has only ever "
            "advertised can lose the privilege at once."
        ),
    ),
    RuleDraft(
        key=RuleKey("identity"),
        title=later("Be yourself, and only once"),
        text=later(
            "Do not pretend to be somebody else, choose an offensive name, use several accounts, "
            "or come back under another name when your privilege has been suspended."
        ),
        severity=3,
        eu_category="SCAMS_AND_FRAUD",
        guidance=later(
            "A pen name is welcome, and so is an obvious joke of one. A name that other "
            "readers would take for a real councillor's is not. Two people who share a house "
            "are not "
            "one person: ask before deciding."
        ),
    ),
)

DEFAULT_RULES: tuple[RuleDraft, ...] = tuple(
    replace(
        rule,
        stays=EXAMPLES[rule.key].stays,
        goes=EXAMPLES[rule.key].goes,
        default_action=EXAMPLES[rule.key].usual,
    )
    for rule in _PEOPLE + _LAW + _TALK
)
"""The sixteen rules in the order in which readers see them."""
