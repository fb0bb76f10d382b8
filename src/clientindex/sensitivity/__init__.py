"""What other weights would do to ranks and stars: see `stability`, where every analysis begins.

Nothing is imported here: a check of experts' judgements does without the rest, which takes a second
to import.
"""
