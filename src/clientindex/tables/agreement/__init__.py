"""Tables of survey against checklist, in the order of their chapter; long ones for files last."""

from clientindex.tables.agreement import (
    audit,
    comparability,
    concordance,
    differences,
    files,
    inflation,
    left_out,
    method_model,
    method_variance,
    multitrait,
    sides,
    stars,
    structural,
)
from clientindex.tables.agreement.audit import build_audit_list

RECIPES = (
    *comparability.RECIPES,
    *sides.RECIPES,
    *multitrait.RECIPES,
    *method_variance.RECIPES,
    *method_model.RECIPES,
    *differences.RECIPES,
    *concordance.RECIPES,
    *stars.RECIPES,
    *structural.RECIPES,
    *inflation.RECIPES,
    *audit.RECIPES,
    *files.RECIPES,
    *left_out.RECIPES,
)

__all__ = ["RECIPES", "build_audit_list"]
