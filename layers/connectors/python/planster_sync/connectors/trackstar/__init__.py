"""Trackstar: one API over many warehouse systems."""
