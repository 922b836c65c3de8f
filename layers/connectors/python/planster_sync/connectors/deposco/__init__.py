"""Deposco: a warehouse system with two APIs."""
