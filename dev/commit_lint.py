"""Checks that commit subjects read ``area: Imperative sentence.`` within 72 characters.

Looks at every commit after the very first that is not a merge. Outside a git checkout, or without
git, there is nothing to look at and the check passes.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LONGEST = 72
FORM = re.compile(r"(?P<areas>[a-z][a-z0-9_/.-]*(, [a-z][a-z0-9_/.-]*)*): (?P<verb>[A-Z]\S*).*\.")

# The forms people slip into. A verb that ends like them for its own reasons is listed.
NOT_IMPERATIVE = re.compile(r"[A-Z][a-z]+(ed|ing)")
IMPERATIVE_ALL_THE_SAME = {"Bring", "Embed", "Exceed", "Feed", "Need", "Proceed", "Seed", "Speed"}


def complaint(subject: str) -> str | None:
    """Say what is wrong with a commit's subject, or None."""
    form = FORM.fullmatch(subject)
    if form is None:
        return "is not of the form 'area: Imperative sentence.'"
    if len(subject) > LONGEST:
        return f"has {len(subject)} characters; {LONGEST} is the limit"
    verb = form["verb"]
    if NOT_IMPERATIVE.fullmatch(verb) and verb not in IMPERATIVE_ALL_THE_SAME:
        return f"begins with '{verb}'; write what applying the commit does ('Add', not 'Added')"
    return None


def subjects() -> list[str]:
    """Return "hash subject" of every commit to look at, newest first."""
    git = ["git", "-C", str(ROOT)]
    try:
        top = subprocess.run(
            [*git, "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=True
        )
        # A checkout unpacked inside somebody else's repository is not that repository.
        if Path(top.stdout.strip()).resolve() != ROOT.resolve():
            return []
        log = subprocess.run(
            [*git, "log", "--no-merges", "--min-parents=1", "--format=%h %s"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        return []
    return log.stdout.splitlines()


def main() -> int:
    """Print every subject that breaks the form; return the exit status."""
    wrong = 0
    for line in subjects():
        commit, _, subject = line.partition(" ")
        if problem := complaint(subject):
            print(f"{commit} '{subject}' {problem}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
