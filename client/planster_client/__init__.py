"""Planster Sync's API for programs: `Organisation(Transport(url, auth), id)` is where it begins."""

from planster_client.identity import Bearer, Renewing, SignedForIam, Token
from planster_client.integration import OneIntegration
from planster_client.organisation import Organisation
from planster_client.problems import ClientError, NotLoggedIn, Problem, Refused, Unreachable
from planster_client.transport import Patience, Transport

__all__ = [
    "Bearer",
    "ClientError",
    "NotLoggedIn",
    "OneIntegration",
    "Organisation",
    "Patience",
    "Problem",
    "Refused",
    "Renewing",
    "SignedForIam",
    "Token",
    "Transport",
    "Unreachable",
]
