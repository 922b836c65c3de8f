"""Where a service is and with whose credentials it is asked, from the environment, by boto3's names and rules."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from planster_sync.errors import SettingsInvalid
from planster_sync.ports.platform import Clock
from planster_sync.wire.bucket import HttpBucket
from planster_sync.wire.connections import Connections
from planster_sync.wire.posting import HttpEndpoint
from planster_sync.wire.signing import DYNAMODB, Credentials, Service, Signer


def endpoint_from(
    environment: Mapping[str, str], clock: Clock, service: Service = DYNAMODB, region: str | None = None
) -> HttpEndpoint:
    """AWS_ENDPOINT_URL_<SERVICE> or AWS_ENDPOINT_URL where set, else the region's own, its certificate verified.

    Raises:
        SettingsInvalid: there is no region, or there are no credentials.
    """
    region = region or _region(environment)
    url = _set_address(environment, service.variable) or f"https://{service.name}.{region}.{_domain(region)}"
    connections, signer = _way(environment, clock, url, service.name, region)
    return HttpEndpoint(service, connections, signer, clock)


def bucket_from(environment: Mapping[str, str], clock: Clock, name: str) -> HttpBucket:
    """As `endpoint_from`. AWS has a host for each bucket; whatever else speaks S3 has it in the path."""
    region = _region(environment)
    there = _set_address(environment, "S3")
    connections, signer = _way(
        environment, clock, there or f"https://{name}.s3.{region}.{_domain(region)}", "s3", region
    )
    return HttpBucket(f"/{name}" if there else "", connections, signer, clock)


def _way(
    environment: Mapping[str, str], clock: Clock, url: str, service: str, region: str
) -> tuple[Connections, Signer]:
    tls = _tls(environment.get("AWS_CA_BUNDLE")) if url.startswith("https:") else None
    connections = Connections(url, clock, tls)
    return connections, Signer(service, _credentials(environment), region, connections.host)


def _set_address(environment: Mapping[str, str], service: str) -> str:
    return (environment.get(f"AWS_ENDPOINT_URL_{service}") or environment.get("AWS_ENDPOINT_URL") or "").rstrip("/")


def _region(environment: Mapping[str, str]) -> str:
    return environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or _configured_region()


@cache
def _tls(authorities: str | None) -> ssl.SSLContext:
    """One for all services: reading the authorities' certificates takes longer than signing a thousand requests."""
    return ssl.create_default_context(cafile=authorities or None)


def _domain(region: str) -> str:
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def _credentials(environment: Mapping[str, str]) -> Callable[[], Credentials]:
    """Lambda's own are in the environment and outlive it; all others go through botocore, which renews them."""
    key, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if key and secret:
        fixed = Credentials(key, secret, environment.get("AWS_SESSION_TOKEN") or None)
        return lambda: fixed
    found = _session().get_credentials()
    if found is None:
        raise SettingsInvalid("There are no AWS credentials.", remedy="Provide them as for any AWS tool.")

    def renewed() -> Credentials:
        frozen = found.get_frozen_credentials()
        return Credentials(frozen.access_key, frozen.secret_key, frozen.token)

    return renewed


def _configured_region() -> str:
    region = _session().get_config_variable("region")
    if not region:
        raise SettingsInvalid("There is no AWS region.", remedy="Set AWS_REGION.")
    return str(region)


def _session() -> Any:
    # Here and not above: Lambda always provides region and credentials, and botocore is slow to load.
    import botocore.session  # noqa: PLC0415

    return botocore.session.get_session()
