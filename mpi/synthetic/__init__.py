"""Synthetic surveys: sample data without any real person or household.

Comes in: a seeded random generator. Goes out: a Colombian ECV in the shape of DANE's three IPM files, a
Uruguayan ECH in the shape of INE's with a tile map to show it on. It knows nothing of the other modules.
"""

from mpi.synthetic.boundaries import uruguay_departments
from mpi.synthetic.colombia import ColombiaSample, colombia_survey
from mpi.synthetic.uruguay import UruguaySample, uruguay_survey

__all__ = ["ColombiaSample", "UruguaySample", "colombia_survey", "uruguay_departments", "uruguay_survey"]
