"""A study: everything that defines one publication, as in its file. Only specs; `mpi.config` reads them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mpi.errors import Place
from mpi.files.digests import ConfigFile
from mpi.rules import Rule
from mpi.specs.analyses import AnalysisSpec, DerivedSpec
from mpi.specs.countries import CountrySpec
from mpi.specs.crosswalks import Crosswalk
from mpi.specs.disclosure import Disclosure
from mpi.specs.measure import Cutoff, Measure
from mpi.specs.panels import PanelSpec
from mpi.specs.plans import PlanSpec
from mpi.specs.published import Published
from mpi.specs.reliability import Reliability
from mpi.specs.survey import Survey
from mpi.specs.targets import Target
from mpi.specs.template import Template
from mpi.vocabulary.options import (
    RESULT_FORMATS,
    USUAL_MAP_FORMATS,
    Adjust,
    DegreesOfFreedom,
    MapFormat,
    Output,
    ResultFormat,
    Rounds,
    Scheme,
    Status,
    Titles,
    Unit,
    Unmatched,
    Variance,
)
from mpi.vocabulary.wording import Language

COUNTRY_DOMAIN = "country"  # of figures of several countries, and of their map


@dataclass(frozen=True, slots=True)
class AreaCode:
    """The columns with the code of an area in a boundary file.

    Attributes
    ----------
    columns : tuple of str
        One column, or several whose texts follow one another.
    widths : tuple of int
        Of several columns the digits of each, filled with zeros; empty for one column.
    width : int or None
        Characters of a whole code.
    pad : bool
        Shorter codes of one column get leading zeros, and are counted.
    """

    columns: tuple[str, ...]
    widths: tuple[int, ...] = ()
    width: int | None = None
    pad: bool = False

    @property
    def what(self) -> str:
        """The columns, as messages call them."""
        return ", ".join(self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryFile:
    """The file of the polygons, and the meaning of its columns.

    Attributes
    ----------
    path : str
        Below the data folder, or absolute.
    layer : str or None
        Of a file with several.
    code : AreaCode
        Of a code of another width nothing is drawn; where a figure has no polygon, such codes are faults.
    name : str or None
        Column of the name.
    crs : str or None
        If the file does not state it, or states it wrongly.
    vintage, source, licence : mapping of str to str
        For the source line, by language.
    merge : bool
        Rows of one code are parts of one area, also without a name to compare.
    only : Rule or None
        Which rows are read, as a condition on the file's columns.
    crosswalk : Crosswalk or None
        What the codes become; areas that come to have one code are put together.
    """

    path: str
    code: AreaCode
    layer: str | None = None
    name: str | None = None
    crs: str | None = None
    vintage: Titles = field(default_factory=dict)
    source: Titles = field(default_factory=dict)
    licence: Titles = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False)
    merge: bool = False
    only: Rule | None = None
    crosswalk: Crosswalk | None = None


@dataclass(frozen=True, slots=True)
class Upper:
    """The areas that contain the areas of a map: their borders are drawn on top.

    Attributes
    ----------
    code : AreaCode
        The code of the upper area in the boundary file.
    name : str or None
        Column with its name.
    domain : str or None
        The domain of the survey that holds these codes, if there is one.
    """

    code: AreaCode
    name: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class InsetSpec:
    """Areas that are drawn in a separate frame, such as distant islands."""

    title: Titles
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSpec:
    """One map: a domain, its polygons, and how they are drawn.

    Attributes
    ----------
    projection : str or None
        Such as `EPSG:9377`; that of the file if left out (a projection in metres is needed for a scale bar).
    tolerance : float or None
        Of the simplification, in units of the projection; None: as is.
    scheme, classes : str, int
        How classes are made, and their number.
    breaks : mapping of str to tuple of float
        Fixed breaks by statistic, in percent for shares.
    insets : tuple of InsetSpec
    capitals : tuple of str
        Codes whose names go first on the interactive map; `*` stands for any characters.
    unmatched : {"refuse", "allow"}
        Whether codes of the results without a polygon stop the run.
    live : bool
        Whether the interactive map recomputes figures, where the disclosure rules allow it.
    formats : tuple of {"gpkg", "parquet", "csv", "geojson"}
        Of the map data.
    """

    domain: str
    boundaries: BoundaryFile
    upper: Upper | None = None
    projection: str | None = None
    tolerance: float | None = None
    scheme: Scheme = "fixed"
    classes: int = 5
    breaks: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    insets: tuple[InsetSpec, ...] = ()
    capitals: tuple[str, ...] = ()
    unmatched: Unmatched = "refuse"
    live: bool = True
    formats: tuple[MapFormat, ...] = USUAL_MAP_FORMATS


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFile:
    """Boundaries for tables of figures, from a file of their own.

    Attributes
    ----------
    spec : MapSpec
    folder : Path
        Where the path of the boundaries starts.
    area, upper_area : mapping of str to str
        What an area is called (Municipality), and the area that holds it; by language.
    files : tuple of ConfigFile
        Those that were read.
    """

    spec: MapSpec
    folder: Path
    area: Titles = field(default_factory=dict)
    upper_area: Titles = field(default_factory=dict)
    files: tuple[ConfigFile, ...] = ()


@dataclass(frozen=True, slots=True)
class SdgDomain:
    """A domain of a study that is a dimension of the global SDG data: its codes, and those that they are there."""

    domain: str
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sdg:
    """How a study reports indicator 1.2.2 of the Sustainable Development Goals.

    Attributes
    ----------
    area : str
        The country, by its number in M49 of the United Nations.
    dimensions : mapping of str to SdgDomain
        By `SEX`, `AGE`, `URBANISATION`, those that the study has.
    """

    area: str
    dimensions: Mapping[str, SdgDomain]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A publication: its texts, its inputs and its outputs.

    Attributes
    ----------
    total : mapping of str to str
        What all domains together are called, such as the name of the country.
    released : date
        The date on its documents.
    data : Path or None
        Folder of the surveys' files, as written in the study.
    surveys : tuple of Survey
        Rounds, in the order of the file; the latest in time is the one that is published.
    by, changes_by : tuple of tuple of str
        Domains, and crossings of domains: of the figures, and of the changes between rounds.
    cutoffs : tuple of Cutoff
        The first is the measure's own first one, which documents lead with.
    rounds : str or None
        How the samples of the rounds are related, if their files do not declare it.
    reliability : Reliability or None
        That of the last survey if the study names none: one for all rounds, so that they are judged alike.
    labels : mapping of str to mapping of str to titles
        Names of codes, by domain.
    result_formats : tuple of {"parquet", "csv"}
        Of the tidy tables.
    official : mapping of str to str
        The act that makes the figures at the measure's own cutoff the official ones, such as a law or a decree; empty
        where there is none: then nothing is called official.
    targets : tuple of Target
        What its figures are to reach, as the file lists them.
    target_table : str
        A table of targets below the folder of the data, instead; empty: none.
    template : Template or None
        The look and the texts of an office in place of the house's.
    agency : str
        The office as SDMX names it; empty: as the study.
    sdg : Sdg or None
        How the study's domains are those of the Sustainable Development Goals.
    profiles : mapping of str to str
        By the name of a survey the file of its profile, below the folder of the data, which is read instead of its own.
    analyses : tuple of AnalysisSpec
        Of the last round and the first unit, each once; a decomposition of the last two rounds.
    derive : tuple of DerivedSpec
        Figures of the last round and the first unit, by all of `by`.
    plans : tuple of PlanSpec
        What programmes would change in the last round, each name once.
    measures : tuple of Measure
        Others whose figures it shows beside those of its own; all rounds are judged by them.
    published : tuple of Published
        Series that were published, which its own estimates are shown beside.
    panel : PanelSpec or None
        The register or panel whose units are followed from edition to edition.
    countries : tuple of CountrySpec
        Those that stand side by side, its own among them; empty: it is of one country.
    country_map : MapSpec or None
        The boundaries of the countries.
    """

    name: str
    title: Titles
    publisher: Titles
    universe: Titles
    total: Titles
    note: Titles
    edition: str
    status: Status
    released: datetime.date
    citation: Titles
    licence: str
    measure: Measure
    surveys: tuple[Survey, ...]
    data: Path | None
    by: tuple[tuple[str, ...], ...]
    changes_by: tuple[tuple[str, ...], ...]
    cutoffs: tuple[Cutoff, ...]
    units: tuple[Unit, ...]
    level: float
    variance: Variance
    df: DegreesOfFreedom
    rounds: Rounds | None
    harmonised: bool
    adjust: Adjust
    reliability: Reliability | None
    disclosure: Disclosure
    languages: tuple[Language, ...]
    labels: Mapping[str, Mapping[str, Titles]]
    maps: tuple[MapSpec, ...]
    outputs: tuple[Output, ...]
    result_formats: tuple[ResultFormat, ...] = RESULT_FORMATS
    official: Titles = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    target_table: str = ""
    template: Template | None = None
    agency: str = ""
    sdg: Sdg | None = None
    profiles: Mapping[str, str] = field(default_factory=dict)
    analyses: tuple[AnalysisSpec, ...] = ()
    derive: tuple[DerivedSpec, ...] = ()
    plans: tuple[PlanSpec, ...] = ()
    measures: tuple[Measure, ...] = ()
    published: tuple[Published, ...] = ()
    panel: PanelSpec | None = None
    countries: tuple[CountrySpec, ...] = ()
    country_map: MapSpec | None = None
    place: Place | None = field(default=None, compare=False)
    files: tuple[ConfigFile, ...] = field(default=(), compare=False, repr=False)

    def __repr__(self) -> str:
        rounds = ", ".join(f"{one.name} ({one.period})" for one in self.surveys)
        return (
            f"Study({self.name!r}: {self.measure.name} in {rounds}; domains: {', '.join(self.domains) or 'none'}; "
            f"outputs: {', '.join(self.outputs)})"
        )

    @property
    def domains(self) -> tuple[str, ...]:
        """Every domain that a table or a map needs, each once."""
        return tuple(dict.fromkeys(name for names in self.sets for name in names))

    @property
    def beside(self) -> tuple[Measure, ...]:
        """The measures that judge the units of the last round beside its own, each once."""
        named = [*self.measures, *(one for own in self.analyses for one in own.others)]
        return tuple({one.name: one for one in named}.values())

    @property
    def other_countries(self) -> tuple[CountrySpec, ...]:
        """The countries beside its own."""
        return tuple(one for one in self.countries if not one.own)

    @property
    def every_map(self) -> tuple[MapSpec, ...]:
        """The maps of domains, and that of the countries."""
        return self.maps if self.country_map is None else (*self.maps, self.country_map)

    @property
    def sets(self) -> tuple[tuple[str, ...], ...]:
        """The crossings of the figures, those of the maps and of the changes among them, each once."""
        asked = (*self.by, *((one.domain,) for one in self.maps), *self.changes_by)
        first: dict[frozenset[str], tuple[str, ...]] = {}
        for names in asked:
            first.setdefault(frozenset(names), names)
        return tuple(first.values())
