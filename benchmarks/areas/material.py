"""Answers in files, drawn in pieces so that ten million respondents need no memory to speak of."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.lib.format import open_memmap
from side_by_side import list_regions, make_methodology
from side_by_side.answers import CUTS, LOADING, N_GROUPS

from clientindex.counts import count_pairs
from clientindex.intake.tables import Responses

PIECE = 2**18
GROUP_SIZE, N_ITEMS = 4, 20
GROUPS = {group: [f"{group}{number}" for number in range(1, GROUP_SIZE + 1)] for group in "abcde"}
"""No indicator is asked the other way round, so that packages may take answers as they are."""

ITEMS = [key for members in GROUPS.values() for key in members]
PLACES = {group: [ITEMS.index(key) for key in members] for group, members in GROUPS.items()}
N_REGIONS = 13
SEED = 1


def write_survey(size, folder, *, missing=0.0, for_r=False):
    """Write answers 1-5 (0 = missing) and the centre of every respondent.

    Respondents come in random order of centres. For R the answers are written by column as well.
    """
    codes = open_memmap(
        folder / "codes.npy", mode="w+", dtype=np.uint8, shape=(size.respondents, N_ITEMS)
    )
    centre = open_memmap(
        folder / "centre.npy", mode="w+", dtype=np.int32, shape=(size.respondents,)
    )
    seeds = np.random.SeedSequence(SEED)
    place = np.random.default_rng(seeds.spawn(1)[0]).standard_normal(size.centres)
    starts = range(0, size.respondents, PIECE)
    for start, seed in zip(starts, seeds.spawn(len(starts)), strict=True):
        rows = slice(start, min(start + PIECE, size.respondents))
        rng = np.random.default_rng(seed)
        centre[rows] = rng.integers(0, size.centres, rows.stop - rows.start, dtype=np.int32)
        codes[rows] = draw_answers(place[centre[rows]], rng, missing=missing)
    if for_r:
        write_for_r(codes, folder)


def draw_answers(place, rng, *, missing):
    """Draw answers in five groups: correlated factors, centres that differ a little."""
    shape = (len(place), 1)
    general = np.sqrt(0.1) * place[:, None] + np.sqrt(0.9) * rng.standard_normal(shape)
    special = rng.standard_normal((len(place), N_GROUPS))
    factors = np.sqrt(0.6) * general + np.sqrt(0.4) * special
    latent = LOADING * factors.repeat(GROUP_SIZE, axis=1)
    latent += np.sqrt(1 - LOADING**2) * rng.standard_normal(latent.shape)
    codes = np.ones(latent.shape, np.uint8)
    for cut in CUTS:
        codes += latent > cut
    if missing:
        codes[rng.random(codes.shape) < missing] = 0
    return codes


def write_for_r(codes, folder):
    """Write one byte an answer by column, and how many columns there are."""
    with (folder / "answers.bin").open("wb") as stream:
        for column in range(codes.shape[1]):
            stream.write(np.ascontiguousarray(codes[:, column]).tobytes())
    (folder / "columns.txt").write_text(f"{codes.shape[1]}\n")


def load_codes(folder):
    return np.load(folder / "codes.npy"), np.load(folder / "centre.npy")


def load_responses(folder, size):
    """Return answers as intake hands them on, and the methodology of 20 indicators."""
    codes, centre = load_codes(folder)
    names = [f"c{number:07d}" for number in range(size.centres)]
    units = pd.DataFrame({"centre": names, "segment": "citizens", "period": ""})
    return Responses(units=units, unit_of=centre, codes=codes), make_methodology(GROUPS)


def load_counts(folder, size):
    """Return the counts of all answers, and the methodology."""
    responses, methodology = load_responses(folder, size)
    return count_pairs(responses, methodology), methodology


def load_frame(folder, size):
    """Return answers as a table of floating point numbers, as packages want it."""
    del size
    codes, _ = load_codes(folder)
    return pd.DataFrame(codes.astype(float), columns=ITEMS)


def name_regions(centres):
    """Return the region of every centre, by its name."""
    return list_regions(centres, N_REGIONS)


def make_register(centres):
    """Return a register of centres in regions, without numbers of visitors."""
    regions = name_regions(centres)
    names = list(centres)
    register = pd.DataFrame({"centre": names, "name": names, "region": list(regions.values())})
    return register.assign(visitors=np.nan)
