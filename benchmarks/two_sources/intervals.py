"""The intervals of one survey with its checklists, by name, each beside the truth."""

from __future__ import annotations

import numpy as np

from clientindex.agreement.coefficients import (
    estimate_bias,
    estimate_icc,
    estimate_limits,
    estimate_pearson,
    estimate_sd_difference,
    fit_proportional_bias,
)
from clientindex.agreement.decision import blend
from clientindex.agreement.decomposition import (
    compute_levels,
    estimate_decomposition,
    split_covariance,
    take_measured_twice,
)
from clientindex.agreement.decomposition.statistics import list_statistics
from clientindex.agreement.inflation import (
    estimate_inflating_share,
    fit_gap_model,
    standardise_against_zero,
    standardise_gaps,
    take_gaps,
)
from clientindex.agreement.multitrait.matrix import estimate_multitrait
from clientindex.agreement.multitrait.ratios import RATIOS, compute_method_htmt
from clientindex.agreement.net import estimate_net_correlation, estimate_net_limits
from clientindex.agreement.resampled import resample_pairs
from clientindex.agreement.structural import (
    Strata,
    estimate_deming,
    estimate_least_squares,
    estimate_passing_bablok,
    jackknife_errors_in_variables,
    take_known_errors,
    take_pairs,
)
from clientindex.counts import draw_centre_weights
from two_sources.population import GROUPS, WEIGHTS, G
from two_sources.truths import REGION, SAMPLING, compute_within

LEVEL = 0.95
Z = 1.959963984540054
FDR = 0.05
CAP_FROM = 1.96
RESAMPLES = 1_000

NET = "survey_sampling"


def say(found, truth):
    """Return one row of what is found: estimate, ends of the interval, truth."""
    return np.array([[found.estimate, found.ci_low, found.ci_high, truth]])


def decompose(population, pair):
    """Return components between centres and regions, and shares."""
    measured = take_measured_twice(
        pair.survey, pair.checklist, sampling=pair.sampling, regions=pair.regions
    )
    frame = estimate_decomposition(measured, groups=GROUPS, level=LEVEL).frame
    true = {
        "centre": name_components(compute_within(population)),
        "region": name_components(REGION),
    }
    true["centre"]["sampling_error", "all"] = np.diag(SAMPLING).mean()
    found = {}
    for row in frame[frame["subject"] == "all"].itertuples():
        name = row.statistic if row.level_of == "centre" else f"{row.statistic}, regions"
        found[name] = say_row(row, true[row.level_of][row.statistic, row.subject])
    return found, measured


def name_components(cov):
    named = list_statistics(split_covariance(cov[None]), groups=GROUPS)
    return {key: float(value[0]) for key, value in named.items()}


def say_row(row, truth):
    return np.array([[row.estimate, row.ci_low, row.ci_high, truth]])


def correlate_methods(population, measured):
    """Return same-group correlations and ratios, with sampling error removed and with it.

    Five groups, and ten pairs of them, stand under one name.
    """
    matrix = estimate_multitrait(measured, groups=GROUPS, level=LEVEL)
    within = compute_within(population)
    sd = np.sqrt(np.diag(within))
    r = within / np.outer(sd, sd)
    pairs = matrix.correlations
    same = (pairs["kind"] == "monotrait_heteromethod").to_numpy()
    found = {}
    for removed, told in ((NET, "net"), ("none", "as observed")):
        rows = pairs[same & (pairs["removed"] == removed).to_numpy()]
        found[f"same-group r, {told}"] = stack(rows, np.diag(r[:G, G:]))
    ratios = matrix.htmt[matrix.htmt["removed"] == NET]
    traits = compute_method_htmt(r)[0]
    # All three are compared with the correlation of the traits: that is what they are read as.
    for name in RATIOS:
        found[name] = stack(ratios[ratios["statistic"] == name], traits)
    return found


def stack(rows, truth):
    values = rows[["estimate", "ci_low", "ci_high"]].to_numpy(float)
    return np.column_stack([values, truth])


def compare(truth, pair, rng):
    """Return what is said of differences and of agreement, for the index."""
    x, y, error = pair.index("survey"), pair.index("checklist"), pair.index_sampling
    strata = Strata(codes=pair.regions)
    limits = estimate_limits(x, y, level=LEVEL)
    net = estimate_net_limits(
        x, y, sampling_variance=error, level=LEVEL, coverage=LEVEL, strata=strata
    )
    r_net = estimate_net_correlation(x, y, sampling_variance=error, level=LEVEL, strata=strata)
    true_r = truth.both / np.sqrt(truth.survey * truth.checklist)
    rows = {
        "bias": say(estimate_bias(x, y, level=LEVEL), truth.bias),
        "sd_difference": say(estimate_sd_difference(x, y, level=LEVEL), truth.sd),
        "loa_low, exact": say(limits.low, truth.bias - Z * truth.sd),
        "loa_high, exact": say(limits.high, truth.bias + Z * truth.sd),
        "sd_net": say(net.sd, truth.net_sd),
        "loa_net_low": say(net.low, truth.bias - Z * truth.net_sd),
        "loa_net_high": say(net.high, truth.bias + Z * truth.net_sd),
        "r_net": say(r_net, true_r),
        "pearson_r against r_net's truth": say(estimate_pearson(x, y, level=LEVEL), true_r),
    }
    return rows | resample(truth, pair, rng) | correlate_classes(truth, x, y)


def resample(truth, pair, rng):
    """Return intervals of the bootstrap over centres."""
    weights = draw_centre_weights([f"r{code:02d}" for code in pair.regions], RESAMPLES, rng)
    found = resample_pairs(
        pair.index("survey")[:, None],
        pair.index("checklist")[:, None],
        weights=weights,
        level=LEVEL,
        coverage=LEVEL,
    )
    seen = truth.survey + truth.sampling
    both = seen + truth.checklist
    true = {
        "bias": truth.bias,
        "sd_difference": truth.sd,
        "pearson_r": truth.both / np.sqrt(seen * truth.checklist),
        "ccc": 2 * truth.both / (both + truth.bias**2),
        "alpha_interval": 1 - (truth.sd**2 + truth.bias**2) / (both + truth.bias**2 / 2),
        "loa_low": truth.bias - Z * truth.sd,
        "loa_high": truth.bias + Z * truth.sd,
    }
    return {
        f"{name}, bootstrap": np.array(
            [[found.estimate[0, at], found.ci_low[0, at], found.ci_high[0, at], true[name]]]
        )
        for at, name in enumerate(found.statistics)
    }


def correlate_classes(truth, x, y):
    """Return the intraclass correlations and the slope of differences on means."""
    icc = estimate_icc(np.column_stack([x, y]), level=LEVEL)
    error = truth.sd**2 / 2
    rows = (truth.survey + truth.sampling + truth.checklist) / 2 - error
    return {
        "icc_c1": say(icc.consistency, rows / (rows + error)),
        "icc_a1": say(icc.absolute, rows / (rows + error + truth.bias**2 / 2)),
        "proportional_slope": say(fit_proportional_bias(x, y, level=LEVEL).slope, 0.0),
    }


def draw_lines(truth, pair, measured, *, thorough):
    """Return slopes of the checklist on the survey.

    One truth is the slope on what visitors feel, the other, for lines that are read so, that on
    the trait, which is 1.
    """
    x, y, error = pair.index("survey"), pair.index("checklist"), pair.index_sampling
    strata = Strata(codes=pair.regions)
    felt = truth.both / truth.survey
    known = take_known_errors(x, y, var_x=error)
    line = jackknife_errors_in_variables(known, level=LEVEL, strata=strata)
    pairs = take_pairs(x, y)
    rows = {
        "slope on what is felt": say(line.slope, felt),
        "slope on what is felt, least squares": say(
            estimate_least_squares(pairs, level=LEVEL).slope, felt
        ),
    }
    parts = split_covariance(compute_levels(measured, np.ones((1, measured.n))).centre[0])
    method = float(parts.halo + WEIGHTS**2 @ parts.survey_specific)
    known = take_known_errors(x, y, var_x=error + max(method, 0.0))
    line = jackknife_errors_in_variables(known, level=LEVEL, strata=strata)
    rows |= {"slope on the trait": say(line.slope, 1.0)}
    told = {"Deming, ratio 1": estimate_deming(pairs, error_ratio=1.0, level=LEVEL)}
    told["least squares"] = estimate_least_squares(pairs, level=LEVEL)
    if thorough:
        told["Passing-Bablok"] = estimate_passing_bablok(pairs, level=LEVEL)
    return rows | {
        f"slope on the trait, {name}": say(found.slope, 1.0) for name, found in told.items()
    }


def look_for_inflation(population, truth, pair, *, thorough):
    """Return the share of inflating centres, regions, and numbers of flags and of errors."""
    x, y, error = pair.index("survey"), pair.index("checklist"), pair.index_sampling
    gaps = take_gaps(y, x, survey_variance=error, regions=pair.regions)
    model = fit_gap_model(gaps, level=LEVEL)
    judged = standardise_gaps(gaps, model, fdr=FDR)
    naive = standardise_against_zero(gaps, fdr=FDR)
    regions = model.regions
    rows = {
        "region gaps": np.column_stack(
            [regions.effect, regions.ci_low, regions.ci_high, truth.gaps]
        )
    }
    if thorough:
        share = estimate_inflating_share(judged.z, level=LEVEL)
        rows["inflating share"] = np.array(
            [[share.share, share.ci_low, share.ci_high, population.inflating]]
        )
    counted = count_flags("naive", naive.p_value < FDR, pair.inflating)
    counted |= count_flags("q", judged.flagged, pair.inflating)
    return rows, counted | blend_sources(pair, gaps, model, judged.z)


def count_flags(name, flagged, inflating):
    """Return numbers of flags and the share of false ones among them."""
    false = int((flagged & ~inflating).sum())
    return {
        f"{name}: flagged": flagged.sum(),
        f"{name}: false": false,
        f"{name}: false among flagged": false / max(flagged.sum(), 1),
        f"{name}: found of inflating": (flagged & inflating).sum() / max(inflating.sum(), 1),
    }


def blend_sources(pair, gaps, model, z):
    """Return squared errors of the survey and of the composite, and what the composite claims.

    "ruled" is the composite up to the z from which it may not raise a star, the survey above it.
    """
    survey, felt = pair.index("survey"), pair.index("felt")
    tau2 = np.full(len(survey), model.spread.tau**2)
    found = blend(
        survey,
        pair.index("checklist") - model.regions.effect[gaps.regions],
        survey_variance=pair.index_sampling,
        checklist_variance=tau2,
    )
    values = {
        "survey": survey,
        "composite": found.value,
        "ruled": np.where(z <= CAP_FROM, found.value, survey),
    }
    groups = {
        "all": np.ones(len(survey), dtype=bool),
        "honest": ~pair.inflating,
        "inflating": pair.inflating,
        "fewest answers": pair.index_sampling > np.quantile(pair.index_sampling, 0.8),
    }
    scored = {
        f"{who}: {name}": ((value - felt)[at] ** 2).sum() / at.sum() if at.any() else np.nan
        for who, at in groups.items()
        for name, value in values.items()
    }
    inside = np.abs(found.value - felt) <= Z * found.error
    return scored | {"inside the composite's interval": inside.mean()}


def examine_pair(population, truth, pair, rng, *, thorough):
    """Return all intervals of one survey, and what is counted in it."""
    rows, measured = decompose(population, pair)
    rows |= correlate_methods(population, measured)
    rows |= compare(truth, pair, rng)
    rows |= draw_lines(truth, pair, measured, thorough=thorough)
    more, counted = look_for_inflation(population, truth, pair, thorough=thorough)
    return rows | more, counted
