"""Cin7 Core (formerly DEAR Inventory)."""
