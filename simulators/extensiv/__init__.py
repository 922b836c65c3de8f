"""Extensiv 3PL Warehouse Manager (formerly 3PL Central) over real HTTP, from invented data."""
