"""Benchmarks that print ratios; see ``make bench``."""
