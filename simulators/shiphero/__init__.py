"""ShipHero, locally: one GraphQL endpoint with credits, and token grants. Written from the vendor's documentation."""
