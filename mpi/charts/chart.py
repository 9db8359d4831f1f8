"""What the table of charts says of each: how it is drawn from a publication, and where the report shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, TypeAlias, TypedDict

from mpi.drawing.canvas import Drawing
from mpi.drawing.frame import Frame
from mpi.drawing.scene import WIDTH, Face
from mpi.drawing.style import HOUSE
from mpi.language import Phrase
from mpi.publication.edition import Edition
from mpi.publication.sourcing import source_lines
from mpi.specs.survey import Survey
from mpi.specs.template import Asset

# Where sections of the report have charts, in the order of the table; see `mpi.report.drawings.drawn_at`.
Place = Literal[
    "key", "indicators", "contributions", "bundles", "scores", "ranking", "domain", "changes", "changes of a domain",
    "cutoffs", "ranks", "analyses", "plans", "published", "panel", "countries",
]  # fmt: skip


def of_office(edition: Edition) -> OfOffice:
    """What the template of an office gives to every picture that leaves its page."""
    template = edition.publication.study.template
    logo = None if template is None or template.logo is None else template.logo
    return {
        "logo": None if logo is None else logo.picture,
        "alt": "" if logo is None else edition.titled(logo.alt),
        "face": edition.publication.style.face,
    }


class OfOffice(TypedDict):
    """The logo, what it is, and the letters."""

    logo: Asset | None
    alt: str
    face: Face | None


class Subject(NamedTuple):
    """What a chart is about: a publication in a language, and the domain of a chart that has one."""

    edition: Edition
    domain: str = ""


def codes_of(subject: Subject) -> list[str]:
    """The codes of the domain that have figures."""
    edition, domain = subject
    return edition.figures.codes(domain) if domain in edition.publication.figures.domains else []


class Caption(NamedTuple):
    """The title of a chart in the report, and the sentence that says what it shows."""

    title: str
    sentence: str


Need: TypeAlias = Callable[[Subject], Any]  # an argument of a drawing function


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A chart in the report.

    Attributes
    ----------
    place : str
    id : str
        Of the picture; `{domain}` is the name of the domain.
    table : str
        The id of the table that has its figures; `{slug}` is that of the domain.
    caption : callable
    suits : callable, optional
        Whether it is shown; where it is not, the section says in words what there is to say.
    needs : mapping of str to callable
        Arguments that are others than in the folder of charts.
    narrow : bool
        Whether it is narrower than the text.
    """

    place: Place
    id: str
    table: str
    caption: Callable[[Subject], Caption]
    suits: Callable[[Subject], bool] | None = None
    needs: Mapping[str, Need] = field(default_factory=dict)
    narrow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of a publication.

    Attributes
    ----------
    name : str
        Of its files in the folder of charts, where the name of the domain follows.
    draw : callable
        The public function of `mpi.charts`.
    needs : mapping of str to callable
        What goes into each of its arguments. A need raises `UnmadeError` where the publication does not have it.
    of : {"total", "domain", "changes"}
        Drawn once, for each domain, or for each domain whose changes are published.
    finding : callable
        The title of its file, which says what it shows; None where there is nothing to find.
    subtitle : callable
        What it measures, where and when.
    filed : bool
        Whether the folder of charts has it; the report may show another form of a chart that is in the folder.
    shown : Shown, optional
        In the report.
    analysis : str
        Of a study that has it, which the chart shows; empty: it shows figures of all studies.
    exists : callable, optional
        Whether a measure such as this can have it at all: where it cannot, it is not even left out.
    of_surveys : callable
        The surveys of its figures; None: the rounds of the publication.
    """

    name: str
    draw: Callable[..., Drawing]
    needs: Mapping[str, Need]
    finding: Callable[[Subject], Phrase | None]
    subtitle: Callable[[Subject], str]
    of: Literal["total", "domain", "changes"] = "total"
    filed: bool = True
    shown: Shown | None = None
    analysis: str = ""
    exists: Callable[[Subject], bool] | None = None
    of_surveys: Callable[[Subject], Sequence[Survey] | None] = lambda subject: None

    def drawn(self, subject: Subject, others: Mapping[str, Need] | None = None, *, width: float = WIDTH) -> Drawing:
        """The drawing, so many points wide, with other arguments than usual where they are given.

        Raises
        ------
        UnmadeError
            If the publication does not allow it.
        """
        given = {name: need(subject) for name, need in {**self.needs, **(others or {})}.items()}
        return self.draw(**{**given, "style": replace(given.get("style", HOUSE), width=width)})

    def filed_as(self, subject: Subject) -> Frame:
        """The texts around it as a file: its finding, what it measures, where it comes from."""
        edition, subtitle = subject.edition, self.subtitle(subject)
        found = self.finding(subject)
        caption = None if self.shown is None else self.shown.caption(subject)
        title = found.to(edition.language) if found is not None else caption.title if caption else subtitle
        publication = edition.publication
        return Frame(
            title=title,
            subtitle=subtitle if subtitle != title else "",
            source=source_lines(publication, edition.language, self.of_surveys(subject)),
            description=caption.sentence if caption else subtitle,
            publisher=edition.titled(publication.study.publisher),
            language=edition.language,
            **of_office(edition),
        )
