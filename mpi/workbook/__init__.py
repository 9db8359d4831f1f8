"""The workbook of a publication, the statistical annex: one sheet a table, order and names fixed by a schema."""

from mpi.workbook.making import write_workbook

__all__ = ["write_workbook"]
