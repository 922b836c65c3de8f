"""The issuer's addresses: discovery, keys, the page, and tokens for codes and for secrets."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from local_cloud.issuer import page
from local_cloud.issuer.asking import Authorize, ProtocolError, client_of, parameters
from local_cloud.issuer.codes import Codes, Grant
from local_cloud.issuer.people import PROGRAMS, SCOPES, Bearer
from local_cloud.issuer.tokens import LIFETIME_SECONDS, Mint
from simulators.serving.exchange import Answer, Request, told

FORM = "application/x-www-form-urlencoded"
UNSEEN = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
PAGE = {**UNSEEN, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"}
Endpoint = Callable[[Request], Answer]


class Endpoints:
    """Answers one request after the other; `secrets_of` are the machines' secrets, by client id."""

    def __init__(
        self, mint: Mint, codes: Codes, people: Mapping[str, Bearer], machines: Mapping[str, tuple[Bearer, str]]
    ) -> None:
        self._mint = mint
        self._codes = codes
        self._people = people
        self._machines = machines
        self._served: dict[str, dict[str, Endpoint]] = {
            "/.well-known/openid-configuration": {"GET": lambda _: told(self.discovery())},
            "/jwks.json": {"GET": lambda _: told(mint.key_set())},
            "/authorize": {"GET": self.authorize},
            "/token": {"POST": self.token},
        }

    def answer(self, request: Request) -> Answer:
        methods = self._served.get(request.path)
        if methods is None:
            return told({"error": "not_found"}, HTTPStatus.NOT_FOUND)
        endpoint = methods.get(request.method)
        if endpoint is None:
            allowed = {"Allow": ", ".join(methods)}
            return told({"error": "method_not_allowed"}, HTTPStatus.METHOD_NOT_ALLOWED, allowed)
        return endpoint(request)

    def discovery(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0, 3."""
        url = self._mint.url
        return {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/jwks.json",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "scopes_supported": ["openid", *SCOPES],
        }

    def authorize(self, request: Request) -> Answer:
        """Shows the page, or sends the browser back to the client with a code once somebody is chosen."""
        try:
            asked = Authorize.of(request)
        except ProtocolError as error:
            return Answer(HTTPStatus.BAD_REQUEST, page.refused(str(error)), PAGE, "text/html; charset=utf-8")
        try:
            asked.check()
        except ProtocolError as error:
            return self._back(asked, {"error": error.code, "error_description": str(error)})
        person = self._people.get(asked.given.get("person", ""))
        if person is None:
            shown = page.choice(self._people.values(), asked.given, asked.client)
            return Answer(HTTPStatus.OK, shown, PAGE, "text/html; charset=utf-8")
        scope, nonce = asked.given.get("scope"), asked.given.get("nonce")
        grant = Grant(person, asked.client, asked.redirect, asked.given["code_challenge"], scope, nonce)
        return self._back(asked, {"code": self._codes.issue(grant)})

    def token(self, request: Request) -> Answer:
        """RFC 6749, 4.1.3 and 4.4.2."""
        try:
            if request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
                raise ProtocolError("invalid_request", f"The body is {FORM}.")
            return self._granted(request, parameters(request.body.decode("ascii", "replace")))
        except ProtocolError as error:
            refused = {"error": error.code, "error_description": str(error)}
            if error.code != "invalid_client":
                return told(refused, HTTPStatus.BAD_REQUEST, UNSEEN)
            return told(refused, HTTPStatus.UNAUTHORIZED, {**UNSEEN, "WWW-Authenticate": "Basic"})

    def _granted(self, request: Request, form: dict[str, str]) -> Answer:
        match form.get("grant_type"):
            case "authorization_code":
                return self._for_code(form)
            case "client_credentials":
                return self._for_secret(*client_of(request, form), form.get("scope"))
            case _:
                raise ProtocolError("unsupported_grant_type", "grant_type is authorization_code or client_credentials.")

    def _for_code(self, form: dict[str, str]) -> Answer:
        code, client, redirect, verifier = (
            form.get(name, "") for name in ("code", "client_id", "redirect_uri", "code_verifier")
        )
        if client not in PROGRAMS:
            raise ProtocolError("invalid_client", "There is no such program.")
        grant = self._codes.redeem(code, client=client, redirect=redirect, verifier=verifier)
        if grant is None:
            raise ProtocolError("invalid_grant", "The code is used up, too old, or somebody else's.")
        wants_id = "openid" in (grant.scope or "").split()
        more = {"id_token": self._mint.id_token(grant.bearer, client, grant.nonce)} if wants_id else {}
        return self._told(grant.bearer, client, grant.scope, more)

    def _for_secret(self, client: str, secret: str, scope: str | None) -> Answer:
        machine, own = self._machines.get(client, (None, ""))
        if machine is None or not secrets.compare_digest(own.encode(), secret.encode()):
            raise ProtocolError("invalid_client", "There is no such machine, or its secret is another.")
        return self._told(machine, client, scope, {})

    def _told(self, bearer: Bearer, client: str, scope: str | None, more: dict[str, str]) -> Answer:
        granted = bearer.granted(scope)
        token = self._mint.access_token(bearer, granted, client)
        body = {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS}
        return told({**body, "scope": " ".join(granted), **more}, headers=UNSEEN)

    @staticmethod
    def _back(asked: Authorize, told_client: dict[str, str]) -> Answer:
        state = {"state": asked.given["state"]} if "state" in asked.given else {}
        joint = "&" if urlsplit(asked.redirect).query else "?"
        location = f"{asked.redirect}{joint}{urlencode({**told_client, **state})}"
        return Answer(HTTPStatus.FOUND, b"", {**UNSEEN, "Location": location}, "text/plain")
