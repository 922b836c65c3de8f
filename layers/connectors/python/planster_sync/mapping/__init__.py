"""Tools for mappers: cut a page into records, read a field by path, and turn a vendor's value into ours.

`pages` cuts, `fields` reads, and `instants`, `numbers`, `words` and `measures` each turn one kind of value. All of
them are pure; whatever does not fit raises `RecordInvalid` with the field's path and never its value.
"""
