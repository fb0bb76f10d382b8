"""A synthetic pilot with known truth: stands in for data, and checks the statistics.

Everything written from it carries the words "синтетические данные" / "synthetic data".
"""

from clientindex.simulate.pilot import PilotTruth, SimulatedPilot, simulate_pilot
from clientindex.simulate.write import write_pilot

__all__ = ["PilotTruth", "SimulatedPilot", "simulate_pilot", "write_pilot"]
