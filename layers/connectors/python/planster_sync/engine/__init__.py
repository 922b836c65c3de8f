"""The sync engine: single-threaded, deterministic, without I/O of its own.

Reading order: `task` (one message), `working` (its segment and what follows), `segment` (read, checkpoint), `intake`
(what becomes of a record), `batch` (order of writes), `settle` (deletion, end), `index` (what is known of a stream);
`dispatch`, `starting`, `sweep` (how runs begin and never get stuck); `nights` (when); `conclusion` (judgement).
"""
