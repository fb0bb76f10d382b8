"""What other methods would do to ranks and stars: the multiverse of a methodology's choices."""

from clientindex.sensitivity.variants.room import assess_variants
from clientindex.sensitivity.variants.source import VariantSource

__all__ = ["VariantSource", "assess_variants"]
