"""Confirmatory models of five correlated factors, of continuous and of ordinal answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from frame import Contender, Quantity, Size
from semopy import Model

from areas.factors.shared import LAVAAN, QUICK, peer_in_r, prepare
from areas.material import GROUPS, ITEMS, load_frame, load_responses, write_survey
from areas.sizes import GROWTH, read_answers
from clientindex.counts import count_pairs
from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.ordinal import make_ordinal
from clientindex.factors.confirmatory.standard import build_standard_models
from clientindex.factors.confirmatory.standardised import compute_standardised
from clientindex.factors.sample import estimate_moments

SEMOPY = 1e-3


def fit_from_answers(material, basis, estimator):
    """Count, estimate moments with their errors, and fit five correlated factors."""
    responses, methodology = material
    counts = count_pairs(responses, methodology)
    moments = estimate_moments(counts, methodology, basis)
    spec = build_standard_models(methodology)["correlated"]
    chosen = make_ordinal(spec) if basis == "polychoric" else spec
    return demand_converged(fit_model(chosen, moments, estimator=estimator))


def demand_converged(fit):
    """Return the fit, or raise what became of it."""
    if fit.status != "ok":
        message = f"{fit.status}: {fit.detail}"
        raise RuntimeError(message)
    return fit


def fit_ml(material):
    return fit_from_answers(material, "pearson", "ml")


def fit_wlsmv(material):
    return fit_from_answers(material, "polychoric", "wlsmv")


def take_loadings(fit):
    """Return standardised loadings in the order of the indicators."""
    standardised = compute_standardised(fit).estimates
    return [
        value
        for value, parameter in zip(standardised, fit.spec.parameters, strict=True)
        if parameter.op == "=~"
    ]


def ask_semopy(frame):
    lines = [f"{group} =~ " + " + ".join(members) for group, members in GROUPS.items()]
    model = Model("\n".join(lines))
    model.fit(frame, obj="MLW")
    return model


def take_semopy(model):
    table = model.inspect(std_est=True)
    chosen = table[(table["op"] == "~") & table["lval"].isin(ITEMS)].set_index("lval")
    return chosen.loc[ITEMS, "Est. Std"].to_numpy(float)


def load_alone(folder, size):
    """Return answers in which every respondent is a centre of his own, as lavaan takes them."""
    responses, methodology = load_responses(folder, size)
    n = len(responses.codes)
    units = pd.DataFrame(
        {"centre": [f"r{number:07d}" for number in range(n)], "segment": "citizens", "period": ""}
    )
    alone = type(responses)(
        units=units, unit_of=np.arange(n, dtype=np.int32), codes=responses.codes
    )
    return alone, methodology


CONFIRMATORY = Quantity(
    key="confirmatory",
    title="Confirmatory model of five factors, maximum likelihood",
    what=(
        "From answers: ours counts, estimates covariances and fits, with errors robust to centres. "
        "Compared: standardised loadings."
    ),
    prepare=prepare,
    sizes=GROWTH,
    quick=QUICK,
    bound=read_answers,
    contenders=(
        Contender(
            name="clientindex, counting included",
            load=load_responses,
            run=fit_ml,
            numbers=take_loadings,
        ),
        Contender(
            name="semopy",
            load=load_frame,
            run=ask_semopy,
            numbers=take_semopy,
            tolerance=SEMOPY,
            package="semopy",
        ),
        peer_in_r(name="lavaan", task="lavaan_ml", package="R:lavaan", tolerance=LAVAAN),
    ),
)

ORDINAL = Quantity(
    key="wlsmv",
    title="Confirmatory model of five factors, ordinal answers (WLSMV)",
    what=(
        "From answers, whose weights depend on the clustering: here every respondent is a centre "
        "of his own, as lavaan takes them, which is the dearest case for ours. Compared: "
        "standardised "
        "loadings."
    ),
    prepare=prepare,
    warm=Size(respondents=1_000, centres=40),
    sizes=tuple(Size(respondents=n, centres=200) for n in (1_000, 3_000, 10_000, 30_000)),
    quick=tuple(Size(respondents=n, centres=200) for n in (1_000, 3_000)),
    contenders=(
        Contender(
            name="clientindex, counting included",
            load=load_alone,
            run=fit_wlsmv,
            numbers=take_loadings,
        ),
        peer_in_r(name="lavaan", task="lavaan_wlsmv", package="R:lavaan", tolerance=LAVAAN),
    ),
)

CLUSTERED = Quantity(
    key="wlsmv_centres",
    title="The same model, robust to centres",
    what=(
        "From answers of 2,000 centres. lavaan has no WLSMV for clusters, so that nobody stands "
        "beside ours."
    ),
    prepare=write_survey,
    sizes=GROWTH[1:],
    quick=QUICK,
    bound=read_answers,
    contenders=(
        Contender(
            name="clientindex, counting included",
            load=load_responses,
            run=fit_wlsmv,
            numbers=take_loadings,
        ),
    ),
)
