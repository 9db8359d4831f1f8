"""Statistical inference on plain arrays: variances, distributions, intervals, tests of many hypotheses."""
