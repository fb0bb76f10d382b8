"""Variance-based sensitivity: how much each weight, choice and sampling error has to do with it.

`design`, `indices` and `intervals` are functions of arrays; `inputs` and `outputs` say what moves
in an edition and what is looked at, `room` runs it.
"""
