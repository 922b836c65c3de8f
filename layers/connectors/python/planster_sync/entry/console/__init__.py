"""The console: pages for planners, served by the API's function. Loaded only where a page is asked for."""
