"""What a desk does not hear of: how many of the comments that nobody brought up would have to go.

They are drawn by lot, so that what was said of the few holds for all of them, as far as so few can
tell. How far that is says Wilson's interval, which is honest for small numbers and small shares
(Wilson 1927; Brown, Cai and DasGupta 2001). Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from belowline.core.terms import Outcome
from belowline.transparency.ledger import Ledger

NORMAL = 1.96
"""Within so many standard deviations lie 95 of 100."""


@dataclass(frozen=True, slots=True)
class Missed:
    """How many comments were checked that nobody had brought up, and how many would have to go."""

    number: int = 0
    would_go: int = 0

    @property
    def interval(self) -> tuple[float, float]:
        """Return between which shares of all such comments it lies, with 95 of 100 chances."""
        return wilson(self.would_go, self.number)


def missed_of(ledger: Ledger, *, since: datetime, until: datetime) -> Missed:
    """Count what was checked from ``since`` on and before ``until``."""
    checked = [one for one in ledger.spot_checks if since <= one.at < until]
    return Missed(len(checked), sum(one.outcome == Outcome.REMOVE for one in checked))


def wilson(some: int, whole: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share; of nothing it is anything."""
    if not whole:
        return 0.0, 1.0
    share, square = some / whole, NORMAL**2
    middle = share + square / (2 * whole)
    reach = NORMAL * sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    # What cannot be less than nothing is not to be so by the last digit of a float either.
    least = 0.0 if some == 0 else (middle - reach) / (1 + square / whole)
    most = 1.0 if some == whole else (middle + reach) / (1 + square / whole)
    return least, most
