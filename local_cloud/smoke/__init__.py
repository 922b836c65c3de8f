"""`make smoke STACK=…`: one stack of its own in a real account (or on the local cloud), tried, and deleted again.

Reading order: `__main__` (what it costs, and the order of things), `place` (where), `stacks` (deploys and deletes),
`source` (the simulated vendor as a function), `trial` (the integration, the killed workers, the dead letters).
"""
