"""What stands in for people's answers on whether a comment is constructive: a rule in the open.

There is no collection that we may teach from in which people were asked. So a rule looks for what
the research on constructive news comments names (reasons, evidence, experience, a proposal, a
question that is meant, some length) and for what spoils it, and the model learns to see the same.
Its figures say how well it follows the rule, not whether people would agree.

After V. Kolhatkar and M. Taboada, "Constructive language in news comments", 2017: constructive
comments there are longer and have connectives, verbs of reasoning and named evidence.
"""

from __future__ import annotations

import re
from math import exp

SIGNS = {
    "en": {
        "reasons": "because|since|therefore|thus|hence|so that|which means|due to|as a result",
        "contrast": "however|although|though|whereas|on the other hand|instead|even if|unless",
        "evidence": "according to|figures?|study|studies|report|percent|data|evidence|source",
        "experience": "in my experience|i (?:have )?(?:work(?:ed)?|lived?|saw|seen|know)|my own",
        "proposal": "should|could|suggest|propose|would be better|what if|we need to|solution",
        "respect": "thank you|thanks|good point|i agree|i disagree|i see|fair enough|to be fair",
        "against": "idiots?|stupid|moron|liar|shut up|pathetic|loser|clown|lol|wtf",
    },
    "de": {
        "reasons": "weil|denn|deshalb|daher|deswegen|damit|aufgrund|folglich|nämlich",
        "contrast": "jedoch|allerdings|obwohl|andererseits|stattdessen|dagegen|es sei denn",
        "evidence": "laut|zahlen|studien?|bericht|prozent|daten|quellen?|nachweislich",
        "experience": "meiner erfahrung|ich (?:habe|arbeite|wohne|kenne|sah)|bei uns",
        "proposal": "sollten?|könnten?|vorschlag|besser wäre|man müsste|lösung",
        "respect": "danke|guter punkt|stimme (?:zu|ihnen)|verstehe|zugegeben",
        "against": "idioten?|dumm|blöd|lügner|halt die|versager|pack|lol",
    },
}
WORTH = {
    "reasons": 0.9,
    "contrast": 0.7,
    "evidence": 0.9,
    "experience": 0.7,
    "proposal": 0.6,
    "respect": 0.4,
    "against": -2.0,
}
_COMPILED = {
    language: {name: re.compile(rf"\b(?:{sign})\b") for name, sign in signs.items()}
    for language, signs in SIGNS.items()
}


def constructive_share(text: str, *, language: str, toxic: float) -> float:
    """Return from 0 to 1 how constructive the rule takes a text to be.

    ``toxic`` is the share of people who found it toxic, where they were asked.
    """
    lower = text.lower()
    words = len(lower.split())
    sum_of_signs = -3.0 - 4.0 * toxic
    # Twenty words can carry a thought; beyond a hundred and fifty more of them add none.
    sum_of_signs += 1.8 * min(words, 150) / 75 if words >= 12 else -1.0
    for name, sign in _COMPILED[language].items():
        sum_of_signs += WORTH[name] * min(len(sign.findall(lower)), 2)
    if re.search(r"\w\?(?:\s|$)", text) and "??" not in text:
        sum_of_signs += 0.4
    if text.isupper() or "!!" in text:
        sum_of_signs -= 1.0
    return 1 / (1 + exp(-sum_of_signs))
