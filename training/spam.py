"""Spam that nobody sent: sentences of the kinds that newspapers get, made from patterns.

There is no collection of comment spam that we may teach from. Each pattern is a group of its own,
so the figures say how well the model does on patterns that it has not seen; they are kinder than
life, because we wrote both. A site's own decisions teach it better.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

SLOTS = {
    "sum": "$85 an hour|$6,450 a month|£900 a week|$12,000 in four weeks|3,500 dollars|€2,300",
    "link": "http://bit.ly/{x}|www.{x}-jobs.example|https://{x}.shop|{x} dot com|t.me/{x}",
    "site": "this site|the link in my profile|the website below|this page|here",
    "kin": "my sister|my neighbour|my best friend|my mother-in-law|a classmate|my roommate",
    "drug": "viagra|cialis|xanax|weight loss pills|keto gummies|CBD oil|male enhancement",
    "coin": "bitcoin|ethereum|USDT|crypto|forex",
    "name": "Mr Frank|Dr Ogun|Mrs Lopez|Coach Daniel|Prophet Emeka|Agent Karim|Expert Lewis",
    "way": "WhatsApp +1 (202) 555-0{n}|Telegram @{x}|{x}@mail.example|call +44 20 5550 {n}",
    "good": "shoes|handbags|watches|sunglasses|phone cases|sneakers|jerseys",
    "brand": "Gucci|Rolex|Nike|Louis Vuitton|Ray-Ban|Adidas",
    "paper": "essay|dissertation|term paper|thesis|homework|coursework",
    "praise": "Great|Awesome|Very nice|Excellent|Wonderful|Amazing|Fantastic",
    "post": "article|blog|post|website|content|write-up|information",
    "game": "casino|online slots|poker|sports betting|jackpot|roulette",
    "loan": "loan|business loan|personal loan|mortgage|credit",
}
PATTERNS = """
I am making {sum} from home, I never thought it was real but {kin} showed me {site} {link}
Start earning {sum} today with only a laptop. No experience needed! Visit {link}
My last pay cheque was {sum} for ten hours of work online. {kin} makes more. Read {site}: {link}
Work from home and get paid weekly, {sum} guaranteed. Open {link}
I quit my job and now earn {sum}. This is what I do: {link}
Google is now paying {sum} for easy online tasks, apply here {link}
Buy {drug} online without prescription, best price, fast shipping {link}
Cheap {drug} for sale, discreet delivery worldwide {link}
{drug} that really works! Order now and get 50% off: {link}
I lost 20 kilos with {drug} in one month, see {site} {link}
I invested 500 in {coin} with {name} and got {sum} back in seven days. Contact {way}
{name} is the best {coin} trader, he helped me recover my lost money. {way}
Double your {coin} in 24 hours, safe and legit, message {way}
Recover your stolen {coin} with a professional hacker, contact {way}
If you want to invest in {coin} talk to {name}, trusted broker, {way}
My husband came back to me after {name} cast a powerful love spell. Contact him {way}
{name} the great spell caster brought my ex lover back in three days, {way}
I was cured of herpes with the herbal medicine of {name}, reach him on {way}
Join the Illuminati and become rich and famous, contact {name} {way}
Do you need an urgent {loan} at 2% interest? Contact {name} today {way}
We offer {loan} without collateral, apply now, {way}
Get your {loan} approved in 24 hours, bad credit welcome {link}
Original {brand} {good} 80% off today only, free shipping {link}
Replica {brand} {good} cheap, top quality, order at {link}
Wholesale {brand} {good}, new arrivals every week: {link}
{praise} {post}! I really enjoyed reading it. Check out my {post} too: {link}
{praise} {post}, thanks for sharing. Please visit my page {link}
This is a {praise} {post}. I have bookmarked it and will share it with my followers. {link}
{praise} {post} admin keep it up. For more {game} visit {link}
Your {post} is very helpful. We offer SEO services, backlinks and traffic, {link}
Rank number one on search engines, buy backlinks cheap {link}
Get 10,000 real followers for a few dollars {link}
Play {game} online and win big, free bonus of {sum} at {link}
Best {game} site, instant payout, register now {link}
Sign up with my code and receive {sum} for {game}: {link}
Need help with your {paper}? Professional writers, no plagiarism {link}
Order your {paper} today, cheap and fast, {link}
Hot single girls near you want to chat tonight {link}
Meet lonely women in your area, no credit card {link}
Watch the full match live stream free HD here {link}
Download the full movie free no registration {link}
Free gift card worth {sum}, claim yours before it is gone {link}
You have won {sum}, send your details to {way}
Best plumber and locksmith in your city, call now {way}
Packers and movers at the lowest price, book now {link}
Escort service available day and night, call {way}
Buy real driving licences, passports and diplomas, {way}
Ethical hacker for hire, spy on your spouse's phone, contact {way}
"""


def made_up(seed: int, *, each: int = 40) -> Iterator[tuple[str, str]]:
    """Give made-up spam, each text with the name of its pattern."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    for number, pattern in enumerate(PATTERNS.strip().splitlines()):
        for _ in range(each):
            filled = pattern
            for slot, choices in SLOTS.items():
                while "{" + slot + "}" in filled:
                    filled = filled.replace("{" + slot + "}", chance.choice(choices.split("|")), 1)
            word = "".join(chance.choice("abcdefghiklmnoprstuvwz") for _ in range(7))
            filled = filled.replace("{x}", word).replace("{n}", f"{chance.randrange(100, 199)}")
            if chance.random() < 0.2:
                filled = filled.upper() if chance.random() < 0.3 else filled + " " + "!" * 3
            yield filled, f"spam-{number}"
