"""The mathematics and the standards: arrays in, arrays out; no clock, no I/O but its own tables."""
