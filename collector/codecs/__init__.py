"""Codecs: each turns what arrived under a topic into observations. One module a format."""
