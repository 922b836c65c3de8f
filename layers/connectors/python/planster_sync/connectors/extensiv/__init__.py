"""Extensiv 3PL Warehouse Manager (formerly 3PL Central)."""
