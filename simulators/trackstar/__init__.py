"""A local stand-in for Trackstar's WMS API, for tests and the local cloud."""
