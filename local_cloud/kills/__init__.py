"""Real processes killed at chosen points: `python -m local_cloud.kills`; docs/kills.md has what it printed."""
