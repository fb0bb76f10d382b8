"""Models of one's own: those of the methodology, and one from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.errors import ModelSyntaxError
from clientindex.factors.confirmatory.standard import STANDARD_MODELS
from clientindex.factors.confirmatory.syntax import read_model

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from clientindex.factors.confirmatory.spec import ModelSpec
    from clientindex.methodology import Methodology


def build_own_models(methodology: Methodology) -> dict[str, ModelSpec]:
    """Read the models that the methodology lists under ``factors.models``.

    Raises
    ------
    ModelSyntaxError
        If a text cannot be read, or a key is that of a standard model or stands twice; the message
        begins with the key.
    """
    models: dict[str, ModelSpec] = {}
    for model in methodology.factors.models:
        where = f"factors.models, {model.key}"
        if model.key in STANDARD_MODELS or model.key in models:
            msg = f"{where}: the key is taken by another model; choose a key of its own"
            raise ModelSyntaxError(msg)
        try:
            models[model.key] = read_model(model.syntax, indicators=methodology.indicator_keys)
        except ModelSyntaxError as exc:
            msg = f"{where}: {exc}"
            raise ModelSyntaxError(msg) from exc
    return models


def load_model(path: Path, *, indicators: Sequence[str]) -> ModelSpec:
    """Read a model from a text file (UTF-8).

    Raises
    ------
    ModelSyntaxError
        If the file cannot be read, is not UTF-8, or its text is no model; the message begins with
        the path.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        msg = f"{path}: byte {exc.start + 1} is not UTF-8; save the file as UTF-8"
        raise ModelSyntaxError(msg) from exc
    except OSError as exc:
        msg = f"{path}: cannot be read ({exc.strerror or exc}); give the path of a text file"
        raise ModelSyntaxError(msg) from exc
    try:
        return read_model(text, indicators=indicators)
    except ModelSyntaxError as exc:
        msg = f"{path}: {exc}"
        raise ModelSyntaxError(msg) from exc
