"""Where a service is and with whose credentials it is asked, from the environment, by boto3's names and rules."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from planster_sync.errors import SettingsInvalid
from planster_sync.ports.platform import Clock
from planster_sync.wire.bucket import HttpBucket
from planster_sync.wire.connections import Connections
from planster_sync.wire.gateway import Gateway, signed_by
from planster_sync.wire.posting import HttpEndpoint
from planster_sync.wire.signing import DYNAMODB, LAMBDA, S3, SNS, Credentials, Service, Signer


def endpoint_from(
    environment: Mapping[str, str], clock: Clock, service: Service = DYNAMODB, region: str | None = None
) -> HttpEndpoint:
    """The service at `url_of` the region, its certificate verified (against AWS_CA_BUNDLE where set).

    Raises:
        SettingsInvalid: there is no region, or there are no credentials.
    """
    region = region or _region(environment)
    url = url_of(environment, region, service)
    signer = Signer(_credentials(environment), region, urlsplit(url).netloc, service)
    return HttpEndpoint(url, signer, clock, _tls(environment, url))


def bucket_from(environment: Mapping[str, str], clock: Clock, name: str) -> HttpBucket:
    """As `endpoint_from`. AWS has a host for each bucket; whatever else speaks S3 has it in the path."""
    region = _region(environment)
    url, root = url_of(environment, region, S3), f"/{name}"
    if not _named(environment, S3):
        url, root = url.replace("//", f"//{name}.", 1), ""
    signer = Signer(_credentials(environment), region, urlsplit(url).netloc, S3)
    return HttpBucket(url, root, signer, clock, _tls(environment, url))


def functions_from(environment: Mapping[str, str], clock: Clock, silence: float) -> Gateway:
    """Lambda's own API in this region; a function may think for `silence` seconds. Raises as `endpoint_from`."""
    url = url_of(environment, _region(environment), LAMBDA)
    signer = Signer(_credentials(environment), _region(environment), urlsplit(url).netloc, LAMBDA)
    return Gateway(Connections(url, clock, _tls(environment, url), silence), signed_by(signer, clock))


def topic_connections_from(
    environment: Mapping[str, str], clock: Clock, region: str | None
) -> tuple[Connections, Signer]:
    """SNS's own API in a region. Raises as `endpoint_from`."""
    region = region or _region(environment)
    url = url_of(environment, region, SNS)
    signer = Signer(_credentials(environment), region, urlsplit(url).netloc, SNS)
    return Connections(url, clock, _tls(environment, url)), signer


def url_of(environment: Mapping[str, str], region: str, service: Service = DYNAMODB) -> str:
    """AWS_ENDPOINT_URL_<SERVICE> or AWS_ENDPOINT_URL where set, else the service's own address in the region."""
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return (_named(environment, service) or f"https://{service.name}.{region}.{domain}").rstrip("/")


def _named(environment: Mapping[str, str], service: Service) -> str | None:
    return environment.get(f"AWS_ENDPOINT_URL_{service.variable}") or environment.get("AWS_ENDPOINT_URL")


def _tls(environment: Mapping[str, str], url: str) -> ssl.SSLContext | None:
    return _trusting(environment.get("AWS_CA_BUNDLE") or None) if url.startswith("https:") else None


@cache
def _trusting(authorities: str | None) -> ssl.SSLContext:
    """One for all services: reading the authorities' certificates takes longer than signing a thousand requests."""
    return ssl.create_default_context(cafile=authorities)


def _region(environment: Mapping[str, str]) -> str:
    return environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or _configured_region()


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
