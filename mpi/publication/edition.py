"""A publication in one language: what its texts, tables and charts look up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from mpi.analysis.rank_robustness import RankRobustness, rank_robustness
from mpi.claims import Basis, Lead, Member
from mpi.disclosure.figures import NO_FIGURE, Codes, Figure, Figures, read
from mpi.language.phrases import Sayable
from mpi.publication.model import Publication
from mpi.specs.indicators import Indicator
from mpi.vocabulary.wording import UNITS, Language, title_in

TIMES = "\u00d7"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Edition:
    """A publication in one language.

    Attributes
    ----------
    figures : Figures
        Estimates of all rounds.
    changes : Figures or None
        If there are some from the round before.
    scores, bundles, co_deprivation : pyarrow.Table or None
        Of `mpi.analysis.score_distribution`, after `hide_small`.
    """

    publication: Publication
    language: Language
    figures: Figures
    changes: Figures | None
    scores: pa.Table | None = None
    bundles: pa.Table | None = None
    co_deprivation: pa.Table | None = None

    @property
    def unit(self) -> str:
        """The first unit of the study, whose figures lead."""
        return self.publication.study.units[0]

    @property
    def units(self) -> str:
        """Its name in the plural."""
        return UNITS[self.unit][self.language]

    @property
    def k(self) -> str:
        """The measure's own cutoff as the table has it."""
        return self.publication.study.cutoffs[0].text

    @property
    def level(self) -> float:
        """Of the confidence intervals."""
        return self.publication.study.level

    @property
    def period(self) -> str:
        """The period that is published."""
        return self.publication.period

    @property
    def before(self) -> str | None:
        """The period of the round before, if there is one."""
        rounds = self.publication.rounds
        return rounds[-2].period if len(rounds) > 1 else None

    @property
    def basis(self) -> Basis:
        """What the figures stand on."""
        return self.publication.basis

    @property
    def meanings(self) -> dict[str, str]:
        """What each mark means."""
        return self.publication.mark_meanings(self.language)

    @property
    def census(self) -> bool:
        """Whether the last round has no sampling errors."""
        return self.publication.rounds[-1].census

    @property
    def sets(self) -> tuple[tuple[str, ...], ...]:
        """The domains and crossings that have tables, in the order of the study; those of maps alone at the end."""
        study = self.publication.study
        return (*study.by, *(names for names in study.sets if names not in study.by))

    @property
    def ordered_cutoffs(self) -> list[str]:
        """The cutoffs from the lowest to the highest."""
        found = sorted(self.publication.study.cutoffs, key=lambda cutoff: (cutoff.k, cutoff.strict))
        return [cutoff.text for cutoff in found]

    def total(
        self,
        statistic: str,
        *,
        period: str | None = None,
        unit: str | None = None,
        k: str | None = None,
        dimension: str | None = None,
        indicator: str | None = None,
    ) -> Figure:
        """The estimate of all units; of the published period, the first unit, the measure's own cutoff if left out."""
        return self.figures.one(
            statistic,
            period=period or self.period,
            unit=unit or self.unit,
            k=k or self.k,
            dimension=dimension,
            indicator=indicator,
        )

    def groups(self, domains: tuple[str, ...], *statistics: str) -> dict[Codes, dict[str, Figure]]:
        """The estimates of all groups of the published period, at the measure's own cutoff, by codes and statistic."""
        made: dict[Codes, dict[str, Figure]] = {}
        for statistic in statistics:
            own = self.figures.groups(statistic, domains, period=self.period, unit=self.unit, k=self.k)
            for codes, figure in own.items():
                made.setdefault(codes, {})[statistic] = figure
        return dict(sorted(made.items()))

    def incidence(self, domain: str) -> dict[str, Figure]:
        """H of all groups of a domain, by code."""
        return {codes[0]: found["H"] for codes, found in self.groups((domain,), "H").items()}

    def change(
        self,
        statistic: str,
        codes: Mapping[str, str] | None = None,
        *,
        unit: str | None = None,
        indicator: str | None = None,
    ) -> Figure:
        """The change of a statistic from the round before, of all units or of a group."""
        if self.changes is None or self.before is None:
            return NO_FIGURE
        return self.changes.one(
            statistic, codes, period=(self.before, self.period), unit=unit or self.unit, k=self.k, indicator=indicator
        )

    def lead(self, codes: Mapping[str, str] | None = None, *, short: bool = False) -> Lead:
        """What comes first of all units, or of a group by the code of its domain: `mpi.claims.say` makes a text of it.

        Parameters
        ----------
        codes : mapping of str to str, optional
            As `{"departamento": "05"}`.
        short : bool
            For the title of a picture.
        """
        asked = {"period": self.period, "unit": self.unit, "k": self.k}
        return Lead(
            basis=self.basis,
            incidence=self.figures.one("H", codes, **asked),
            poor=self.figures.one("poor", codes, **asked),
            change=self.change("H", codes) if self.before else None,
            before=self.before or "",
            place=", ".join(self.name(domain, code) for domain, code in (codes or {}).items()),
            short=short,
        )

    def ranks(self, domain: str) -> RankRobustness:
        """How far the order of a domain's groups by M0 survives another cutoff."""
        return rank_robustness(self.publication.figures, domain=domain, period=self.period, unit=self.unit)

    def say(self, text: Sayable) -> str:
        """A text in the language of the edition."""
        return text.to(self.language)

    def titled(self, titles: Mapping[str, str], name: str = "") -> str:
        """A title in the language of the report."""
        return title_in(titles, self.language, name)

    def domain(self, name: str) -> str:
        """The title of a domain."""
        return self.publication.domain_title(name, self.language)

    def crossing(self, domains: tuple[str, ...]) -> str:
        """The title of one domain, or of several that are crossed."""
        return f" {TIMES} ".join(self.domain(name) for name in domains)

    def name(self, domain: str, code: str) -> str:
        """The name of a code."""
        return self.publication.name_of(domain, code, self.language)

    def names(self, domain: str, codes: Iterable[str]) -> dict[str, str]:
        """Names by code."""
        return {code: self.name(domain, code) for code in codes}

    def indicator(self, indicator: Indicator) -> str:
        """The title of an indicator."""
        return self.titled(indicator.title, indicator.name)

    def members(self, domain: str, groups: Mapping[str, Figure]) -> tuple[Member, ...]:
        """The groups of a domain as a claim takes them."""
        return tuple(Member(code, self.name(domain, code), one) for code, one in groups.items())


def changes_of(publication: Publication) -> Figures | None:
    """The changes of a publication, if there are some from the round before."""
    found = None if publication.changes is None else read(publication.changes)
    pair = tuple(one.period for one in publication.rounds[-2:])
    return found if found is not None and pair in found.met["period"] else None
