"""One invented business, day by day: what every vendor's simulator shows a view of. Knows no vendor."""
