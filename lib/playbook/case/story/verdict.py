"""One published figure beside the recomputed one: match, near or differs, and why."""

from __future__ import annotations

from typing import Any

from playbook.base.language import later, say
from playbook.methods.intervals import Rate

from .published import Claim
from .recompute import Recomputed

NEAR = 3  # within this many roundings a figure is near, beyond it differs


def checked_row(claim: Claim, found: Recomputed) -> dict[str, Any]:
    """One row of ``CheckedClaims``."""
    value = found.value
    low, high = (
        Rate(found.k, found.n).interval
        if found.k is not None and claim.unit == "share"
        else (None, None)
    )
    verdict, gap, reason = _verdict(claim, value, found)
    return {
        "id": claim.id,
        "claim": claim.label,
        "period": claim.period,
        "unit": claim.unit,
        "published": claim.value,
        "below": claim.below,
        "recomputed": value,
        "low": low,
        "high": high,
        "k": found.k if low is not None else None,
        "n": found.n,
        "parts": found.parts,
        "verdict": verdict,
        "gap": gap,
        "reason": reason,
        "reading": claim.reading,
        "place": claim.place,
        "sentence": claim.sentence,
    }


def _verdict(claim: Claim, value: float | None, found: Recomputed) -> tuple[str, float | None, str]:
    """match, near or differs, recomputed less published, and the reason."""
    if value is None:
        return later("not computed"), None, found.why
    gap = max(0.0, value - claim.value) if claim.below else value - claim.value
    size = abs(gap) - 1e-9
    if size <= (0 if claim.below else claim.tolerance):
        return later("match"), gap, ""
    verdict = later("near") if size <= NEAR * claim.tolerance else later("differs")
    step = found.n
    small = (
        say("; one of {step:.0f} moves it by {step_2:.1%}", step=step, step_2=1 / step)
        if step and found.k is not None and 1 / step > 2 * claim.tolerance
        else ""
    )
    return (
        verdict,
        gap,
        say("above the published figure{small}", small=small)
        if gap > 0
        else say("below the published figure{small}", small=small),
    )
