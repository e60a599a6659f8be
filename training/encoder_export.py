"""``python -m training.encoder_export``: make the file of the encoder from the net that was taught.

    python -m training.encoder_export --data ../shared/data/toxicity

The net is rounded first, and calibrated as it will run, on the tuning side.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from belowline.scoring.encoder import EncoderScorer
from belowline.scoring.encoder_model import EncoderModel, pack_encoder
from belowline.scoring.model import FOLDER, Calibration
from training import sources
from training.encoder_onnx import make_onnx
from training.encoder_rows import ATTRIBUTES
from training.fit import calibrations
from training.prepare import TUNE, cap, prepare

VERSION = "encoder-en-1"
MOST = 6000.0


def main() -> None:
    """Round, calibrate and write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, default=Path(__file__).with_name("out"))
    arguments.add_argument("--models", type=Path, default=FOLDER)
    asked = arguments.parse_args()
    began = time.monotonic()
    vocabulary = tuple(json.loads((asked.out / "encoder-words.json").read_text()))
    finished, teaching = asked.out / "encoder-net.pt", asked.out / "encoder-teaching.pt"
    state = torch.load(finished) if finished.exists() else torch.load(teaching)["net"]
    net = make_onnx({name: one.numpy().astype(np.float32) for name, one in state.items()})
    plain = dict.fromkeys(ATTRIBUTES, Calibration(1.0, 0.0, 0.0))
    model = EncoderModel(VERSION, "en", plain, vocabulary, net)
    prepared = prepare(sources.with_rules(sources.english(asked.data), language="en"))
    tune = cap(prepared.sides[TUNE], most=MOST / 8)
    fitted = calibrations(EncoderScorer(model).logits, tune, ATTRIBUTES)
    path = asked.models / "encoder-en.bin"
    path.write_bytes(pack_encoder(replace(model, attributes=fitted)))
    print(f"{time.monotonic() - began:.0f} s  {path}, {path.stat().st_size:,} bytes")
    for attribute, told in fitted.items():
        print(f"{attribute}: {told}")


if __name__ == "__main__":
    main()
