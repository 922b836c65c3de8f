"""What the engine is given from outside, as protocols: sources, stores, queues, time and identity."""
