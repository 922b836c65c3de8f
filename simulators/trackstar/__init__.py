"""A local stand-in for Trackstar's WMS API, for tests, benchmarks and the local cloud."""
