"""Qingchuan (晴川): a sensor service for the air and the water of a city."""

__version__ = "0.2.0"
