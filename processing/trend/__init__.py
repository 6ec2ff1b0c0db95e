"""Whether a series rises or falls, and how fast: arrays in, arrays out."""
