"""Names of regions and centres in documents of either language."""

import dataclasses

import pandas as pd

from clientindex.publishing.place_names import (
    are_names_rewritten,
    find_place_names,
    name_places,
    translate_regions,
)
from clientindex.publishing.report import Report
from clientindex.results import Unavailable
from clientindex.wording import load_wording
from presentation_bundle import make_bundle, make_results


def shown(bundle, language, **options):
    names = find_place_names(bundle.results, language, **options)
    return name_places(bundle, names).results


def with_names(names):
    results = make_results()
    stars = results["stars"]
    frame = stars.frame.assign(name=names)
    return make_bundle(results=results | {"stars": dataclasses.replace(stars, frame=frame)})


def test_russian_documents_keep_the_names_of_the_register():
    bundle = make_bundle()
    names = find_place_names(bundle.results, "ru")
    assert name_places(bundle, names) is bundle
    assert not are_names_rewritten(bundle, names)


def test_english_documents_have_english_regions_and_latin_centres():
    bundle = make_bundle()
    results = shown(bundle, "en")
    stars = results["stars"].frame.set_index("centre")
    assert stars.loc["c1", ["name", "region"]].tolist() == ["TsZN No. 1", "Pskov Oblast"]
    assert set(stars["region"]) == {"Pskov Oblast", "Kray", "Okrug"}
    assert list(results["regions"].frame["region"])[-1] == "country"
    statistics = set(results["shrinkage"].models["statistic"])
    assert "coefficient.region.Pskov Oblast" in statistics
    assert "mean" in statistics
    assert list(stars.index) == list(bundle.results["stars"].frame["centre"])
    assert stars["estimate"].tolist()[:2] == [85.25, 71.0]
    assert are_names_rewritten(bundle, find_place_names(bundle.results, "en"))


def test_a_reason_names_its_region_too():
    results = make_results() | {
        "levels": Unavailable(stage="factors", reason="few_centres", detail="Псковская область")
    }
    assert shown(make_bundle(results=results), "en")["levels"].detail == "Pskov Oblast"


def test_names_that_several_centres_have_are_followed_by_their_codes():
    bundle = with_names(["А", "А", "Б", "В", "Г", "Д"])
    centres = list(bundle.results["stars"].frame["centre"])
    named = [f"А ({centres[0]})", f"А ({centres[1]})", "Б", "В", "Г", "Д"]
    assert list(shown(bundle, "ru")["stars"].frame["name"]) == named
    english = [f"A ({centres[0]})", f"A ({centres[1]})", "B", "V", "G", "D"]
    assert list(shown(bundle, "en")["stars"].frame["name"]) == english
    files = shown(bundle, "en", codes=False)["stars"].frame["name"]
    assert list(files) == ["A", "A", "B", "V", "G", "D"]


def test_different_regions_never_become_one():
    named = translate_regions(["Москва", "г. Москва", "Тверская область", "Tver", ""])
    assert named == {
        "Москва": "Moskva",
        "г. Москва": "g. Moskva",
        "Тверская область": "Tver Oblast",
    }
    assert translate_regions(["Крайъ", "Край"]) == {}
    assert translate_regions(["Край"]) == {"Край": "Kray"}


def with_english(**given):
    """Return the bundle with English names as a register gives them: centres, then regions."""
    rows = [(kind, place, name) for kind, names in given.items() for place, name in names.items()]
    frame = pd.DataFrame(rows, columns=["kind", "place", "name"], dtype="str")
    results = make_results()
    coverage = dataclasses.replace(results["coverage"], english_names=frame)
    return make_bundle(results=results | {"coverage": coverage})


def test_english_names_of_the_register_come_before_lists_and_letters():
    bundle = with_english(centre={"c1": "Pskov Jobs"}, region={"Псковская область": "Pskov Land"})
    stars = shown(bundle, "en")["stars"].frame.set_index("centre")
    assert stars.loc["c1", ["name", "region"]].tolist() == ["Pskov Jobs", "Pskov Land"]
    assert stars.loc["c2", ["name", "region"]].tolist() == ["TsZN No. 2", "Pskov Land"]
    assert set(stars["region"]) == {"Pskov Land", "Kray", "Okrug"}
    russian = shown(bundle, "ru")["stars"].frame
    assert list(russian["name"]) == list(bundle.results["stars"].frame["name"])


def test_a_name_that_the_register_gives_two_centres_is_followed_by_the_code():
    bundle = with_english(centre={"c1": "Job Centre", "c2": "Job Centre"})
    named = shown(bundle, "en")["stars"].frame.set_index("centre")["name"]
    assert named["c1"] == "Job Centre (c1)"
    assert named["c2"] == "Job Centre (c2)"
    assert named["c4"] == "TsZN No. 4"


def test_no_region_takes_the_name_that_the_register_gives_another():
    named = translate_regions(["Край", "Псковская область"], {"Край": "Pskov Oblast"})
    assert named == {"Край": "Pskov Oblast", "Псковская область": "Pskovskaya oblast"}


def test_readers_are_not_told_of_names_that_the_register_gives():
    stars = make_results()["stars"].frame
    english = dict(zip(stars["centre"], "A" + stars["centre"], strict=True))
    regions = {region: region[:2] + "x" for region in set(stars["region"])}
    whole = with_english(centre=english, region=regions)
    assert not are_names_rewritten(whole, find_place_names(whole.results, "en"))
    some = with_english(centre=english, region={})
    assert are_names_rewritten(some, find_place_names(some.results, "en"))


def test_readers_are_told_of_other_names(capsys):
    wording = load_wording("en")
    for renamed in (True, False):
        Report(bundle=make_bundle(), wording=wording, renamed=renamed).show_status()
        assert ("Latin letters" in capsys.readouterr().out) is renamed
