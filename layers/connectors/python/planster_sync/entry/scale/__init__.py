"""What breaks first as integrations become more: a simulated night beside AWS's published limits.

Reading order: `limits` (limits.toml, dated), `night` (the simulation), `demand` (what is used of each limit), `report`.
"""
