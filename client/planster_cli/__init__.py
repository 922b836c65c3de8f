"""The `planster` command: for people a picture, for scripts JSON and an exit code."""
