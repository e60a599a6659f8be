"""The classifier that is always there: the models that come with Belowline, one a language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from belowline.core.errors import Unavailable
from belowline.outside.classifier import ClassifierAnswer
from belowline.scoring.attributes import Attribute
from belowline.scoring.encoder import EncoderScorer, require_extra
from belowline.scoring.encoder_model import read_encoder
from belowline.scoring.languages import detect
from belowline.scoring.linear import LinearScorer
from belowline.scoring.model import FOLDER, read_model
from belowline.scoring.weighed import Scorer

LANGUAGES = ("en", "de")
"""The languages that Belowline brings a model for."""
ENCODED = ("en",)
"""The languages that there is an encoder for; the others are linear whatever is chosen."""
LEAST_SHOWN = 0.5
"""Passages are looked for from this probability on."""


class LocalClassifier:
    """Scores with the models of a folder.

    One that is broken is never passed over in silence: whatever it should have judged is
    unavailable, and so held.
    """

    waits = False

    def __init__(self, models: Mapping[str, Scorer | Unavailable]) -> None:
        """Score with these, by the code of their language."""
        self._models = models

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the codes of the languages there are models for, broken ones too."""
        return tuple(self._models)

    @property
    def problems(self) -> dict[str, str]:
        """Return what is wrong with models, by language."""
        return {
            language: str(model)
            for language, model in self._models.items()
            if isinstance(model, Unavailable)
        }

    @property
    def versions(self) -> tuple[str, ...]:
        """Return the names of the models that can be asked."""
        found = self._models.values()
        return tuple(one.model.version for one in found if not isinstance(one, Unavailable))

    def find(self, language: str) -> Scorer | Unavailable | None:
        """Return the scorer for a language, or what is wrong with it; None if there is none."""
        return self._models.get(base_code(language))

    def score(
        self,
        text: str,
        *,
        language: str,
        deadline: timedelta,  # noqa: ARG002 - it takes milliseconds, and asks nobody
    ) -> ClassifierAnswer | None:
        """Score a text at a site in a language; None if no model is for that language.

        Raises:
            Unavailable: the text is in a language that no model knows, or its model is broken.
        """
        own = base_code(language)
        if own not in self._models:
            return None
        found = detect(text) or own
        scorer = self._models.get(found)
        if scorer is None:
            raise Unavailable("No model knows the language of this text.", code="language")
        if isinstance(scorer, Unavailable):
            raise scorer
        weighed = scorer.score(text)
        scores = {attribute.value: score for attribute, score in weighed.scores.items()}
        worst = max(
            (one for one in weighed.scores if one is not Attribute.CONSTRUCTIVE),
            key=lambda one: weighed.scores[one],
        )
        passages = (
            scorer.passages(text, weighed, worst) if weighed.scores[worst] >= LEAST_SHOWN else ()
        )
        return ClassifierAnswer(scores, passages, model=scorer.model.version)


def base_code(language: str) -> str:
    """Return the language alone of a tag such as ``en-GB`` or ``pt_BR``."""
    return language.replace("_", "-").split("-")[0].lower()


def read_classifier(folder: Path = FOLDER, *, kind: str = "linear") -> LocalClassifier:
    """Read every model in the folder. One that cannot be read is kept as what is wrong with it.

    Raises:
        Misconfigured: ``kind`` is ``encoder``, and what runs one is not installed.
    """
    if kind == "encoder":
        require_extra()
    models: dict[str, Scorer | Unavailable] = {}
    for language in LANGUAGES:
        try:
            models[language] = _read(folder, language, kind)
        except Unavailable as problem:
            models[language] = problem
    return LocalClassifier(models)


def _read(folder: Path, language: str, kind: str) -> Scorer:
    if kind == "encoder" and language in ENCODED:
        return EncoderScorer(read_encoder(folder / f"encoder-{language}.bin"))
    return LinearScorer(read_model(folder / f"linear-{language}.bin"))
