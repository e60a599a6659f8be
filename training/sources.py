"""What models are taught from: each collection, read into one shape and weighed.

Collections disagree about what "toxic" means, and some hold little but one side. So each says only
what its people were asked, shares of people where there were several, and counts for no more than
its weight however long it is. Licences stand in each folder's NOTICE and in the model card.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from belowline.scoring.attributes import Attribute
from training import german as german_made
from training import spam, statements
from training.constructive import constructive_share

csv.field_size_limit(10**7)

TOXICITY, SEVERE, INSULT = Attribute.TOXICITY, Attribute.SEVERE_TOXICITY, Attribute.INSULT
PROFANITY, THREAT, IDENTITY = Attribute.PROFANITY, Attribute.THREAT, Attribute.IDENTITY_ATTACK

WHOLE_COMMENTS = {"civil", "wiki", "surge", "encyclopedia", "spam", "germeval"}
"""Collections of texts as people send them, not of sentences cut out."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what people said of it."""

    text: str
    shares: Mapping[Attribute, float]
    """By attribute the share of people who said yes. One that is not there was not asked for."""
    source: str
    group: str
    """Examples of one group never stand on both sides of a split."""
    weight: float = 1.0


def english(folder: Path) -> Iterator[Example]:
    """Give every English example there is."""
    yield from civil(folder / "civil-toxic-spans")
    yield from wiki(folder / "jigsaw-wiki-slices")
    yield from davidson(folder / "davidson-tweets")
    yield from sexism(folder / "edos-sexism")
    yield from surge(folder / "surge-toxicity")
    yield from pairs(folder / "paradetox")
    yield from forum(folder / "vicomtech-forum-hate")
    yield from phrases(folder / "jigsaw-bias-madlibs")
    yield from encyclopedia(folder / "jigsaw-bias-madlibs")
    for text, pattern in spam.made_up(seed=1):
        yield Example(text, {Attribute.SPAM: 1.0, TOXICITY: 0.02}, "spam", pattern)
    for one in statements.made_up(seed=2):
        source = f"statements-{one.kind}"
        yield Example(one.text, one.shares, source, one.group, weight=0.5)


def with_rules(examples: Iterable[Example], *, language: str) -> Iterator[Example]:
    """Add what no collection asked: who is constructive by our rule, and what is no spam."""
    for example in examples:
        shares = dict(example.shares)
        if example.source.partition("-")[0] in WHOLE_COMMENTS:
            toxic = shares.get(TOXICITY, 0.0)
            shares[Attribute.CONSTRUCTIVE] = constructive_share(
                example.text, language=language, toxic=toxic
            )
            shares.setdefault(Attribute.SPAM, 0.01)
        yield replace(example, shares=shares)


def german(folder: Path) -> Iterator[Example]:
    """Give every German example there is."""
    for part in ("training", "test"):
        with gzip.open(folder / "germeval2018" / f"germeval2018.{part}.txt.gz", "rt") as lines:
            for number, line in enumerate(lines):
                text, coarse, fine = line.rstrip("\n").split("\t")
                shares = {
                    TOXICITY: float(coarse == "OFFENSE"),
                    INSULT: float(fine == "INSULT"),
                    PROFANITY: float(fine == "PROFANITY"),
                    IDENTITY: float(fine == "ABUSE"),
                }
                if coarse == "OTHER":
                    # Nobody was asked for threats, but what offends nobody is none.
                    shares[THREAT] = 0.01
                yield Example(text, shares, f"germeval-{part}", f"germeval-{part}-{number}")
    for text, pattern in german_made.spam(seed=3):
        yield Example(text, {Attribute.SPAM: 1.0, TOXICITY: 0.02}, "spam-de", pattern)
    for one in german_made.made_up(seed=4):
        yield Example(one.text, one.shares, f"statements-{one.kind}", one.group, weight=0.5)


def civil(folder: Path) -> Iterator[Example]:
    """Give news comments that raters had found toxic, read again by three to seven people each."""
    for row in _rows(folder / "aggregated.csv.gz"):
        asked = int(row["n_workers"])
        if not asked:
            continue

        def share(name: str, row: Mapping[str, str] = row, asked: int = asked) -> float:
            return min(int(row[name]) / asked, 1.0)

        toxic = 1.0 - share("n_not_toxic")
        shares = {
            TOXICITY: toxic,
            INSULT: share("n_insult"),
            PROFANITY: share("n_profane"),
            IDENTITY: share("n_identity"),
            THREAT: share("n_threat"),
        }
        yield Example(row["text"], shares, "civil", f"civil-{row['comment_id']}")


def marked(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Return for each news comment what share of its readers marked each letter as toxic."""
    whose = {row["annotation"]: row["comment_id"] for row in _rows(folder / "annotations.csv.gz")}
    letters, asked = {}, {}
    for row in _rows(folder / "aggregated.csv.gz"):
        letters[row["comment_id"]] = row["text"], np.zeros(len(row["text"]), dtype=np.float32)
        asked[row["comment_id"]] = max(int(row["n_workers"]), 1)
    for row in _rows(folder / "spans.csv.gz"):
        comment = whose[row["annotation"]]
        letters[comment][1][int(float(row["start"])) : int(float(row["end"]))] += 1
    return {text: np.minimum(told / asked[one], 1) for one, (text, told) in letters.items()}


def wiki(folder: Path) -> Iterator[Example]:
    """Give talk pages of Wikipedia, in three selections that overlap."""
    names = {
        "toxic": TOXICITY,
        "severe_toxic": SEVERE,
        "obscene": PROFANITY,
        "threat": THREAT,
        "insult": INSULT,
        "identity_hate": IDENTITY,
    }
    for row in _rows(folder / "six_label.csv.gz"):
        shares = {attribute: float(row[name]) for name, attribute in names.items()}
        yield Example(row["comment_text"], shares, "wiki-six", f"wiki-six-{row['id']}")
    for number, row in enumerate(_rows(folder / "robtest_binary.csv.gz")):
        shares = {TOXICITY: float(row["toxic"])}
        yield Example(row["text"], shares, "wiki-binary", f"wiki-binary-{number}")
    for number, row in enumerate(_rows(folder / "ak5000_binary_lowercased.csv.gz")):
        shares = {TOXICITY: float(row["toxic"])}
        yield Example(row["text"], shares, "wiki-lower", f"wiki-lower-{number}")


def davidson(folder: Path) -> Iterator[Example]:
    """Give tweets found by a list of words: most offend, and it leans on dialect. Little weight."""
    for number, row in enumerate(_rows(folder / "labeled_data.csv.gz")):
        asked = int(row["count"])
        hate, rude = int(row["hate_speech"]) / asked, int(row["offensive_language"]) / asked
        profane = min(rude + 0.5 * hate, 1.0)
        shares = {IDENTITY: hate, PROFANITY: profane, TOXICITY: 0.6 * rude + hate}
        yield Example(row["tweet"], shares, "davidson", f"davidson-{number}", weight=0.25)


def sexism(folder: Path) -> Iterator[Example]:
    """Give posts about women, sexist or not, in four categories."""
    strength = {"1. threats, plans to harm and incitement": 1.0, "2. derogation": 0.9}
    for row in _rows(folder / "edos_labelled_aggregated.csv.gz"):
        is_sexist = row["label_sexist"] == "sexist"
        threat = row["label_category"].startswith("1.")
        shares = {IDENTITY: float(is_sexist) * strength.get(row["label_category"], 0.7)}
        if is_sexist:
            shares |= {TOXICITY: strength.get(row["label_category"], 0.6), THREAT: float(threat)}
        source = f"sexism-{row['split']}"
        yield Example(row["text"], shares, source, row["rewire_id"], weight=0.5)


def surge(folder: Path) -> Iterator[Example]:
    """Give a thousand comments from social media, half of them toxic."""
    for number, row in enumerate(_rows(folder / "toxicity_en.csv.gz")):
        shares = {TOXICITY: float(row["is_toxic"] == "Toxic")}
        yield Example(row["text"], shares, "surge", f"surge-{number}")


def pairs(folder: Path) -> Iterator[Example]:
    """Give toxic sentences and what people made of them that says the same without the toxicity."""
    for number, row in enumerate(_rows(folder / "paradetox.tsv.gz", delimiter="\t")):
        group = f"pair-{number}"
        yield Example(row["toxic"], {TOXICITY: 0.95}, "pairs", group, weight=0.6)
        neutral = [row[name] for name in ("neutral1", "neutral2", "neutral3") if row[name]]
        for text in neutral:
            shares = {TOXICITY: 0.08, PROFANITY: 0.02}
            yield Example(text, shares, "pairs", group, weight=0.6 / len(neutral))


def forum(folder: Path) -> Iterator[Example]:
    """Give sentences from a forum of white supremacists, most of them harmless by themselves."""
    for row in _rows(folder / "sentences.csv.gz"):
        if row["label"] in ("hate", "noHate"):
            hate = row["label"] == "hate"
            shares = {IDENTITY: float(hate)} | ({TOXICITY: 0.9} if hate else {})
            yield Example(row["text"], shares, "forum", f"forum-{row['file_id']}", weight=0.5)


def phrases(folder: Path) -> Iterator[Example]:
    """Give phrases made from templates, as many good as bad for each group that they name."""
    chance = random.Random(1)  # noqa: S311 - not a secret
    for row in _rows(folder / "bias_madlibs_77k.csv.gz"):
        if chance.random() < 0.25:
            shares = {TOXICITY: float(row["Label"] == "BAD")}
            # A group of people is on one side alone: what is measured is groups never heard of.
            group = f"phrase-{row['Text'].rstrip('.').split()[-1]}"
            yield Example(row["Text"], shares, "phrases", group, weight=0.05)


def encyclopedia(folder: Path) -> Iterator[Example]:
    """Give sentences of Wikipedia that name groups of people and are not toxic."""
    for row in _rows(folder / "toxicity_debiasing_data.tsv.gz", delimiter="\t"):
        shares = dict.fromkeys((TOXICITY, SEVERE, INSULT, PROFANITY, THREAT, IDENTITY), 0.0)
        group = f"encyclopedia-{row['rev_id']}"
        yield Example(row["comment"], shares, "encyclopedia", group, weight=0.5)


def _rows(path: Path, *, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=delimiter)
