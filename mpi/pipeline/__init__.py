"""From files and rules to a profile, to one row a unit, and to estimates: the only package that knows the order."""
