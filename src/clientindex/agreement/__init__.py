"""Whether the checklists of a centre's own staff confirm what visitors say."""

from clientindex.agreement.groups import compute_group_agreement

__all__ = ["compute_group_agreement"]
