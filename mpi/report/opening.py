"""The first screen of a report: how many are poor, in one sentence, and a picture of where or since when.

Comes in: an issue, and the sections, one of which gives its picture. Goes out: what stands above the contents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mpi.claims import Errors, say
from mpi.claims.numbers import between, marked
from mpi.language import catalogue, joined
from mpi.report.blocks import Graphic, KeyFigure, KeyFigures, Opening, Paragraph, Section
from mpi.report.issue import Issue
from mpi.report.sections.headline import MAIN, movement
from mpi.vocabulary.wording import form_of, statistic_title


def opening(issue: Issue, picture: Graphic | None) -> Opening:
    """The sentence that comes first, what a reader must know before believing it, the key figures, and a picture."""
    publication = issue.publication
    notes = [Paragraph(text, "warning") for text in (_status(issue), issue.titled(publication.study.note)) if text]
    return Opening(
        lead=say(issue.lead(), issue.language),
        exact=_exact(issue),
        caveats=_caveats(issue),
        notes=tuple(notes),
        figures=KeyFigures(tuple(_key_figure(issue, name) for name in MAIN)),
        picture=picture,
    )


def _status(issue: Issue) -> str:
    return issue.labels["provisional_note"] if issue.publication.study.status == "provisional" else ""


def _exact(issue: Issue) -> str:
    """The number of the poor to the last unit, for who points at the sentence; empty if it is not shown."""
    poor = issue.total("poor")
    if poor.value is None:
        return ""
    title = statistic_title("poor", issue.unit, issue.language)
    interval = f" ({issue.say(between(poor.low, poor.high, 'poor'))})" if poor.interval else ""
    return issue.say(joined([title, joined([marked("poor", poor), interval])], ": "))


def _caveats(issue: Issue) -> tuple[Paragraph, ...]:
    """Notes on the intervals, beside the first of them."""
    sampling, language = issue.basis.sampling, issue.language
    note = issue.titled(sampling.note)
    if sampling.way == "replicates" or (sampling.way != "census" and sampling.strata and sampling.clustered):
        return ()
    told = Paragraph(say(Errors(sampling), language), "note")
    return (told, Paragraph(issue.say(joined([issue.labels["survey_note"], note], ": ")), "note")) if note else (told,)


def _key_figure(issue: Issue, statistic: str) -> KeyFigure:
    estimate = issue.total(statistic)
    change = ""
    if issue.before is not None and issue.changes is not None:
        change = movement(issue, statistic, short=True)
    unit = catalogue(issue.language).percent if form_of(statistic) == "percent" else ""
    interval = ""
    if estimate.interval:
        interval = issue.say(joined([issue.interval, between(estimate.low, estimate.high, statistic)], ": "))
    return KeyFigure(
        title=statistic_title(statistic, issue.unit, issue.language),
        value=issue.say(marked(statistic, estimate)),
        unit="" if estimate.value is None else unit,
        interval=interval,
        change=change,
        standing=estimate.standing,
    )


def parted(sections: Sequence[Section]) -> tuple[Graphic | None, list[Section]]:
    """The picture of the first screen and the sections without it: the first map, else a chart of the whole."""
    for name in ("maps", "key", "indicators"):
        for one in sections:
            picture = next((block for block in one.blocks if isinstance(block, Graphic)), None)
            if one.id == name and picture is not None:
                rest = replace(one, blocks=tuple(block for block in one.blocks if block is not picture))
                return picture, [rest if each is one else each for each in sections if each is not one or rest.blocks]
    return None, list(sections)
