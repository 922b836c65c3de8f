"""The commands that need no API. They use the product itself; nothing else of the command line knows it."""
