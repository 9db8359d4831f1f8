"""Areas of a map: polygons of one projection in the order of their codes, with names and the areas that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Inset:
    """Areas in a frame of their own.

    Attributes
    ----------
    title : mapping of str to str
    members : int64, shape (m,)
        Places of the areas.
    """

    title: Mapping[str, str]
    members: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Areas:
    """The n areas of a map, ascending by code, each once.

    Attributes
    ----------
    domain : str
        The domain of the figures whose codes these are.
    codes, names : tuple of str, length n
    shapes : object, shape (n,)
        shapely polygons or multipolygons in `crs`, valid, y upwards.
    crs : str
        `EPSG:...` or a PROJ text.
    metres : bool
        Whether the units of the projection are metres.
    upper : int64, shape (n,)
        Place of the upper area of each; -1 where there is none.
    upper_codes, upper_names : tuple of str, length u
    upper_shapes : object, shape (u,)
        Unions of their areas: the borders coincide.
    insets : tuple of Inset
    capitals : frozenset of str
        Codes of areas whose names go before others.
    vintage, source, licence : mapping of str to str
        Of the boundaries, by language.
    """

    domain: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: NDArray[np.object_]
    crs: str
    metres: bool
    upper: NDArray[np.int64]
    upper_codes: tuple[str, ...] = ()
    upper_names: tuple[str, ...] = ()
    upper_shapes: NDArray[np.object_] | None = None
    insets: tuple[Inset, ...] = ()
    capitals: frozenset[str] = frozenset()
    vintage: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    licence: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)
