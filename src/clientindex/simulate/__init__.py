"""A synthetic pilot with known truth: stands in for data, and checks the statistics.

`simulate_edition` also makes a year earlier than another simulated edition, with known changes.
Everything written from it carries the words "синтетические данные" / "synthetic data".
"""

from clientindex.simulate.pilot import (
    PilotTruth,
    SimulatedPilot,
    simulate_edition,
    simulate_pilot,
    simulate_plan,
)
from clientindex.simulate.plan import PilotPlan, plan_pilot
from clientindex.simulate.write import write_pilot

__all__ = [
    "PilotPlan",
    "PilotTruth",
    "SimulatedPilot",
    "plan_pilot",
    "simulate_edition",
    "simulate_pilot",
    "simulate_plan",
    "write_pilot",
]
