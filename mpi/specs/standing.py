"""What a measure is: official, reconstructed, a template or a draft; what is not official says so with its title.

A measure without `status:` says nothing of it, and its title stands alone, as that of an official one does.
"""

from __future__ import annotations

from collections.abc import Mapping

from mpi.language import LANGUAGES, template, translated
from mpi.specs.measure import Measure
from mpi.vocabulary.options import MeasureKind, MeasureStatus, Titles
from mpi.vocabulary.wording import title_in

# The word of a status, alone and beside the title of a measure.
STATUSES: Mapping[MeasureStatus, Titles] = {
    "official": translated("official"),
    "reconstruction": translated("reconstruction, not official"),
    "template": translated("template, not official"),
    "draft": translated("draft, not official"),
}
KINDS: Mapping[MeasureKind, Titles] = {
    "national": translated("national", context="measure"),
    "international": translated("international", context="measure"),
    "children": translated("of children", context="measure"),
    "thematic": translated("thematic", context="measure"),
}
# What readers of figures are told.
TOLD: Mapping[MeasureStatus, str] = {
    "reconstruction": template(
        "the measure {name} is a reconstruction from texts about it: its figures are not official, nor comparable with "
        "official ones"
    ),
    "template": template(
        "the measure {name} is a template: its structure is known, and the rules of its indicators are those that the "
        "survey file gives; its figures are not official"
    ),
    "draft": template("the measure {name} is a draft: its figures are not official"),
}


def shown_title(measure: Measure) -> Titles:
    """The title as outputs print it: with its status, where that is not official.

    Examples
    --------
    >>> from mpi.config import load_measure
    >>> shown_title(load_measure("uruguay_derechos"))["en"]
    'Deprivation of social rights in Uruguay (reconstruction, not official)'
    """
    status = measure.status
    if not status or status not in TOLD:
        return measure.title
    marks = STATUSES[status]
    return {one: f"{title_in(measure.title, one, measure.name)} ({marks[one]})" for one in LANGUAGES}
