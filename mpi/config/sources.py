"""Every config file that stands behind what was loaded: none of them may be written over."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from mpi.config.examples import examples_beside
from mpi.config.locate import locate
from mpi.errors import ConfigError
from mpi.specs.measure import Measure
from mpi.specs.reliability import Reliability
from mpi.specs.survey import Survey

if TYPE_CHECKING:
    from mpi.specs.disclosure import Disclosure
    from mpi.specs.study import Study

Loaded: TypeAlias = "Measure | Survey | Disclosure | Reliability"


def sources_of(*loaded: Loaded | None) -> tuple[Path, ...]:
    """The files of what was loaded, of what it names and is `like`, and the worked examples, each once."""
    return tuple(dict.fromkeys(path for one in loaded if one is not None for path in _sources(one)))


def sources_of_study(study: Study) -> tuple[Path, ...]:
    """The same of a study: its own file, then those of what it names."""
    own = [file.path for file in study.files]
    if study.template is not None:
        own += [file.path for file in study.template.files]
        own += [one.path for one in study.template.assets.values()]
    own += [file.path for one in study.published for file in one.files]
    surveys = study.surveys if study.panel is None else (*study.surveys, *study.panel.surveys)
    beside = [part for one in study.other_countries for part in (one.measure, *one.surveys, one.reliability)]
    return tuple(
        dict.fromkeys(
            [*own, *sources_of(study.measure, *study.beside, *surveys, study.disclosure, study.reliability, *beside)]
        )
    )


def _sources(loaded: Loaded) -> Iterator[Path]:
    yield from (file.path for file in loaded.files)
    match loaded:
        case Measure():
            if (examples := examples_beside(loaded)) is not None:
                yield examples
        case Survey() if loaded.reliability:
            with contextlib.suppress(ConfigError):  # told of where the rules are asked for
                yield locate(loaded.reliability, "reliability")
