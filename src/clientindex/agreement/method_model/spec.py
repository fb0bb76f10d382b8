r"""The model CT-C(M-1), correlated traits and correlated methods less one.

.. math::
   survey_{ci} &= \lambda_i T_{c,g(i)} + E_{ci} \\
   checklist_{ci} &= \kappa_i T_{c,g(i)} + \gamma_i M_c + U_{ci}

The survey is the reference: trait T is what indicators of a group share in the survey, halo of the
visitors included. M is what checklists share beyond that, unrelated to every trait by definition,
because it is the residual of a regression. E and U are related for the same indicator, unless it is
the only one of its group: its trait is then known from that very covariance.

References
----------
Eid M. A multitrait-multimethod model with minimal assumptions. Psychometrika, 2000, 65(2), 241-261.
doi:10.1007/BF02294377
Eid M., Lischetzke T., Nussbeck F. W., Trierweiler L. I. Separating trait effects from
trait-specific method effects in multitrait-multimethod models: a multiple-indicator CT-C(M-1)
model. Psychological Methods, 2003, 8(1), 38-60. doi:10.1037/1082-989X.8.1.38
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.confirmatory.spec import ModelSpec, Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.agreement.method_model.variables import Chosen

SURVEY, CHECKLIST = "survey", "checklist"
METHOD = "method"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """The model with the order of its free parameters.

    Free parameters stand in this order: trait loadings of the survey (K), of the checklist (K),
    method loadings (K), trait correlations (G (G - 1) / 2), residual variances of the survey (K),
    of the checklist (K), residual covariances of the `paired` indicators.

    Attributes
    ----------
    spec : ModelSpec
        Factors have variance 1.
    group_of : int ndarray of shape (K,)
    n_groups : int
    paired : int ndarray
        Positions of the indicators with related residuals.
    """

    spec: ModelSpec
    group_of: NDArray[np.intp]
    n_groups: int
    paired: NDArray[np.intp]

    @property
    def size(self) -> int:
        """K."""
        return len(self.group_of)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of free parameters by kind, in their order."""
        size, pairs = self.size, self.n_groups * (self.n_groups - 1) // 2
        return (size, size, size, pairs, size, size, len(self.paired))

    @property
    def n_free(self) -> int:
        """Number of free parameters."""
        return sum(self.sizes)


def plan_model(chosen: Chosen) -> Plan:
    """Build the model of the chosen indicators."""
    survey, checklist = name_measures(chosen)
    traits = tuple(f"trait:{group}" for group in chosen.groups)
    own = [traits[group] for group in chosen.group_of]
    alone = np.bincount(chosen.group_of)[chosen.group_of] == 1
    paired = np.flatnonzero(~alone)
    parameters = [
        *_join("=~", own, survey),
        *_join("=~", own, checklist),
        *_join("=~", [METHOD] * len(checklist), checklist),
        *(Parameter(lhs=one, op="~~", rhs=two, value=0.0) for one, two in combinations(traits, 2)),
        *_join("~~", survey, survey),
        *_join("~~", checklist, checklist),
        *_join("~~", [survey[at] for at in paired], [checklist[at] for at in paired]),
        *(Parameter(lhs=f, op="~~", rhs=f, free=False, value=1.0) for f in (*traits, METHOD)),
    ]
    return Plan(
        spec=ModelSpec(
            indicators=(*survey, *checklist),
            factors=(*traits, METHOD),
            parameters=tuple(parameters),
        ),
        group_of=chosen.group_of,
        n_groups=len(chosen.groups),
        paired=paired,
    )


def name_measures(chosen: Chosen) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return names of the survey's and of the checklist's measures."""
    first, second = (
        tuple(f"{side}:{key}" for key in chosen.indicators) for side in (SURVEY, CHECKLIST)
    )
    return first, second


def _join(op: str, lhs: Sequence[str], rhs: Sequence[str]) -> list[Parameter]:
    pairs = zip(lhs, rhs, strict=True)
    return [Parameter(lhs=one, op=op, rhs=two) for one, two in pairs]  # type: ignore[arg-type]  # "=~" or "~~"
