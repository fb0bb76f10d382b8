"""Passports of centres: one page a centre and language, as PDF.

``values`` says what is on a page, ``gather`` and ``moves`` take it from a bundle, ``page`` puts it
into words (``pages`` those of many centres), ``compile`` makes a PDF of a page and ``batch`` all of
them. Kept light, because processes that only compile import it.
"""
