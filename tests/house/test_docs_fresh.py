"""The generated parts of the reference are what ``make docs`` would write now."""

from __future__ import annotations

import subprocess
import sys

from tests.house.tree import ROOT


def test_the_generated_reference_is_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "dev/docs.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
