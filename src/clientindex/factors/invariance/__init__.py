"""Does the structure hold across segments, regions, channels and periods."""

from clientindex.factors.invariance.alignment import Aligned, Configural, align
from clientindex.factors.invariance.room import assess_invariance
from clientindex.factors.invariance.specs import StepDesign, build_step
from clientindex.factors.invariance.steps import fit_steps

__all__ = [
    "Aligned",
    "Configural",
    "StepDesign",
    "align",
    "assess_invariance",
    "build_step",
    "fit_steps",
]
