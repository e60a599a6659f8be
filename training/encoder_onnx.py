"""The taught net as an ONNX graph of bytes: written by hand, layer by layer, from its weights.

Dense layers are rounded to seven bits a channel, so that processors without newer instructions do
not overflow, and what comes in is rounded as it comes. Embeddings are bytes with a scale a row.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.encoder_shape import EPSILON, HEADS, LAYERS, WIDTH

OPSET, IR = 20, 9
Weights = Mapping[str, NDArray[np.float32]]


class _Graph:
    """Nodes and constants as they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def hold(self, name: str, value: NDArray[np.generic]) -> str:
        """Keep a constant and return its name."""
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def add(self, kind: str, *inputs: str, to: str, **told: object) -> str:
        """Add a node and return the name of what it gives."""
        self.nodes.append(helper.make_node(kind, list(inputs), [to], name=to, **told))
        return to

    def dense(self, states: str, name: str, weights: Weights) -> str:
        """Add a dense layer."""
        held = self.hold(f"{name}.weight", weights[f"{name}.weight"].T)
        product = self.add("MatMul", states, held, to=f"{name}.product")
        bias = self.hold(f"{name}.bias", weights[f"{name}.bias"])
        return self.add("Add", product, bias, to=f"{name}.out")

    def norm(self, states: str, name: str, weights: Weights) -> str:
        """Add a normalisation of each token's states."""
        scale = self.hold(f"{name}.weight", weights[f"{name}.weight"])
        bias = self.hold(f"{name}.bias", weights[f"{name}.bias"])
        return self.add(
            "LayerNormalization", states, scale, bias, to=f"{name}.out", axis=-1, epsilon=EPSILON
        )


def make_onnx(weights: Weights) -> bytes:
    """Return the net as the bytes of an ONNX model, its dense layers rounded."""
    graph = _Graph()
    states = _embed(graph, weights)
    graph.hold("apart", np.array([0, -1, HEADS, WIDTH // HEADS], dtype=np.int64))
    graph.hold("together", np.array([0, -1, WIDTH], dtype=np.int64))
    graph.hold("steepness", np.array((WIDTH // HEADS) ** -0.5, dtype=np.float32))
    for number in range(LAYERS):
        states = _layer(graph, states, f"layers.{number}", weights)
    told = graph.dense(states, "head", weights)
    graph.nodes.append(
        helper.make_node("Split", [told], ["gates", "values"], axis=-1, num_outputs=2, name="split")
    )
    count = len(weights["head.bias"]) // 2
    shape: list[object] = [1, "length", count]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "encoder",
            [helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, "length"])],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                for name in ("gates", "values")
            ],
            list(graph.constants.values()),
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR,
    )
    onnx.checker.check_model(model)
    return _rounded(model)


def _embed(graph: _Graph, weights: Weights) -> str:
    """Add up what a token and its place stand for."""
    table = weights["words.weight"]
    scales = np.abs(table).max(axis=1, keepdims=True) / 127
    graph.hold("words", np.rint(table / scales).astype(np.int8))
    graph.hold("words.scales", scales.astype(np.float32))
    rows = graph.add("Gather", "words", "tokens", to="rows", axis=0)
    # Its one setting has the name that ``add`` has for what comes out.
    steps = "steps"
    graph.nodes.append(helper.make_node("Cast", [rows], [steps], to=TensorProto.FLOAT, name=steps))
    scale = graph.add("Gather", "words.scales", "tokens", to="row.scales", axis=0)
    words = graph.add("Mul", steps, scale, to="words.out")
    graph.hold("places", weights["places.weight"])
    graph.hold("zero", np.array([0], dtype=np.int64))
    graph.hold("one", np.array([1], dtype=np.int64))
    graph.hold("two", np.array([2], dtype=np.int64))
    shape = graph.add("Shape", "tokens", to="shape")
    length = graph.add("Slice", shape, "one", "two", "zero", to="length")
    places = graph.add("Slice", "places", "zero", length, "zero", to="places.out")
    summed = graph.add("Add", words, places, to="embedded")
    return graph.norm(summed, "norm", weights)


def _layer(graph: _Graph, states: str, name: str, weights: Weights) -> str:
    heads = []
    mixed = [weights[f"{name}.mix.{part}"].reshape(3, WIDTH, -1) for part in ("weight", "bias")]
    for at, part in enumerate(("query", "key", "value")):
        own = {f"{name}.{part}.weight": mixed[0][at], f"{name}.{part}.bias": mixed[1][at].ravel()}
        dense = graph.dense(states, f"{name}.{part}", own)
        apart = graph.add("Reshape", dense, "apart", to=f"{name}.{part}.apart")
        order = [0, 2, 3, 1] if part == "key" else [0, 2, 1, 3]
        heads.append(graph.add("Transpose", apart, to=f"{name}.{part}.heads", perm=order))
    query, key, value = heads
    query = graph.add("Mul", query, "steepness", to=f"{name}.query.scaled")
    looks = graph.add("MatMul", query, key, to=f"{name}.looks")
    shares = graph.add("Softmax", looks, to=f"{name}.shares", axis=-1)
    seen = graph.add("MatMul", shares, value, to=f"{name}.seen")
    turned = graph.add("Transpose", seen, to=f"{name}.turned", perm=[0, 2, 1, 3])
    joined = graph.add("Reshape", turned, "together", to=f"{name}.joined")
    out = graph.dense(joined, f"{name}.out", weights)
    summed = graph.add("Add", states, out, to=f"{name}.first_sum")
    states = graph.norm(summed, f"{name}.first_norm", weights)
    up = graph.dense(states, f"{name}.up", weights)
    bent = graph.add("Gelu", up, to=f"{name}.bent")
    down = graph.dense(bent, f"{name}.down", weights)
    summed = graph.add("Add", states, down, to=f"{name}.last_sum")
    return graph.norm(summed, f"{name}.last_norm", weights)


def _rounded(model: onnx.ModelProto) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "net.onnx", Path(folder) / "rounded.onnx"
        onnx.save(model, before)
        quantize_dynamic(
            before,
            after,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            # Sixteen numbers a token, and what everything hangs on.
            nodes_to_exclude=["head.product"],
        )
        return after.read_bytes()
