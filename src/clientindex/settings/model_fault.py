"""What pydantic refused, as faults in the words of a settings file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from clientindex.settings.fault import SettingFault, find_nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.settings.fault import Location


def make_fault(detail: Mapping[str, Any], model: type[BaseModel]) -> SettingFault:
    """Return one error of a pydantic ``ValidationError`` on `model` as a fault."""
    location: Location = tuple(part for part in detail["loc"] if part != "[key]")
    kind = detail["type"]
    if kind == "extra_forbidden":
        allowed = sorted(_known_keys(model, location[:-1]))
        return SettingFault(
            location=location,
            read=f"the unknown key {location[-1]!r}",
            allowed=f"allowed here: {', '.join(allowed)}",
            nearest=find_nearest(str(location[-1]), allowed),
        )
    if kind == "missing":
        return SettingFault(location=location, read="nothing", allowed="this key is required")
    return SettingFault(
        location=location,
        read=repr(detail.get("input")),
        allowed=str(detail["msg"]).removeprefix("Value error, "),
        nearest=_nearest_choice(detail),
    )


def _nearest_choice(detail: Mapping[str, Any]) -> str | None:
    expected = str(detail.get("ctx", {}).get("expected", ""))
    choices = [part.strip(" '\"") for part in expected.replace(" or ", ",").split(",")]
    return find_nearest(str(detail.get("input")), choices)


def _known_keys(model: type[BaseModel], location: Location) -> list[str]:
    """Return the keys that the model at `location` accepts."""
    current: type[BaseModel] = model
    for part in location:
        if isinstance(part, int):
            continue
        field = _field_of(current, part)
        nested = _nested_models(field.annotation) if field is not None else []
        if nested:
            current = nested[0]
    return [field.alias or name for name, field in current.model_fields.items()]


def _field_of(model: type[BaseModel], key: str) -> Any:
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            return field
    return None


def _nested_models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _nested_models(part)]
