"""Targets: how far figures are from what they are to reach, whether they are on the way, and how sure that is.

Comes in: profiles of rounds, and a table of targets. Goes out: one row a target and group, with tested verdicts.
"""
