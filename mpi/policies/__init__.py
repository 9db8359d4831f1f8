"""What programmes would change: actions on deprivations, their costs, the cheapest plan. Accounting, not impact."""
