"""Tests of the differences of H between the groups of a domain that may be ranked, so that no order is said by eye.

Comes in: the estimates of the published round, and what disclosure control left of them. Goes out: p-values by pair of
codes; groups that are not shown have none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mpi.claims import rankable
from mpi.disclosure.figures import read
from mpi.disclosure.publishable import Publishable
from mpi.estimates import Estimates
from mpi.publication.model import Tests
from mpi.specs.study import Study

MOST = 150  # groups, all pairs of which are compared


def tests_of(study: Study, estimates: Estimates, shown: Publishable, period: str) -> Mapping[str, Tests]:
    """By domain, the p-values of the differences of H between all pairs of its groups that may be ranked.

    They are of the first unit at the first cutoff, corrected for the number of pairs (Holm). A domain with more than
    150 such groups, or with fewer than two, has none; so has a census.

    Parameters
    ----------
    study : Study
    estimates : Estimates
        Of the published round and the first unit.
    shown : Publishable
        The same after disclosure control.
    period : str
    """
    if estimates.basis.profile.sample.census:
        return {}
    unit, k = study.units[0], study.cutoffs[0].text
    found = {}
    for (domain,) in (names for names in study.sets if len(names) == 1):
        own = read(shown).groups("H", (domain,), period=period, unit=unit, k=k)
        codes = [code for (code,), figure in own.items() if rankable(figure, census=False)]
        if 1 < len(codes) <= MOST:
            found[domain] = _of_domain(estimates, domain, codes, k)
    return found


def _of_domain(estimates: Estimates, domain: str, codes: list[str], k: str) -> Tests:
    others: dict[str, str | None] = {name: None for name in estimates.domains if name != domain}
    rows = estimates.only("H", k=k, **others)
    chosen = [place for place, row in enumerate(rows.rows()) if row[domain] in set(codes)]
    table = rows.take(np.array(chosen, np.int64)).covariance().differences(adjust="holm")
    ends = zip(table[domain].to_pylist(), table[f"{domain}_other"].to_pylist(), strict=True)
    tested = zip(ends, table["p_adjusted"].to_pylist(), strict=True)
    return {frozenset(pair): p for pair, p in tested if p is not None}
