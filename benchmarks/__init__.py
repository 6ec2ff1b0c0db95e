"""Benchmarks: what is promised about speed and size, measured. ``make bench``, or ``make bench ONLY=name``."""
