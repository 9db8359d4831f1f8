"""Sets of options, the table of statistics, and how figures and columns are called and written."""
