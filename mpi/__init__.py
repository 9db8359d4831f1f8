"""Multidimensional poverty indices from survey and census microdata, by the Alkire-Foster method.

import mpi
measure = mpi.load_measure("colombia_ipm")
survey = mpi.load_survey("colombia_demo_2025")
profile = mpi.deprivation_profile(survey, measure, data="sample_data")
mpi.estimate(profile, measure, by="departamento").only("H").to_pandas()
"""

from __future__ import annotations

TYPE_CHECKING = False  # as that of `typing`, whose import takes longer than all else here

if TYPE_CHECKING:
    from mpi import plot as plot
    from mpi.analysis.analysing import analyse
    from mpi.analysis.decomposition import decompose_change
    from mpi.analysis.dominance import dominance
    from mpi.analysis.robustness import robustness
    from mpi.analysis.weight_draws import weight_draws
    from mpi.analysis.weight_orders import weight_orders
    from mpi.changes import CHANGES, Changes
    from mpi.choropleth import TableMap
    from mpi.choropleth.estimated import map_of
    from mpi.comparing import Comparison, compare
    from mpi.config import load_disclosure, load_measure, load_reliability, load_study, load_survey
    from mpi.config.short_measures import measure
    from mpi.errors import ConfigError, DataError, MpiError, MpiWarning, UsageError
    from mpi.estimates import STATISTICS, Covariance, Estimates
    from mpi.estimates.derived import Derived
    from mpi.following import Panel, follow, merge_panels, movements, update
    from mpi.listing.making import TargetList, target_list
    from mpi.pipeline.estimating import change, derive, estimate
    from mpi.pipeline.microdata import survey
    from mpi.pipeline.passing import deprivation_profile
    from mpi.pipeline.scoring import score
    from mpi.policies.cheapest import CheapestPlan, cheapest_plan
    from mpi.policies.costs import plan_costs
    from mpi.policies.parts import plan_parts
    from mpi.policies.supplying import SupplyDemand, supply_demand
    from mpi.policies.what_if import what_if
    from mpi.profile import DeprivationProfile, replication
    from mpi.profile import merge as merge_profiles
    from mpi.runs import run_study
    from mpi.runs.listing import write_list
    from mpi.runs.table_map import map_table
    from mpi.source.converting import convert
    from mpi.specs.measure import Cutoff, Measure
    from mpi.specs.microdata import Microdata
    from mpi.specs.study import Study
    from mpi.specs.survey import Survey
    from mpi.starting import Description, describe, export, init
    from mpi.targets.asking import progress
    from mpi.targets.table import Progress

    map = map_of

__version__ = "0.1.0"
_WHERE = {
    "analyse": "analysis.analysing", "decompose_change": "analysis.decomposition", "dominance": "analysis.dominance",
    "robustness": "analysis.robustness", "weight_draws": "analysis.weight_draws",
    "weight_orders": "analysis.weight_orders", "what_if": "policies.what_if",
    "plan_parts": "policies.parts", "plan_costs": "policies.costs", "cheapest_plan": "policies.cheapest",
    "CheapestPlan": "policies.cheapest",
    "change": "pipeline.estimating", "compare": "comparing", "Comparison": "comparing", "CHANGES": "changes",
    "Changes": "changes", "ConfigError": "errors", "convert": "source.converting",
    "Covariance": "estimates", "Cutoff": "specs.measure",
    "DataError": "errors", "derive": "pipeline.estimating", "Derived": "estimates.derived",
    "deprivation_profile": "pipeline.passing", "DeprivationProfile": "profile",
    "describe": "starting", "Description": "starting",
    "follow": "following", "merge_panels": "following", "movements": "following", "Panel": "following",
    "update": "following",
    "estimate": "pipeline.estimating", "Estimates": "estimates", "export": "starting", "init": "starting",
    "load_disclosure": "config",
    "load_measure": "config", "load_reliability": "config", "load_study": "config", "load_survey": "config",
    "map": "choropleth.estimated", "map_table": "runs.table_map",
    "Measure": "specs.measure", "measure": "config.short_measures", "measures": "config.cataloguing",
    "merge_profiles": "profile",
    "Microdata": "specs.microdata", "MpiError": "errors", "MpiWarning": "errors",
    "progress": "targets.asking", "Progress": "targets.table",
    "replication": "profile", "run_study": "runs", "score": "pipeline.scoring", "STATISTICS": "estimates",
    "Study": "specs.study", "Survey": "specs.survey", "survey": "pipeline.microdata",
    "TableMap": "choropleth", "TargetList": "listing.making", "target_list": "listing.making", "UsageError": "errors",
    "supply_demand": "policies.supplying", "SupplyDemand": "policies.supplying", "write_list": "runs.listing",
}  # fmt: skip
__all__ = [
    "CHANGES", "STATISTICS", "Changes", "CheapestPlan", "Comparison", "ConfigError", "Covariance", "Cutoff",
    "DataError", "DeprivationProfile", "Derived", "Description", "Estimates", "Measure", "Microdata", "MpiError",
    "MpiWarning", "Panel", "Progress", "Study", "SupplyDemand", "Survey", "TableMap", "TargetList", "UsageError",
    "analyse", "change", "cheapest_plan", "compare", "convert", "decompose_change", "deprivation_profile", "derive",
    "describe", "dominance", "estimate", "export", "follow", "init", "load_disclosure", "load_measure",
    "load_reliability", "load_study", "load_survey", "map_table", "measure", "measures", "merge_panels",
    "merge_profiles", "movements", "plan_costs", "plan_parts", "progress", "replication", "robustness",
    "run_study", "score", "supply_demand", "survey", "target_list", "update", "weight_draws", "weight_orders",
    "what_if", "write_list",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for, so that `import mpi` costs nothing."""
    from importlib import import_module

    if name == "plot":
        return import_module("mpi.plot")
    if name not in _WHERE:
        raise AttributeError(f"module 'mpi' has no attribute {name!r}")
    own = {"merge_profiles": "merge", "map": "map_of"}.get(name, name)
    found: object = getattr(import_module(f"mpi.{_WHERE[name]}"), own)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*_WHERE, "__version__", "plot"})
