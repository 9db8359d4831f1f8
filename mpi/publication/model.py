"""A publication: all that its writers need, after disclosure control. It holds no profile and no microdata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mpi.claims import Basis, Sampling
from mpi.claims.basis import Way
from mpi.disclosure.publishable import Publishable, PublishableProfile
from mpi.drawing.style import Style, style_of
from mpi.errors import Notice
from mpi.language import translated
from mpi.maps.areas import Areas
from mpi.maps.join import Join
from mpi.policies.published import Choice
from mpi.publication.series import Series
from mpi.specs.measure import Measure
from mpi.specs.study import COUNTRY_DOMAIN, MapSpec, Study
from mpi.specs.survey import Survey
from mpi.vocabulary.options import Titles
from mpi.vocabulary.wording import Language, mark_meanings, title_in

COUNTRY_TITLES: Mapping[str, Titles] = {
    COUNTRY_DOMAIN: translated("Country"),
    "other_country": translated("Other country"),
}
Tests: TypeAlias = Mapping[frozenset[str], float]
Whole: TypeAlias = Literal["total", "upper"]  # what an area is compared with: all units, or the group that holds it


@dataclass(frozen=True, slots=True)
class Comparison:
    """How H of an area compares with that of a whole which contains it.

    Attributes
    ----------
    difference : float
        H of the area less that of the whole, as a proportion.
    p : float or None
        Of the test that they are equal; None in a census, where the difference is exact.
    """

    difference: float
    p: float | None

    def verdict(self, level: float) -> Verdict:
        """Whether the area is higher or lower than the whole; `unsure` if the sample does not tell.

        Examples
        --------
        >>> [one.verdict(0.95) for one in (Comparison(0.02, 0.01), Comparison(0.02, 0.2), Comparison(-0.1, None))]
        ['higher', 'unsure', 'lower']
        """
        if self.p is not None and self.p >= 1 - level:
            return "unsure"
        if not self.difference:
            return "equal"
        return "higher" if self.difference > 0 else "lower"


Verdict: TypeAlias = Literal["higher", "lower", "equal", "unsure"]
Comparisons: TypeAlias = Mapping[str, Mapping[Whole, Comparison]]  # by the code of an area


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One survey of a publication: what was read of it, and how it was drawn.

    Attributes
    ----------
    counts : mapping of str to int
        Rows at every stage of reading.
    persons, households : int
        Unweighted units with a positive weight.
    population : float
        Sum of the persons' weights.
    strata, psus : int or None
        As drawn; None where there are none.
    errors_from : mapping of str to str
        What the sampling errors come from, in one line, by language.
    breaks : mapping of str to str
        Periods from which on figures are not comparable with earlier ones, and why.
    """

    survey: Survey
    period: str
    counts: Mapping[str, int]
    persons: int
    households: int
    population: float
    strata: int | None
    psus: int | None
    census: bool
    errors_from: Mapping[str, str]
    breaks: Mapping[str, str]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Drawable:
    """A map whose boundaries are read, before the codes of the figures are known."""

    spec: MapSpec
    areas: Areas
    join: Join
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnMap:
    """A map of a publication: what the file says of it, its areas, how the codes fitted, the profile it may carry."""

    spec: MapSpec
    areas: Areas
    join: Join
    profile: PublishableProfile | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Publication:
    """Everything that is published.

    Attributes
    ----------
    rounds : tuple of Round
        The oldest first; the last is the one that is published.
    figures : Publishable
        Estimates of all rounds (`period`), units, cutoffs and domains.
    changes : Publishable or None
        Between the rounds, if there are two or more.
    names : mapping of str to mapping of str to str
        By domain the name of each code, where the boundaries or the study give one; study labels go first and may
        depend on the language: see `name_of`.
    maps : tuple of DrawnMap
    tests : mapping of str to mapping of two codes to float
        By domain the p-values of the differences of H between groups that may be ranked, in the published period, of
        the first unit at the first cutoff; corrected for their number (Holm).
    comparisons : mapping of str to Comparisons
        By the domain of a map, how H of its areas compares with the total and with the group that holds each: of the
        published period, the first unit, the first cutoff. Areas without a comparison are not precise enough.
    notices : tuple of Notice
        What a reader of the publication should know.
    analyses : mapping of str to Publishable
        By name, of the published period and the first unit.
    progress : Publishable or None
        Towards the targets of the study, if it has any; see `mpi.targets.table.Progress`.
    plans : Publishable or None
        What the plans of the study would change, if it has any; see `mpi.policies.published.PlanTable`.
    choices : mapping of str to Choice
        By the name of a plan.
    official : tuple of Series
        Published series that its figures are shown beside.
    others : mapping of str to Publishable
        By the name of each further measure, its figures of all rounds.
    countries : Publishable or None
        The figures of all countries of the study, if it has several: `country` is their first domain.
    country_rounds : mapping of str to Round
        By the code of each country beside the study's own, its last round.
    country_map : DrawnMap or None
        The boundaries of the countries.
    movements : mapping of str to Publishable
        The tables of the panel that the study follows, by name.
    """

    study: Study
    measure: Measure
    rounds: tuple[Round, ...]
    figures: Publishable
    changes: Publishable | None
    names: Mapping[str, Mapping[str, str]]
    maps: tuple[DrawnMap, ...] = ()
    notices: tuple[Notice, ...] = field(default=())
    tests: Mapping[str, Tests] = field(default_factory=dict)
    comparisons: Mapping[str, Comparisons] = field(default_factory=dict)
    analyses: Mapping[str, Publishable] = field(default_factory=dict)
    progress: Publishable | None = None
    plans: Publishable | None = None
    choices: Mapping[str, Choice] = field(default_factory=dict)
    official: tuple[Series, ...] = ()
    others: Mapping[str, Publishable] = field(default_factory=dict)
    movements: Mapping[str, Publishable] = field(default_factory=dict)
    countries: Publishable | None = None
    country_rounds: Mapping[str, Round] = field(default_factory=dict)
    country_map: DrawnMap | None = None

    @property
    def basis(self) -> Basis:
        """What the figures of the published period stand on, of the first unit at the first cutoff."""
        study = self.study
        return Basis(
            unit=study.units[0],
            period=self.period,
            k=study.cutoffs[0].text,
            level=study.level,
            sampling=_sampling(study, self.rounds[-1]),
            judged=study.reliability is not None and bool(study.reliability.rules),
            official=bool(study.official),
        )

    def mark_meanings(self, language: Language) -> dict[str, str]:
        """What each mark means, in the words of the rules that judged the figures."""
        rules = self.study.reliability
        if rules is None:
            return mark_meanings(None, language)
        floor = translated(
            "fewer than {df} degrees of freedom, fewer than {units} cases or no standard error",
            df=rules.floor.df,
            units=rules.floor.units,
        )
        return mark_meanings([(one.level, one.says) for one in rules.rules], language, floor=floor)

    @property
    def style(self) -> Style:
        """The colours of its drawings."""
        return style_of(self.study.template)

    @property
    def period(self) -> str:
        """The period that is published."""
        return self.rounds[-1].period

    def title(self, language: Language) -> str:
        """The title of the study."""
        return title_in(self.study.title, language, self.study.name)

    def domain_title(self, domain: str, language: Language) -> str:
        """The title of a domain, as the survey gives it."""
        if self.countries is not None and domain in COUNTRY_TITLES:
            return COUNTRY_TITLES[domain][language]
        found = self.rounds[-1].survey.domains.get(domain)
        return domain if found is None else title_in(found.title, language, domain)

    def programme_title(self, name: str, language: Language) -> str:
        """The title of a programme, as the survey gives it."""
        found = self.rounds[-1].survey.programmes.get(name)
        return name if found is None else title_in(found.title, language, name)

    def name_of(self, domain: str, code: str, language: Language) -> str:
        """The name of a code of a domain; the code itself if nothing names it."""
        if self.countries is not None and domain in COUNTRY_TITLES:
            return title_in(next((one.title for one in self.study.countries if one.code == code), {}), language, code)
        titles = self.study.labels.get(domain, {}).get(code)
        if titles:
            return title_in(titles, language, code)
        return self.names.get(domain, {}).get(code, code)


def _sampling(study: Study, last: Round) -> Sampling:
    """How the sampling errors of a round are estimated."""
    design = last.survey.design
    way: Way = study.variance
    if last.census:
        way = "census"
    elif way == "design" and design.replicates is not None:
        way = "replicates"
    return Sampling(
        way=way,
        strata=bool(design.stratum),
        clustered=bool(design.psu),
        fpc=design.fpc is not None,
        calibrated=design.calibration is not None,
        note=last.survey.note,
    )
