"""Confirmatory factor models side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConfirmatoryModels:
    """The models of the methodology fitted by one or more estimators.

    A model's key is "one_factor", "correlated", "second_order", "bifactor", or the name of a model
    of one's own. Estimators: "ml", "mlr" (ML with robust errors and Yuan-Bentler test), "uls",
    "wlsmv" (DWLS on polychorics, mean-and-variance adjusted test).

    Attributes
    ----------
    models : DataFrame
        One row a model and estimator: ``model``, ``estimator``, ``status`` ("ok", "heywood",
        "not_converged", "unidentified", "inadmissible", "too_few_centres"), ``detail`` (what the
        status speaks of: names of parameters, e.g. of a negative residual variance; "35/52" centres
        and parameters; or "few_indicators", "one_group", "few_groups", "single_indicators" where
        the groups do not identify a standard model), ``syntax`` (the model as text; empty for such
        a model), ``n_parameters``, ``df`` (NaN where there is no fit). Only "ok", "heywood" and
        "inadmissible" fits have rows in the other frames, the last one where there are estimates.
    fit : DataFrame
        ``model``, ``estimator``, ``statistic``, ``value``. Statistics: chi2, df, p, chi2_scaled,
        p_scaled, scaling_factor, cfi, cfi_scaled, cfi_robust, tli (same three), rmsea,
        rmsea_ci_low, rmsea_ci_high (same with _scaled and _robust after rmsea), srmr, loglik, aic,
        bic, n_parameters, baseline_chi2, baseline_df, baseline_chi2_scaled. A statistic that the
        estimator does not define is absent.
    parameters : DataFrame
        ``model``, ``estimator``, ``lhs``, ``op``, ``rhs``, ``label``, ``free`` (bool),
        ``estimate``, ``std_error``, ``z``, ``p``, ``ci_low``, ``ci_high`` (NaN but for the
        estimate of a fixed parameter), ``standardised`` (variances of factors and indicators 1),
        ``standardised_se`` (a fixed parameter may have one: what it is divided by was estimated).
        On polychorics residual variances of indicators are no parameters: 1 less the communality.
    nested : DataFrame
        ``estimator``, ``model`` (the more constrained), ``other``, ``chi2``, ``df``, ``p``
        (scaled difference), ``method`` ("satorra_bentler_2001", "satorra_2000", "likelihood"),
        ``delta_cfi``, ``delta_rmsea``, ``delta_srmr`` (constrained less other; of robust, or where
        there are none scaled, CFI and RMSEA).
    residuals : DataFrame
        ``model``, ``estimator``, ``indicator``, ``other``, ``observed``, ``implied``,
        ``residual`` (of correlations).
    modifications : DataFrame
        ``model``, ``estimator``, ``lhs``, ``op``, ``rhs``, ``mi``, ``mi_scaled``, ``p``, ``epc``,
        ``epc_standardised``, falling by ``mi``; at most twenty a model.
    scores : DataFrame
        ``model``, ``estimator``, ``method`` ("regression", "bartlett"), ``factor``, ``centre``,
        ``estimate``: mean factor score of the centre's respondents, from its mean answers (mean
        latent responses behind its answers for estimators on polychorics), in the model's own
        metric of the factor (standard deviations in standard models where its variance is 1).
    main : str
        Estimator that documents speak of.
    n, n_centres : int
    missing : str
    uninformative : bool
        More than 100,000 respondents: every chi-square test rejects every model.
    level : float
    """

    models: pd.DataFrame
    fit: pd.DataFrame
    parameters: pd.DataFrame
    nested: pd.DataFrame
    residuals: pd.DataFrame
    modifications: pd.DataFrame
    scores: pd.DataFrame
    main: str
    n: int
    n_centres: int
    missing: str
    uninformative: bool
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a fit statistic, then one row a parameter."""
        fit = tidy_frame(
            self.fit,
            subject="model",
            statistic=("estimator", "statistic"),
            value="value",
            method=self.fit["estimator"].to_numpy(),
            n=self.n,
        )
        named = self.parameters["lhs"] + self.parameters["op"] + self.parameters["rhs"]
        parameters = tidy_frame(
            self.parameters.assign(parameter=named),
            subject="model",
            statistic=("estimator", "parameter"),
            level=self.level,
            method=self.parameters["estimator"].to_numpy(),
            n=self.n,
        )
        return stack_tidy([fit, parameters])
