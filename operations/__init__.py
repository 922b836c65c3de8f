"""What operators do to a deployed stack from a terminal, with their own AWS credentials; nothing of it is deployed."""
