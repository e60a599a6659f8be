"""The small transformer as it is taught: six layers, and two numbers a token for each attribute.

One number says how much a token counts among the others, the other what it says; their weighted
mean is the text's logit. So what each token gave is known from the same pass, and a sentence can
be weighed by itself. The layers are those of BERT (J. Devlin and others, 2018), here in the size
of MiniLM (W. Wang and others, 2020), whose weights the teaching starts from.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.encoder_shape import EPSILON, HEADS, INNER, LAYERS, WIDTH

DROPOUT = 0.1


class Layer(nn.Module):
    """Attention, then two dense layers, each added to what came in."""

    def __init__(self) -> None:
        """Make a layer with chance weights."""
        super().__init__()
        self.mix = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.first_norm = nn.LayerNorm(WIDTH, EPSILON)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.last_norm = nn.LayerNorm(WIDTH, EPSILON)

    def forward(self, states: Tensor, seen: Tensor) -> Tensor:
        """Return the states after this layer; ``seen`` says which tokens are none to look at."""
        rows, length, _ = states.shape
        parts = self.mix(states).view(rows, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        looked = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        joined = looked.transpose(1, 2).reshape(rows, length, WIDTH)
        states = self.first_norm(states + self._drop(self.out(joined)))
        inner = functional.gelu(self.up(states))
        return self.last_norm(states + self._drop(self.down(inner)))

    def _drop(self, states: Tensor) -> Tensor:
        return functional.dropout(states, DROPOUT, self.training)


class Net(nn.Module):
    """The encoder and its head."""

    def __init__(self, *, tokens: int, places: int, attributes: int) -> None:
        """Make a net for so many tokens, places in a text, and attributes."""
        super().__init__()
        self.words = nn.Embedding(tokens, WIDTH)
        self.places = nn.Embedding(places, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head = nn.Linear(WIDTH, 2 * attributes)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return how much each token counts, before it is normed, and what it says."""
        states = self.words(tokens) + self.places.weight[: tokens.shape[1]]
        states = functional.dropout(self.norm(states), DROPOUT, self.training)
        seen = mask[:, None, None, :]
        for layer in self.layers:
            states = layer(states, seen)
        gates, values = self.head(states).float().chunk(2, dim=-1)
        return gates, values


def pool(gates: Tensor, values: Tensor, mask: Tensor) -> Tensor:
    """Return the logits of texts: what their tokens say, by how much each counts."""
    hidden = gates.masked_fill(~mask[:, :, None], -1e4)
    return (hidden.softmax(dim=1) * values).sum(dim=1)


def start_from(net: Net, weights: Mapping[str, np.ndarray], kept: list[int]) -> None:
    """Fill a net with a BERT's weights, of its vocabulary only the tokens that are kept."""

    def told(name: str) -> Tensor:
        return torch.from_numpy(np.array(weights[name], dtype=np.float32))

    def fill(part: nn.Linear | nn.LayerNorm, name: str) -> None:
        part.weight.data.copy_(told(f"{name}.weight"))
        part.bias.data.copy_(told(f"{name}.bias"))

    net.words.weight.data.copy_(told("embeddings.word_embeddings.weight")[kept])
    places = told("embeddings.position_embeddings.weight")[: net.places.num_embeddings]
    # Nothing here comes in two parts, so what marks the first of two is always added.
    net.places.weight.data.copy_(places + told("embeddings.token_type_embeddings.weight")[0])
    fill(net.norm, "embeddings.LayerNorm")
    for number, layer in enumerate(net.layers):
        name = f"encoder.layer.{number}"
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        layer.mix.weight.data.copy_(torch.cat([told(f"{part}.weight") for part in parts]))
        layer.mix.bias.data.copy_(torch.cat([told(f"{part}.bias") for part in parts]))
        fill(layer.out, f"{name}.attention.output.dense")
        fill(layer.first_norm, f"{name}.attention.output.LayerNorm")
        fill(layer.up, f"{name}.intermediate.dense")
        fill(layer.down, f"{name}.output.dense")
        fill(layer.last_norm, f"{name}.output.LayerNorm")
