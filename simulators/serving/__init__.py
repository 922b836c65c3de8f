"""What simulators share over HTTP: server, faults, limits, token grants, control routes. Knows no vendor."""
