"""Words, numbers and dates of the documents in Russian and English, from one catalogue a language.

Nothing here computes a statistic; a missing text, placeholder or number raises.
"""

from clientindex.wording.catalogue import LANGUAGES, load_wording
from clientindex.wording.numbers import NumberFormat, round_half_up
from clientindex.wording.words import Wording

__all__ = ["LANGUAGES", "NumberFormat", "Wording", "load_wording", "round_half_up"]
