"""Ongoing WMS, Goods Owner REST API v1."""
