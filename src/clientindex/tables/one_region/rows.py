"""Rows of tables of the country that belong to one region."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.results import AuditDecisions, Stars
from clientindex.results.regional import RegionalProfile
from clientindex.tables.agreement.audit import build_audit_page
from clientindex.tables.rating.regional import build_unusual_centres
from clientindex.tables.stars import build_stars_of_region, explain_regions
from clientindex.tables.withheld import build_withheld
from clientindex.wording.absence import take

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

REGION = "region"


def keep_region(whole: TableSpec, region: str, *, key: str, wording: Wording) -> TableSpec:
    """Return the rows of a table that belong to a region, without the column that names it.

    Notes stay as they are: what they count is counted in the whole country.

    Parameters
    ----------
    whole : TableSpec
        With a column ``region``.
    region : str
    key : str
        Name of the new table; its caption names the region.
    wording : Wording
    """
    place = [column.key for column in whole.columns].index(REGION)
    return replace(
        whole,
        key=key,
        caption=wording.text(f"table.{key}.title", region=region),
        columns=tuple(c for n, c in enumerate(whole.columns) if n != place),
        rows=tuple(
            tuple(value for n, value in enumerate(row) if n != place)
            for row in whole.rows
            if row[place] == region
        ),
    )


def build_stars(bundle: Bundle, wording: Wording, region: str) -> TableSpec:
    """Build the centres of the region with a star, best first; the others have their own table."""
    own = build_stars_of_region(bundle, region=region, number=1, wording=wording)
    notes = tuple(explain_regions(bundle, wording)) if own.rows else ()
    return replace(own, key="region_stars", notes=notes)


def build_unusual(bundle: Bundle, wording: Wording, region: str) -> TableSpec:
    """Build the centres of the region that stand out of the funnel of the country."""
    result, given = take(bundle, "regional", RegionalProfile), take(bundle, "stars", Stars)
    whole = build_unusual_centres(result, given, bundle.methodology, wording)
    return keep_region(whole, region, key="region_unusual_centres", wording=wording)


def build_withheld_list(bundle: Bundle, wording: Wording, region: str) -> TableSpec:
    """Build the centres of the region whose star is withheld, with reasons."""
    whole = build_withheld(take(bundle, "stars", Stars), wording=wording)
    return keep_region(whole, region, key="region_withheld", wording=wording)


def build_audit_list(bundle: Bundle, wording: Wording, region: str) -> TableSpec:
    """Build the centres of the region in the list of audits, with reasons."""
    whole = build_audit_page(take(bundle, "audit", AuditDecisions), bundle.methodology, wording)
    return keep_region(whole, region, key="region_audit_list", wording=wording)
