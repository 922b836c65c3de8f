"""A session that goes on: a token that ends is exchanged for the next one, where its issuer gave the means to."""

from __future__ import annotations

from planster_cli.sessions import Sessions
from planster_cli.surroundings import Surroundings
from planster_cli.targets import Target
from planster_client.identity import Token
from planster_client.oidc import Issuer
from planster_client.problems import NotLoggedIn, Refused


def renewed(around: Surroundings, target: Target, ended: Token) -> Token:
    """The next token, which is kept in place of the one that has ended.

    Raises:
        NotLoggedIn: the issuer gives no other one; somebody has to log in.
        Unreachable: the issuer does not answer.
    """
    sessions = Sessions.of(around)
    newer = _newer(around, target, ended)
    if newer is not None:
        return newer
    if ended.refresh_token is None or not target.issuer or not target.client_id:
        raise NotLoggedIn(f"The session with {target.name} has ended.", "Run `planster login`.")
    try:
        token = Issuer.found_at(target.issuer, around.now).renewed(target.client_id, ended.refresh_token)
    except Refused as refused:
        newer = _newer(around, target, ended)  # issuers that rotate take a refresh token once
        if newer is not None:
            return newer
        raise NotLoggedIn(
            f"The session with {target.name} has ended, and the issuer does not renew it.", "Run `planster login`."
        ) from refused
    sessions.keep(target.name, token)
    return token


def _newer(around: Surroundings, target: Target, ended: Token) -> Token | None:
    """What another command has renewed a moment ago; None where it is no newer one, or has ended, too."""
    there = Sessions.of(around).find(target.name)
    if there is None or there.access_token == ended.access_token:
        return None
    return there if there.expires_at is None or there.expires_at > around.now() else None
