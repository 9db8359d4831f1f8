"""The areas of a map with the figures that it shows, as a frame of geopandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mpi.errors import Fault, UsageError, installing
from mpi.language import phrase
from mpi.maps.areas import Areas
from mpi.maps.layers import Layer

if TYPE_CHECKING:
    import geopandas as gpd


def geodataframe_of(areas: Areas, layers: Sequence[Layer]) -> gpd.GeoDataFrame:
    """See `TableMap.to_geopandas`."""
    try:
        import geopandas
    except ImportError:
        text = phrase("the frame needs geopandas")
        raise UsageError(Fault("MPI-O012", None, text, installing("frames"))) from None
    columns: dict[str, object] = {"code": list(areas.codes), "name": list(areas.names)}
    for layer in layers:
        parts = {"": layer.estimate, "_low": layer.ci_low, "_high": layer.ci_high}
        columns |= {f"{layer.name}{part}": values[0] for part, values in parts.items()}
    return geopandas.GeoDataFrame(columns, geometry=list(areas.shapes), crs=areas.crs)
