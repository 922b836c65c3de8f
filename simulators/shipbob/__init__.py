"""ShipBob's Developer API, simulated."""
