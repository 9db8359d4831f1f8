"""An invented census and its measure, for benchmarks at the size of a country."""
