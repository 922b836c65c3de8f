"""What the service costs on AWS in a month, from a profile, measured usage and published prices, each a dated file.

Reading order: `facts` (the three files), `usage` (what is used), `bill` (what it costs), `report` (how it is told).
"""
