"""A recipe: which results a figure is made from, and how; it refuses before it draws."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from matplotlib.layout_engine import ConstrainedLayoutEngine

from clientindex.errors import RenderError
from clientindex.figures.colours import REFERENCE
from clientindex.figures.style import house_style
from clientindex.results import Unavailable
from clientindex.wording.words import find_placeholders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording


Kind = TypeVar("Kind")

MARK_IN: Final = 0.16
"""Height of the line that marks synthetic data, inches."""
LABEL_PAD_IN: Final = 0.06
"""Space between a common label and the axes above it, inches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One result that a figure is made from.

    Attributes
    ----------
    name : str
        Name of the result in the bundle.
    kind : type
    has_content : callable
        Whether the result holds anything to draw.
    """

    name: str
    kind: type[Any]
    has_content: Callable[[Any], bool]


def _tell_nothing(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    del bundle, wording
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A figure of the documents.

    Attributes
    ----------
    name : str
        Name in the registry.
    needs : tuple of Need
    make : callable
        ``make(bundle, wording)`` -> Figure; called only when every need is met.
    describe : callable
        ``describe(bundle, wording)`` -> what stands for the placeholders of the caption and of the
        alternative text, by name; called only when every need is met. Nothing unless given.
    """

    name: str
    needs: tuple[Need, ...]
    make: Callable[[Bundle, Wording], Figure]
    describe: Callable[[Bundle, Wording], Mapping[str, str]] = _tell_nothing

    def __call__(self, bundle: Bundle, wording: Wording) -> Figure:
        """Make the figure in the house style.

        Raises
        ------
        RenderError
            If a result is absent, unavailable or empty; the message names it and the reason.
        """
        with house_style():
            figure = self._make_marked(bundle, wording)
            # Ticks are made at the first drawing; they must be made in the house style.
            figure.draw_without_rendering()
        return figure

    def lay_out(self, bundle: Bundle, wording: Wording) -> Figure:
        """Make the figure for :func:`figure_to_svg` and :func:`figure_to_png`.

        These lay it out and draw it in the house style; doing so before would do it twice.

        Raises
        ------
        RenderError
            As when it is called.
        """
        with house_style():
            return self._make_marked(bundle, wording)

    def _make_marked(self, bundle: Bundle, wording: Wording) -> Figure:
        faults = self.find_faults(bundle)
        if faults:
            msg = f"figure {self.name!r} cannot be drawn: {'; '.join(faults)}."
            raise RenderError(msg)
        figure = self.make(bundle, wording)
        if bundle.edition.synthetic:
            mark_synthetic(figure, wording)
        return figure

    def caption(self, bundle: Bundle, wording: Wording) -> str:
        """Return the caption; the title, where the catalogue has no caption with values."""
        key = f"illustration.{self.name}.caption"
        if key not in wording.texts:
            return wording.text(f"illustration.{self.name}.title")
        return self._fill(key, bundle, wording)

    def alternative(self, bundle: Bundle, wording: Wording) -> str:
        """Return the text that is read out instead of the figure."""
        return self._fill(f"illustration.{self.name}.alt", bundle, wording)

    def _fill(self, key: str, bundle: Bundle, wording: Wording) -> str:
        needed = find_placeholders(wording.texts.get(key, ""))
        values = self.describe(bundle, wording) if needed else {}
        return wording.text(key, **{name: values[name] for name in needed if name in values})

    def find_faults(self, bundle: Bundle) -> tuple[str, ...]:
        """Return what stands against drawing, one text a result; empty when it can be drawn."""
        found = (_find_fault(need, bundle) for need in self.needs)
        return tuple(fault for fault in found if fault)


def mark_synthetic(figure: Figure, wording: Wording) -> None:
    """Write the words for synthetic data below the figure: it may travel without its document."""
    mark = MARK_IN / figure.get_figheight()
    room = mark + _lift_common_label(figure, mark)
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0, room, 1, 1 - room))
    words = wording.text("callout.synthetic_title")
    figure.text(1, 0, words, ha="right", va="bottom", fontsize="x-small", color=REFERENCE)


def _lift_common_label(figure: Figure, room: float) -> float:
    """Move the common label of several panels up, and return the height that it takes.

    The layout keeps room for such a label only at the very bottom of the figure.
    """
    common = figure.get_supxlabel()
    for text in figure.texts:
        if common and text.get_text() == common:
            figure.supxlabel(common, y=room, size=text.get_fontsize())
            height = text.get_window_extent().height / figure.dpi + LABEL_PAD_IN
            return float(height / figure.get_figheight())
    return 0.0


def take(bundle: Bundle, name: str, kind: type[Kind]) -> Kind:
    """Return a result that a recipe has already found in the bundle.

    Raises
    ------
    RenderError
        If the result is unavailable all the same.
    """
    result = bundle.get(name, kind)
    if isinstance(result, Unavailable):
        msg = f"the result {name!r} is unavailable: {result.reason}."
        raise RenderError(msg)
    return result


def _find_fault(need: Need, bundle: Bundle) -> str:
    if need.name not in bundle.results:
        return f"the bundle has no result {need.name!r}"
    result = bundle.get(need.name, need.kind)
    if isinstance(result, Unavailable):
        detail = f" ({result.detail})" if result.detail else ""
        return f"the result {need.name!r} is unavailable: {result.reason}{detail}"
    return "" if need.has_content(result) else f"the result {need.name!r} is empty"
