"""The manual sync API behind one function.

Reading order: `app` (routes), `integrations`, `runs`, `records` and `writes` (what they answer), `status` and
`progress` (judgement), `problems` (every error), `gate` (what each request passes first), `caller`, `quotas`,
`routing` and `cursors` (the way in).
"""
