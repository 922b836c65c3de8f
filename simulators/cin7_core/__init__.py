"""Cin7 Core's (formerly DEAR Inventory's) API v2, locally, from the vendor's blueprint and what customers found."""
