"""The sync engine: single-threaded, deterministic, without I/O of its own.

Reading order: `task` (one message), `segment` (read, write, checkpoint), `settle` (deletion, end), `index` (what is
known of a stream); `dispatch`, `starting`, `sweep` (how runs begin and never get stuck); `nights` (when);
`conclusion` (judgement).
"""
