"""Metrics that AWS's services make themselves: no local run can, so that names are held to what their pages say.

Read on 2026-11-26: Amazon SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS"; AWS Lambda Developer
Guide, "Types of metrics for Lambda functions"; Amazon DynamoDB Developer Guide, "DynamoDB metrics and dimensions";
Amazon EventBridge User Guide, "Monitoring Amazon EventBridge" (a rule's name alone means the default bus).
"""

from __future__ import annotations

DOCUMENTED: dict[str, tuple[str, frozenset[str]]] = {
    "AWS/SQS": (
        "QueueName",
        frozenset(
            {
                "ApproximateAgeOfOldestMessage",
                "ApproximateNumberOfMessagesDelayed",
                "ApproximateNumberOfMessagesNotVisible",
                "ApproximateNumberOfMessagesVisible",
            }
        ),
    ),
    "AWS/Lambda": (
        "FunctionName",
        frozenset({"ConcurrentExecutions", "Duration", "Errors", "Invocations", "Throttles"}),
    ),
    "AWS/DynamoDB": (
        "TableName",
        frozenset(
            {
                "ConsumedReadCapacityUnits",
                "ConsumedWriteCapacityUnits",
                "ReadThrottleEvents",
                "WriteThrottleEvents",
            }
        ),
    ),
    "AWS/Events": (
        "RuleName",
        frozenset({"FailedInvocations", "Invocations", "InvocationsSentToDlq"}),
    ),
}
"""By namespace: the one dimension that is used here, and the metrics that have it."""
