"""Scoring with a small transformer, where the extra ``encoder`` is installed.

The net tells for each token how much it counts and what it says; a text's logit is their weighted
mean, and a sentence's that of its own tokens. So one pass gives the scores, each sentence's, and
the passages that carry them. One thread serves one text.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from belowline.core.errors import Misconfigured, Unavailable
from belowline.core.terms import Passage
from belowline.scoring.attributes import Attribute
from belowline.scoring.encoder_model import EncoderModel
from belowline.scoring.reading import END, START, Read, Token, read
from belowline.scoring.weighed import Span, Weighed, best_passages, probability
from belowline.scoring.wordpiece import Cutter

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    from numpy.typing import NDArray

NOTHING = -8.0
"""The logit of a sentence of which nothing is read, such as one that is quoted."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the net says of a text's tokens; the ends of windows have none."""

    tokens: tuple[Token | None, ...]
    gates: NDArray[np.float32]
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pondered(Weighed):
    """What a text came to, and what its tokens gave."""

    told: Told


class EncoderScorer:
    """Scores texts with one encoder. It keeps nothing of them."""

    def __init__(self, model: EncoderModel) -> None:
        """Score with this model. Raises Unavailable if it cannot be run."""
        self._session = _open(model)
        # The session has made its own of the net's bytes.
        self.model = replace(model, net=b"")
        self._cutter = Cutter(model.vocabulary)
        self._ends = model.vocabulary.index(START), model.vocabulary.index(END)

    def score(self, text: str) -> Pondered:
        """Return the probability of each attribute that the model knows."""
        found, told = self._tell(text)
        whole, sentences = _pool_all(found, told)
        scores: dict[Attribute, float] = {}
        apart: list[dict[Attribute, float]] = [{} for _ in sentences]
        for number, (attribute, fitted) in enumerate(self.model.attributes.items()):
            worst = max((one[number] for one in sentences), default=whole[number])
            scores[attribute] = probability(fitted, whole[number], worst)
            for kept, one in zip(apart, sentences, strict=True):
                kept[attribute] = probability(fitted, one[number], one[number])
        return Pondered(found.parts, scores, tuple(apart), told)

    def logits(self, text: str) -> dict[Attribute, tuple[float, float]]:
        """Return what the whole text weighs, and its worst sentence, before any calibration."""
        whole, sentences = _pool_all(*self._tell(text))
        return {
            attribute: (
                whole[number],
                max((one[number] for one in sentences), default=whole[number]),
            )
            for number, attribute in enumerate(self.model.attributes)
        }

    def passages(self, text: str, weighed: Weighed, attribute: Attribute) -> tuple[Passage, ...]:
        """Return the passages of the text that speak most for an attribute, in their order."""
        told = weighed.told if isinstance(weighed, Pondered) else self._tell(text)[1]
        at = list(self.model.attributes).index(attribute)
        counts = _softmax(told.gates)[:, at]
        starts = [word.start for word in weighed.parts.words]
        gains: dict[Span, float] = {}
        for number, token in enumerate(told.tokens):
            place = bisect_right(starts, token.start) - 1 if token else -1
            if token is None or place < 0:
                continue
            word = weighed.parts.words[place]
            if token.start >= word.end:
                continue
            # A token that stands for a row of letters is as long as the row.
            span = (word.start, max(word.end, token.end))
            gain = float(counts[number]) * float(told.values[number, at])
            gains[span] = gains.get(span, 0.0) + gain
        return best_passages(text, weighed.parts.folded, gains)

    def _tell(self, text: str) -> tuple[Read, Told]:
        import numpy as np  # noqa: PLC0415 - comes with what runs the net

        found = read(text, self._cutter)
        tokens: list[Token | None] = []
        gates, values = [], []
        for window in found.windows or ((),):
            numbers = [self._ends[0], *(one.number for one in window), self._ends[1]]
            given = {"tokens": np.array([numbers], dtype=np.int64)}
            gate, value = self._session.run(["gates", "values"], given)
            gates.append(gate[0])
            values.append(value[0])
            tokens += [None, *window, None]
        return found, Told(tuple(tokens), np.concatenate(gates), np.concatenate(values))


def require_extra() -> None:
    """Raise Misconfigured if what runs an encoder is not installed."""
    try:
        import onnxruntime  # noqa: F401, PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise Misconfigured(
            "The encoder needs an extra that is not installed: pip install 'belowline[encoder]'. "
            "Or set BELOWLINE_SCORING to linear.",
            code="no_encoder",
        ) from error


def _open(model: EncoderModel) -> onnxruntime.InferenceSession:
    import onnxruntime  # noqa: PLC0415 - an extra, and slow to load

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model.net, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise Unavailable(f"The model {model.version} cannot be run.", code="no_model") from error


def _pool_all(found: Read, told: Told) -> tuple[list[float], list[list[float]]]:
    """Return the logits of the whole text, and of each sentence."""
    whole = _pool(told.gates, told.values)
    starts = [start for start, _ in found.parts.sentences]
    places: list[list[int]] = [[] for _ in starts]
    for number, token in enumerate(told.tokens):
        if token is not None:
            places[bisect_right(starts, token.start) - 1].append(number)
    nothing = [NOTHING] * len(whole)
    return whole, [
        _pool(told.gates[here], told.values[here]) if here else nothing for here in places
    ]


def _pool(gates: NDArray[np.float32], values: NDArray[np.float32]) -> list[float]:
    summed: list[float] = (_softmax(gates) * values).sum(axis=0).tolist()
    return summed


def _softmax(gates: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np  # noqa: PLC0415

    raised = np.exp(gates - gates.max(axis=0))
    shares: NDArray[np.float32] = raised / raised.sum(axis=0)
    return shares
