"""ShipHero: warehouse software for brands and 3PLs."""
