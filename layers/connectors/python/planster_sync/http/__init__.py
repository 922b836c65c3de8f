"""The one HTTP client of all connectors: bounded in time, size and retries, and closed to inner networks."""
