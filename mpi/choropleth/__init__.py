"""Maps of any table of figures by area, without microdata.

Comes in: a table with a column of codes and columns of numbers, and boundaries. Goes out: the interactive page and the
pictures that a study's map has, without a measure: no cutoff, no official figure, and no verdict of a test.
"""

from mpi.choropleth.making import make_map
from mpi.choropleth.table_map import TableMap

__all__ = ["TableMap", "make_map"]
