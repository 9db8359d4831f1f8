"""What a map's page tells beyond the figures of the published period: the finding, tests, earlier periods, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.claims import say
from mpi.claims.ranking import FEWEST_DF
from mpi.disclosure.figures import read
from mpi.maps.interactive import Findings
from mpi.maps.layers import Layer, layers_of
from mpi.maps.page_layers import LayerChange, Period
from mpi.publication.edition import Edition, changes_of
from mpi.publication.model import DrawnMap, Publication
from mpi.runs.verdicts import goals_of

# A letter of the page for each verdict of a test; what is too uncertain to be tested cannot be told apart either.
LETTERS = {"higher": "h", "lower": "l", "equal": "e", "unsure": "?"}
CHANGED = ("H", "A", "M0")  # whose changes the page tells


def findings_of(publication: Publication, drawn: DrawnMap, layers: Sequence[Layer]) -> Findings:
    """What the page of a map tells beyond its figures.

    Parameters
    ----------
    publication : Publication
    drawn : DrawnMap
    layers : sequence of Layer
        Of the published period.
    """
    study, census = publication.study, publication.rounds[-1].census
    above = drawn.spec.upper.domain if drawn.spec.upper is not None else None
    # How many are poor and deprived is larger than all else together, and who compares rounds asks for shares.
    names = [layer.name for layer in layers if layer.indicator is None or layer.form != "number"]
    return Findings(
        headline={language: say(_edition(publication, language).lead(), language) for language in study.languages},
        earlier=tuple(period_of(publication, drawn, one.period, names) for one in publication.rounds[:-1]),
        changes=_changes(publication, drawn),
        verdicts=None if census else _verdicts(publication, drawn),
        firm="" if census else _firm(publication, drawn),
        census=census,
        goals=goals_of(publication, drawn),
        pages=f"areas/{drawn.spec.domain}" if "areas" in study.outputs else "",
        upper_map=f"map.{above}.html" if above in {spec.domain for spec in study.maps} else "",
    )


def _edition(publication: Publication, language: str) -> Edition:
    figures, changes = read(publication.figures), changes_of(publication)
    return Edition(publication=publication, language=language, figures=figures, changes=changes)


def period_of(publication: Publication, drawn: DrawnMap, period: str, names: Sequence[str] | None = None) -> Period:
    """The layers of a period, of the areas and of what they are compared with; of those names, if some are given."""
    spec, areas, figures = drawn.spec, drawn.areas, publication.figures
    above = spec.upper.domain if spec.upper is not None else None

    def made(domain: str | None, codes: Sequence[str]) -> tuple[Layer, ...]:
        found = layers_of(figures, domain, codes, unit=publication.study.units[0], period=period, classed=False)
        return tuple(one for one in found if names is None or one.name in names)

    return Period(
        name=period,
        layers=made(spec.domain, areas.codes),
        upper=made(above, areas.upper_codes) if above in figures.domains else (),
        total=made(None, ("",)),
    )


def _changes(publication: Publication, drawn: DrawnMap) -> dict[str, LayerChange]:
    """The changes of H, A and M0 of the areas from the round before, where the study has them."""
    study, domain = publication.study, drawn.spec.domain
    changes = changes_of(publication)
    if changes is None or (domain,) not in study.changes_by:
        return {}
    before, now = (one.period for one in publication.rounds[-2:])
    found = {}
    for statistic in CHANGED:
        own = changes.groups(statistic, (domain,), period=(before, now), unit=study.units[0], k=study.cutoffs[0].text)
        rows = [own.get((code,)) for code in drawn.areas.codes]
        if not any(row is not None and row.known for row in rows):
            continue
        found[statistic] = LayerChange(
            value=[None if row is None else row.value for row in rows],
            low=[None if row is None else row.low for row in rows],
            high=[None if row is None else row.high for row in rows],
            significant=[None if row is None else row.significant(study.level) for row in rows],
        )
    return found


def _verdicts(publication: Publication, drawn: DrawnMap) -> Mapping[str, str] | None:
    """How H of each area compares with that of its wholes, a letter each."""
    own = publication.comparisons.get(drawn.spec.domain)
    if not own:
        return None
    level = publication.study.level

    def letters(whole: str) -> str:
        compared = [own.get(code, {}).get(whole) for code in drawn.areas.codes]  # type: ignore[call-overload]
        return "".join("?" if one is None else LETTERS[one.verdict(level)] for one in compared)

    return {"layer": "H", "upper": letters("upper"), "total": letters("total")}


def _firm(publication: Publication, drawn: DrawnMap) -> str:
    """For each area whether it has enough degrees of freedom for a ranking."""
    study = publication.study
    asked = {"period": publication.period, "unit": study.units[0], "k": study.cutoffs[0].text}
    own = read(publication.figures).groups("H", (drawn.spec.domain,), **asked)
    df = [own[code,].df if (code,) in own else None for code in drawn.areas.codes]
    return "".join("0" if one is None or one < FEWEST_DF else "1" for one in df)
