"""Copying the observations of one store into another, empty one: rows, what they superseded, and the bookkeeping."""
