"""Where no classifier is set up, nobody pretends that one has answered."""

from __future__ import annotations

from datetime import timedelta

from belowline.outside.classifier import Classifier, NullClassifier


def test_no_classifier_gives_no_answer() -> None:
    classifier: Classifier = NullClassifier()
    second = timedelta(seconds=1)
    assert classifier.score("A calm remark.", language="en", deadline=second) is None
