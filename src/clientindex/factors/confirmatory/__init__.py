"""Confirmatory factor models on moments and polychorics, robust to clustering by centre."""
