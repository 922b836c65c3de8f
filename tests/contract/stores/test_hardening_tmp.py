from datetime import timedelta
import pytest
from tests.contract.stores.backends import OnAws
from tests.contract.stores.samples import *
from tests.fakes.clock import START
from planster_sync.storage import keys as layout

def test_dup(aws: OnAws) -> None:
    aws.records.put(LEASE, [write("1")])
    k = layout.record_key("acme","warehouse-1",product_key("1"))
    assert len(aws.table.get_all([k,k])) == 1

def test_conflict(aws, monkeypatch):
    from botocore.exceptions import ClientError
    def refuse(**_):
        a = type("A",(),{"status_code":409,"headers":{}})()
        return a, {"Error":{"Code":"ConditionalRequestConflict","Message":"x"},"ResponseMetadata":{}}
    aws.indexes._client.meta.events.register("before-call.s3.PutObject", refuse)
    aws.indexes.put_index(STREAM, "n", b"x")

def test_poison(aws):
    from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
    for n in ("a","b"):
        aws.integrations.put(Integration("acme", n, "x", n, IntegrationStatus.ACTIVE, Schedule(), START, due_at=START))
    key = layout.integration_key("acme","a")
    aws.dynamodb.update_item(TableName=aws.control.name, Key={k:{"S":v} for k,v in key.items()}, UpdateExpression="SET #s = :s", ExpressionAttributeNames={"#s":"status"}, ExpressionAttributeValues={":s":{"S":"archived"}})
    assert [i.id for i in aws.integrations.due(START, 10)] == ["b"]
