"""The cube: a copy of the hours and days of an observation store, as memory-mapped arrays, for long periods."""
