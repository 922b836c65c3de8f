"""Grants that no call of a function's own code uses, and wildcards, each with the reason for which it is there."""

from __future__ import annotations

from tests.security.policies import Grant

_POLLER = "Lambda's event source asks the queue in the function's name (AWS: Lambda, Using Lambda with Amazon SQS)"
_LOG = "Lambda writes the function's log in its name"
_TRACE = "Lambda's X-Ray daemon sends traces in the function's name"
UNUSED: dict[tuple[str, str, str], str] = {
    **{
        ("WorkerRole", "TakeAndContinueTasks", f"sqs:{action}"): _POLLER
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    },
    ("DispatcherRole", "ReportWhatFailed", "sqs:SendMessage"): (
        "Lambda sends ticks that failed thrice there in the function's name (EventInvokeConfig, OnFailure)"
    ),
    **{
        (role, "Log", f"logs:{action}"): _LOG
        for role in ("DispatcherRole", "WorkerRole", "ApiRole")
        for action in ("CreateLogStream", "PutLogEvents")
    },
    **{
        (role, "Trace", f"xray:{action}"): _TRACE
        for role in ("DispatcherRole", "WorkerRole", "ApiRole")
        for action in ("PutTraceSegments", "PutTelemetryRecords")
    },
}
"""By role, statement and action."""

WILDCARDS: dict[str, str] = {
    "*": "X-Ray knows no resources (AWS: Service Authorization Reference, AWS X-Ray); only PutTraceSegments and "
    "PutTelemetryRecords are granted on it",
    "log-group:*": "the streams of the function's own group, which Lambda names as it goes",
    "indexes/*": "objects of this stack's own bucket",
    "indexes/exports/*": "files of exports in this stack's own bucket",
    "parameter/planster/test/integrations/*": "one parameter for each integration of this stage, made as people "
    "connect; the code reads only those of the integration's own organisation (tests/unit/aws/test_secrets.py)",
    "parameter/planster/test/webhooks/*": "one parameter for each secret of a webhook of this stage",
    "parameter/planster/test/apps/*": "one parameter for each vendor at which this stage is registered; read only",
    "secret:planster/test/integrations/*": "as the parameters, for who keeps credentials in Secrets Manager; AWS adds "
    "six random characters to every name",
}
"""By the end of the resource, for every resource that is not one thing."""


def why_unused(grant: Grant) -> str | None:
    return UNUSED.get((grant.role, grant.sid, grant.action))


def why_wild(grant: Grant) -> str | None:
    if grant.resource == "*":
        return WILDCARDS["*"] if grant.sid == "Trace" else None
    if ":log-group:/aws/lambda/sync-" in grant.resource and grant.resource.endswith(":*"):
        return WILDCARDS["log-group:*"]
    return WILDCARDS.get(grant.resource.rpartition(":")[2]) or WILDCARDS.get(_secret(grant.resource))


def _secret(resource: str) -> str:
    return ":".join(resource.split(":")[-2:])
