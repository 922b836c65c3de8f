"""The pages of signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.console import cookies
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.forms import Form, prove_own
from planster_sync.entry.console.login import Login
from planster_sync.entry.console.navigation import place
from planster_sync.errors import SettingsInvalid

SIGNED_OUT = place("signed-out")


@dataclass(frozen=True, slots=True)
class LoginPages:
    """`login` makes the way in when it is first needed; None where the deployment has none."""

    desk: Desk
    login: Callable[[], Login | None]

    def sign_in(self) -> Response[str]:
        return self._way_in().sign_in(self.desk.app.current_event.raw_event)

    def callback(self) -> Response[str]:
        return self._way_in().callback(self.desk.app.current_event.raw_event)

    def log_out(self) -> Response[str]:
        """Ends the session for good; whoever has none is signed out already."""
        event, login = self.desk.app.current_event.raw_event, self._way_in()
        if self.desk.seen is not None:
            prove_own(event, Form.of(self.desk.app), self.desk.seen.form_token)
        answer = self.desk.go(SIGNED_OUT)
        answer.cookies = [login.visitors.end(event)] if self.desk.seen else [cookies.taken_away(cookies.SESSION)]
        return answer

    def signed_out(self) -> Response[str]:
        return self.desk.show("signed_out.html")

    def _way_in(self) -> Login:
        login = self.login()
        if login is None:
            raise SettingsInvalid(
                "Nobody can sign in here: this deployment names no issuer of tokens.",
                remedy="Whoever runs it sets JwtIssuer and ConsoleClientId; docs/configuration.md explains both.",
            )
        return login
