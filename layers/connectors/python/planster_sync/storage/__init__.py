"""The store ports on DynamoDB and S3. Knows no vendor; `keys.py` alone knows how the tables are laid out."""
