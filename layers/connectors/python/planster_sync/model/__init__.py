"""What is stored and what is said of it: unified records, runs, tasks, streams, integrations."""
