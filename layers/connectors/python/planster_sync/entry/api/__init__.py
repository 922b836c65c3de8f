"""The manual sync API behind one function.

Reading order: `app` (routes), `integrations`, `runs`, `records` and `writes` (what they answer), `status` and
`progress` (judgement), `problems` (every error), `routing`, `caller` and `cursors` (the way in).
"""
