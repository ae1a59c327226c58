"""Measures of quality against labelled samples, each printed as one table by one command."""
