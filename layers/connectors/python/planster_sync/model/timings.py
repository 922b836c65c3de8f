"""All waiting times of the system, with the ratios between them that the promises rest on."""

from __future__ import annotations

from dataclasses import dataclass

from planster_sync.errors import SettingsInvalid


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds. Defaults are production's; tests run the same ratios at a fraction of them.

    Sources: Lambda asks for a queue visibility of six function timeouts (AWS: using Lambda with SQS); SQS delays a
    message by 900 s at most (AWS: SQS message timers).
    """

    function_timeout: float = 300
    slice: float = 240
    http_timeout: float = 30
    clock_skew: float = 60
    lease: float = 400
    visibility: float = 1800
    claim: float = 1800
    checkpoint_every: float = 5
    short_wait: float = 20
    retry_wait: float = 60
    max_delay: float = 900
    unsent: float = 120
    max_run: float = 72000
    max_hops: int = 200
    max_stalls: int = 20
    max_attempts: int = 5

    def __post_init__(self) -> None:
        needs = {
            "slice + http_timeout <= function_timeout": self.slice + self.http_timeout <= self.function_timeout,
            "lease > function_timeout + http_timeout + clock_skew": self.lease
            >= self.function_timeout + self.http_timeout + self.clock_skew,
            "visibility >= 6 * function_timeout": self.visibility >= 6 * self.function_timeout,
            "visibility > lease": self.visibility > self.lease,
            "claim >= lease": self.claim >= self.lease,
            "max_delay <= 900": self.max_delay <= 900,
            "short_wait < slice": self.short_wait < self.slice,
        }
        broken = [rule for rule, holds in needs.items() if not holds]
        if broken:
            raise SettingsInvalid(
                f"The configured times break: {'; '.join(broken)}.",
                remedy="Correct the timing parameters of the template; docs/configuration.md explains each.",
            )
