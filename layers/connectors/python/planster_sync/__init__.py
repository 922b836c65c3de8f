"""Planster Sync: brings Planster's copy of a warehouse's data up to date, once a night and on demand.

Rooms, each importing only from those below it:
`entry` > `engine | connectors | storage | aws` > `http | mapping` > `ports` > `model` > `errors`.
"""
