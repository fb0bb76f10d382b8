"""The lavaan-like language of confirmatory models: text to `ModelSpec` and back."""

from clientindex.factors.confirmatory.syntax.read import read_model
from clientindex.factors.confirmatory.syntax.write import format_model

__all__ = ["format_model", "read_model"]
