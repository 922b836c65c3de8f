"""The platform ports on AWS: queues, secrets, events, log, metrics, time and the environment's settings."""
