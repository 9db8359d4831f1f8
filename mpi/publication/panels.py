"""The panel that a study follows: its files, its editions joined, and its tables, protected together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from mpi.disclosure.publishable import Publishable
from mpi.estimates.derived import Derived
from mpi.following.following import How, followed, readied
from mpi.following.panel import Panel
from mpi.following.protecting import protect_movements
from mpi.following.tables import movements
from mpi.language import phrase
from mpi.pipeline.passing import running_with
from mpi.source import Running, files_of
from mpi.specs.panels import PanelSpec
from mpi.specs.study import Study
from mpi.specs.survey import Survey
from mpi.vocabulary.options import MovementTable

Say = Callable[[str], None]


def every_survey(study: Study) -> tuple[Survey, ...]:
    """The rounds of a study, the editions that it follows, and those of its other countries, each once."""
    followed_ones = () if study.panel is None else study.panel.surveys
    countries = [survey for one in study.other_countries for survey in one.surveys]
    return tuple({one.name: one for one in (*study.surveys, *followed_ones, *countries)}.values())


def files_of_panel(study: Study, data: Path) -> tuple[Path, ...]:
    """The files of the editions, without opening them."""
    if study.panel is None:
        return ()
    return tuple(path for survey in study.panel.surveys for path in files_of(survey, data))


def how_of(spec: PanelSpec) -> How:
    """How the units of a study's panel are followed."""
    return How(
        link=spec.link,
        key=spec.key,
        member=spec.member,
        head=spec.head,
        weights=spec.weights,
        domains=spec.domains,
        domains_of=spec.domains_of,
    )


def check_panel(study: Study, data: Path) -> None:
    """Refuse a panel that cannot be read, before its rows are.

    Raises
    ------
    UsageError, ConfigError, DataError
    """
    if study.panel is not None:
        readied(study.panel.surveys, study.measure, [data] * len(study.panel.surveys), how_of(study.panel))


def read_panel(
    study: Study,
    data: Path,
    say: Say = lambda _: None,
    running: Running | None = None,
    queries: list[Mapping[str, object]] | None = None,
) -> Panel | None:
    """The panel of a study; None where it follows none.

    Parameters
    ----------
    study : Study
    data : Path
        Folder of the files of all surveys.
    say, running, queries
        As for `read_rounds`.

    Raises
    ------
    UsageError, ConfigError, DataError
        As `mpi.follow`.
    """
    spec = study.panel
    if spec is None:
        return None
    say(phrase("following {editions}", editions=" - ".join(spec.periods)))
    ready = readied(spec.surveys, study.measure, [data] * len(spec.surveys), how_of(spec))
    if queries is not None:
        queries += [{"survey": one.opened.survey.name, **asdict(own)} for one in ready[0] for own in one.opened.asked]
    return followed(ready, study.measure, how_of(spec), running or running_with(None, None, None))


def movements_of(study: Study, panel: Panel, parts: Sequence[Publishable]) -> dict[str, Publishable]:
    """The tables of a study's panel by name, protected together.

    Parameters
    ----------
    study : Study
    panel : Panel
    parts : sequence of Publishable
        The tables of all rounds, after disclosure control.
    """
    spec = study.panel
    if spec is None:
        return {}
    made: dict[str, list[Derived]] = {table: _spans(study, spec, panel, table) for table in spec.tables}
    own = {one.name for one in spec.surveys}
    beside = [part for part in parts if own & set(part.table["survey"].unique().to_pylist())]
    return protect_movements(panel, study.measure, made, study.disclosure, beside)


def _spans(study: Study, spec: PanelSpec, panel: Panel, table: MovementTable) -> list[Derived]:
    """A table between the first edition and the last, then from each to the next."""
    return [
        movements(
            panel,
            study.measure,
            table,
            by=list(spec.by),
            k=None if table == "transitions" else list(study.cutoffs),
            tau=list(spec.tau) or None if table == "chronic" else None,
            between=None if table == "chronic" else span,
            level=study.level,
            df=study.df,
            variance=study.variance,
            adjust=study.adjust,
            reliability=study.reliability or "none",
        )
        for span in (spec.spans if table != "chronic" else spec.spans[:1])
    ]
