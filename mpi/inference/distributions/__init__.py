"""Quantiles and tails of Student's t, the beta and the F distribution, from one incomplete beta function.

They are written here rather than taken from scipy, as importing `scipy.special` costs 0.22 s of processor time, more
than the command line can spend at start-up; the tests hold them against scipy.
"""

from mpi.inference.distributions.quantiles import beta_quantile, inverse_logit, student_quantiles
from mpi.inference.distributions.tails import f_upper_tail, student_two_sided_p

__all__ = ["beta_quantile", "f_upper_tail", "inverse_logit", "student_quantiles", "student_two_sided_p"]
