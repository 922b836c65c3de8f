"""Where AWS hands over: wiring once per environment, and the bodies of dispatcher, worker and API."""
