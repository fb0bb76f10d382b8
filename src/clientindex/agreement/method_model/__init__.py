"""CT-C(M-1): traits of the groups measured by the survey, and a method factor of the checklist."""

from clientindex.agreement.method_model.room import assess_method_model

__all__ = ["assess_method_model"]
