"""AWS's JSON services over HTTP by hand: one signed POST for each operation, on kept connections, without boto3."""
