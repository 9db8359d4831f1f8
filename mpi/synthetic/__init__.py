"""Synthetic surveys and schematic boundaries: sample data without any real person or household.

Comes in: a seeded random generator. Goes out: a Colombian ECV in the shape of DANE's three IPM files, a
Uruguayan ECH in the shape of INE's, and tile maps to show them on. It knows nothing of the other modules.
"""

from mpi.synthetic.boundaries import colombia_departments, colombia_municipalities, uruguay_departments
from mpi.synthetic.colombia import ColombiaSample, colombia_survey
from mpi.synthetic.uruguay import UruguaySample, uruguay_survey

__all__ = [
    "ColombiaSample",
    "UruguaySample",
    "colombia_departments",
    "colombia_municipalities",
    "colombia_survey",
    "uruguay_departments",
    "uruguay_survey",
]
