"""What no function may do, whatever else changes: every one of these calls must find no grant."""

from __future__ import annotations

from collections.abc import Iterator

from tests.security.policies import ACCOUNT, REGION, ROLES, Call, grants

_HERE = f"{REGION}:{ACCOUNT}"
_THERE = f"{REGION}:999999999999"

OTHERS = {
    "dynamodb": (
        f"arn:aws:dynamodb:{_HERE}:table/control2",
        f"arn:aws:dynamodb:{_HERE}:table/orders",
        f"arn:aws:dynamodb:{_THERE}:table/records",
        f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/records",
        f"arn:aws:dynamodb:{_HERE}:table/records/index/another",
        f"arn:aws:dynamodb:{_HERE}:table/records/stream/2026-01-01T00:00:00.000",
        f"arn:aws:dynamodb:{_HERE}:table/records/backup/01",
    ),
    "ssm": (
        f"arn:aws:ssm:{_HERE}:parameter/planster/prod/integrations/acme/main",
        f"arn:aws:ssm:{_HERE}:parameter/planster/test2/integrations/acme/main",
        f"arn:aws:ssm:{_HERE}:parameter/planster/test/integrations",
        f"arn:aws:ssm:{_HERE}:parameter/planster/test/other/secret",
        f"arn:aws:ssm:{_HERE}:parameter/billing/key",
        f"arn:aws:ssm:{_THERE}:parameter/planster/test/integrations/acme/main",
        "*",
    ),
    "secretsmanager": (
        f"arn:aws:secretsmanager:{_HERE}:secret:planster/prod/integrations/acme/main-AbCdEf",
        f"arn:aws:secretsmanager:{_HERE}:secret:planster/test/apps/one-AbCdEf",
        f"arn:aws:secretsmanager:{_HERE}:secret:another-AbCdEf",
        f"arn:aws:secretsmanager:{_THERE}:secret:planster/test/integrations/acme/main-AbCdEf",
    ),
    "s3": ("arn:aws:s3:::another", "arn:aws:s3:::another/key", "arn:aws:s3:::indexes2/key"),
    "sqs": (f"arn:aws:sqs:{_HERE}:another", f"arn:aws:sqs:{_THERE}:night", f"arn:aws:sqs:{_HERE}:night-dead-letters"),
    "lambda": (f"arn:aws:lambda:{_HERE}:function:another", f"arn:aws:lambda:{_HERE}:function:sync-worker"),
    "sns": (f"arn:aws:sns:{_HERE}:another", f"arn:aws:sns:{_THERE}:digests", "+49 151 00000000"),
    "events": (f"arn:aws:events:{_HERE}:event-bus/another",),
    "logs": (f"arn:aws:logs:{_HERE}:log-group:/aws/lambda/another:log-stream:x",),
}
"""Resources of others, by service: no action of that service may touch them, those of the roles included."""

NEVER = {
    "dynamodb": "DeleteTable UpdateTable Scan ExportTableToPointInTime CreateBackup PartiQLSelect PartiQLDelete",
    "s3": "DeleteBucket PutBucketPolicy PutObjectAcl PutLifecycleConfiguration GetObjectVersion DeleteObjectVersion",
    "sqs": "PurgeQueue DeleteQueue SetQueueAttributes AddPermission",
    "ssm": "GetParameters GetParametersByPath GetParameterHistory DescribeParameters AddTagsToResource",
    "secretsmanager": "PutSecretValue ListSecrets PutResourcePolicy UpdateSecret CreateSecret",
    "lambda": "UpdateFunctionCode UpdateFunctionConfiguration AddPermission InvokeFunctionUrl",
    "events": "PutRule PutTargets DeleteRule",
    "logs": "DeleteLogGroup DeleteLogStream CreateLogGroup PutRetentionPolicy GetLogEvents",
    "sns": "Subscribe SetTopicAttributes AddPermission DeleteTopic",
    "kms": "Decrypt CreateGrant",
    "iam": "PassRole PutRolePolicy CreateUser",
    "sts": "AssumeRole",
}
"""Actions that no function needs, on its own resources either."""

ELSEWHERE = (
    ("DispatcherRole", "ssm:GetParameter", f"arn:aws:ssm:{_HERE}:parameter/planster/test/integrations/acme/main"),
    ("DispatcherRole", "dynamodb:Query", f"arn:aws:dynamodb:{_HERE}:table/records"),
    ("DispatcherRole", "dynamodb:DeleteItem", f"arn:aws:dynamodb:{_HERE}:table/control"),
    ("DispatcherRole", "s3:GetObject", "arn:aws:s3:::indexes/any"),
    ("WorkerRole", "ssm:GetParameter", f"arn:aws:ssm:{_HERE}:parameter/planster/test/apps"),
    ("WorkerRole", "ssm:PutParameter", f"arn:aws:ssm:{_HERE}:parameter/planster/test/apps/toy"),
    ("WorkerRole", "ssm:DeleteParameter", f"arn:aws:ssm:{_HERE}:parameter/planster/test/webhooks/w/1"),
    ("WorkerRole", "lambda:InvokeFunction", f"arn:aws:lambda:{_HERE}:function:sync-worker:live"),
    ("ApiRole", "ssm:GetParameter", f"arn:aws:ssm:{_HERE}:parameter/planster/test/integrations/acme/main"),
    ("ApiRole", "ssm:GetParameter", f"arn:aws:ssm:{_HERE}:parameter/planster/test/webhooks/w/1"),
    ("ApiRole", "ssm:PutParameter", f"arn:aws:ssm:{_HERE}:parameter/planster/test/apps/toy"),
    ("ApiRole", "ssm:DeleteParameter", f"arn:aws:ssm:{_HERE}:parameter/planster/test/integrations/acme/main"),
    ("ApiRole", "secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{_HERE}:secret:planster/test/integrations/a"),
    ("ApiRole", "s3:GetObject", "arn:aws:s3:::indexes/index/acme"),
    ("ApiRole", "s3:PutObject", "arn:aws:s3:::indexes/exports/acme"),
    ("ApiRole", "sqs:SendMessage", f"arn:aws:sqs:{_HERE}:night"),
    ("ApiRole", "dynamodb:BatchWriteItem", f"arn:aws:dynamodb:{_HERE}:table/records"),
    ("ApiRole", "events:PutEvents", f"arn:aws:events:{_HERE}:event-bus/default"),
)
"""What one function may and another may not."""

UNDER_CONDITIONS = (
    ("ApiRole", "dynamodb:PutItem", "records", {"dynamodb:LeadingKeys": ["acme#main#products"]}),
    ("ApiRole", "dynamodb:DeleteItem", "records", {"dynamodb:LeadingKeys": ["acme#main#products"]}),
    ("ApiRole", "dynamodb:DeleteItem", "control", {"dynamodb:LeadingKeys": ["INTEGRATIONS#acme"]}),
    ("ApiRole", "dynamodb:UpdateItem", "records", {"dynamodb:Attributes": ["pk", "sk", "brand"]}),
)
"""What a condition keeps out, though action and resource are granted."""


def denied() -> Iterator[tuple[str, Call]]:
    """Each call with the role that must not be able to make it."""
    named = {grant.action for role in ROLES for grant in grants(role)}
    actions = named | {f"{service}:{action}" for service, each in NEVER.items() for action in each.split()}
    for role in ROLES:
        for action in sorted(actions):
            for resource in OTHERS.get(action.partition(":")[0], ()):
                yield role, Call(action, resource)
        own = {grant.resource for each in ROLES for grant in grants(each)}
        for action in sorted(actions - named):
            for resource in sorted(own):
                yield role, Call(action, resource)
    for role, action, resource in ELSEWHERE:
        yield role, Call(action, resource)
    for role, action, table, context in UNDER_CONDITIONS:
        told = {key: frozenset(values) for key, values in context.items()}
        yield role, Call(action, f"arn:aws:dynamodb:{_HERE}:table/{table}", told)
