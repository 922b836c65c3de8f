"""ShipBob: a fulfilment network's Developer API."""
