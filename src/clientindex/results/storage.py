"""Save a result to a folder and load it back equal: frames as Parquet, the rest as JSON."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.errors import BundleError
from clientindex.results.agreement import Agreement
from clientindex.results.answer_quality import AnswerQuality
from clientindex.results.answer_weights import AnswerWeights
from clientindex.results.audit import AuditDecisions
from clientindex.results.base import Unavailable
from clientindex.results.case_mix import CaseMix
from clientindex.results.category_agreement import CategoryAgreement
from clientindex.results.centre_reliability import CentreReliability
from clientindex.results.change import EditionChange
from clientindex.results.confirmatory import ConfirmatoryModels
from clientindex.results.congruence import RegionCongruence
from clientindex.results.consistency import Consistency
from clientindex.results.coverage import Coverage
from clientindex.results.error_check import ErrorCheck
from clientindex.results.exploratory import ExploratoryModel
from clientindex.results.factor_number import FactorNumber
from clientindex.results.indicator_sets import IndicatorSets
from clientindex.results.inflation import ChecklistInflation
from clientindex.results.invariance import Invariance
from clientindex.results.item_analysis import ItemAnalysis
from clientindex.results.joint_doubt import JointDoubt
from clientindex.results.leave_out import LeaveOneOut, RankReversals
from clientindex.results.levels import Levels
from clientindex.results.method_model import MethodModel
from clientindex.results.method_variance import MethodVariance
from clientindex.results.methodology_comparison import MethodologyComparison
from clientindex.results.methodology_effects import MethodologyEffects
from clientindex.results.multitrait import MultitraitMatrix
from clientindex.results.multiverse import Multiverse
from clientindex.results.omega_table import OmegaTable
from clientindex.results.polychoric import PolychoricTable
from clientindex.results.ranks import RankTable
from clientindex.results.rating import GroupMeans, Regions, Scores, Stars
from clientindex.results.regional import RegionalProfile
from clientindex.results.revision import Revision
from clientindex.results.score_parts import ScoreParts
from clientindex.results.sensitivity import WeightStability
from clientindex.results.shrinkage import ShrunkenScores
from clientindex.results.side_reliability import SideReliability
from clientindex.results.sobol_indices import SobolIndices
from clientindex.results.source_comparison import SourceComparison
from clientindex.results.star_doubt import StarDoubt
from clientindex.results.structural import StructuralRelation
from clientindex.results.suitability import Suitability
from clientindex.results.validity import Validity
from clientindex.results.weight_bounds import WeightBounds
from clientindex.results.weight_importance import OptimisedWeights, WeightImportance
from clientindex.results.weight_sources import WeightSources

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.results.base import Result

RESULT_TYPES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Agreement,
        AnswerQuality,
        AnswerWeights,
        AuditDecisions,
        CaseMix,
        CategoryAgreement,
        CentreReliability,
        ChecklistInflation,
        ConfirmatoryModels,
        Consistency,
        Coverage,
        EditionChange,
        ErrorCheck,
        ExploratoryModel,
        FactorNumber,
        GroupMeans,
        IndicatorSets,
        Invariance,
        ItemAnalysis,
        JointDoubt,
        LeaveOneOut,
        Levels,
        MethodModel,
        MethodVariance,
        MethodologyComparison,
        MethodologyEffects,
        MultitraitMatrix,
        Multiverse,
        OmegaTable,
        OptimisedWeights,
        PolychoricTable,
        RankReversals,
        RankTable,
        RegionCongruence,
        RegionalProfile,
        Regions,
        Revision,
        ScoreParts,
        Scores,
        ShrunkenScores,
        SideReliability,
        SobolIndices,
        SourceComparison,
        StarDoubt,
        Stars,
        StructuralRelation,
        Suitability,
        Unavailable,
        Validity,
        WeightBounds,
        WeightImportance,
        WeightSources,
        WeightStability,
    )
}


def save_result(result: Result, folder: Path, *, name: str) -> tuple[Path, ...]:
    """Write a result as ``<name>.json`` with one ``<name>.<field>.parquet`` a frame.

    Returns
    -------
    tuple of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    values: dict[str, Any] = {}
    for field in dataclasses.fields(result):  # type: ignore[arg-type]  # results are dataclasses
        value = getattr(result, field.name)
        if isinstance(value, pd.DataFrame):
            path = folder / f"{name}.{field.name}.parquet"
            value.to_parquet(path, index=False)
            written.append(path)
            values[field.name] = {"frame": path.name}
        else:
            values[field.name] = _to_json(value)
    path = folder / f"{name}.json"
    text = json.dumps(
        {"type": type(result).__name__, "values": values}, ensure_ascii=False, indent=1
    )
    path.write_text(text + "\n", encoding="utf-8")
    return (*written, path)


def load_result(folder: Path, *, name: str) -> Any:
    """Load a result that :func:`save_result` wrote.

    Raises
    ------
    BundleError
        If a file is missing, damaged or of an unknown type.
    """
    path = folder / f"{name}.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        kind = RESULT_TYPES[stored["type"]]
        values = {key: _from_json(value, folder) for key, value in stored["values"].items()}
        return kind(**values)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        msg = f"{path}: the stored result cannot be read ({exc}). Run the edition again."
        raise BundleError(msg) from exc


def _to_json(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"array": [_to_json(v) for v in value.ravel().tolist()], "shape": list(value.shape)}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if isinstance(value, (tuple, list)):
        return [_to_json(v) for v in value]
    return value


def _from_json(value: Any, folder: Path) -> Any:
    if isinstance(value, list):
        return tuple(_from_json(v, folder) for v in value)
    if not isinstance(value, dict):
        return value
    if "frame" in value:
        return pd.read_parquet(folder / value["frame"])
    if "float" in value:
        return float(value["float"])
    flat = [_from_json(v, folder) for v in value["array"]]
    return np.array(flat, dtype=np.float64).reshape(value["shape"])
