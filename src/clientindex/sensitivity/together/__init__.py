"""Sampling error, weights and method in one simulation, and what part of doubt each has.

`decomposition` holds functions of arrays, `points` and `tally` make and count the runs, `room` puts
them to an edition.
"""
