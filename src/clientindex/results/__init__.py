"""Frozen result types, one file per area, and how they are saved and loaded."""

from clientindex.results.agreement import BOOTSTRAP, Agreement
from clientindex.results.answer_quality import AnswerQuality
from clientindex.results.answer_weights import AnswerWeights
from clientindex.results.audit import AUDIT_REASONS, DECISIONS, AuditDecisions
from clientindex.results.base import (
    ALL_SEGMENTS,
    COUNTRY,
    INDEX,
    TIDY_COLUMNS,
    Result,
    Unavailable,
    make_tidy,
)
from clientindex.results.bundle import RESULT_NAMES, Bundle, load_bundle
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
from clientindex.results.manifest import Manifest, RunRecord
from clientindex.results.method_model import MethodModel
from clientindex.results.method_variance import MethodVariance
from clientindex.results.methodology_effects import MethodologyEffects
from clientindex.results.multitrait import MultitraitMatrix
from clientindex.results.multiverse import Multiverse
from clientindex.results.omega_table import OmegaTable
from clientindex.results.polychoric import PolychoricTable
from clientindex.results.polyserial import PolyserialTable
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
from clientindex.results.storage import load_result, save_result
from clientindex.results.structural import StructuralRelation
from clientindex.results.suitability import Suitability
from clientindex.results.validity import Validity
from clientindex.results.weight_bounds import WeightBounds
from clientindex.results.weight_importance import OptimisedWeights, WeightImportance
from clientindex.results.weight_sources import WeightSources

__all__ = [
    "ALL_SEGMENTS",
    "AUDIT_REASONS",
    "BOOTSTRAP",
    "COUNTRY",
    "DECISIONS",
    "INDEX",
    "RESULT_NAMES",
    "TIDY_COLUMNS",
    "Agreement",
    "AnswerQuality",
    "AnswerWeights",
    "AuditDecisions",
    "Bundle",
    "CaseMix",
    "CategoryAgreement",
    "CentreReliability",
    "ChecklistInflation",
    "ConfirmatoryModels",
    "Consistency",
    "Coverage",
    "EditionChange",
    "ErrorCheck",
    "ExploratoryModel",
    "FactorNumber",
    "GroupMeans",
    "IndicatorSets",
    "Invariance",
    "ItemAnalysis",
    "JointDoubt",
    "LeaveOneOut",
    "Levels",
    "Manifest",
    "MethodModel",
    "MethodVariance",
    "MethodologyEffects",
    "MultitraitMatrix",
    "Multiverse",
    "OmegaTable",
    "OptimisedWeights",
    "PolychoricTable",
    "PolyserialTable",
    "RankReversals",
    "RankTable",
    "RegionCongruence",
    "RegionalProfile",
    "Regions",
    "Result",
    "Revision",
    "RunRecord",
    "ScoreParts",
    "Scores",
    "ShrunkenScores",
    "SideReliability",
    "SobolIndices",
    "SourceComparison",
    "StarDoubt",
    "Stars",
    "StructuralRelation",
    "Suitability",
    "Unavailable",
    "Validity",
    "WeightBounds",
    "WeightImportance",
    "WeightSources",
    "WeightStability",
    "load_bundle",
    "load_result",
    "make_tidy",
    "save_result",
]
