"""Deposco's two APIs over real HTTP: stock by the first one, everything else by the second."""
