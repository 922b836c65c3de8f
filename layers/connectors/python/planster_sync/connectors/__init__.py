"""One folder per vendor. Vendors do not know each other; `registry` loads them by name at run time."""
