"""What is wrong on this side of the network: with the command line, a file, or a setting."""

from __future__ import annotations

from planster_client.problems import ClientError


class Misused(ClientError):
    """Nothing was sent."""

    code = "usage"
