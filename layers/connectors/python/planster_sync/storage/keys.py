"""The layout of both tables and of the bucket. Nothing else in the product builds a key.

    control            pk                            sk                            by_due (sparse)
    integration        ORG#<org>                     INT#<int>                     SLOT#<shard> · <due_at>
    stream row         ORG#<org>                     INT#<int>#STREAM#<read>       -
    run, tasks inside  RUNS#<org>#<int>              <run id>                      RUN#<shard> · <check_at>
    rate budget        RATE#<org>#<int>              RATE                          -
    token's turn       TOKEN#<org>#<int>             TOKEN                         -
    request's key      ASKED#<org>#<int>             <digest of the key>           -
    begun consent      CONSENT#<org>#<int>           <digest of its state>         -
    disconnection      GONE#<org>                    <int>#<requested_at>          -
    requests counted   REQUESTS#<org>                <minute>                      -
    write-back         WRITES#<org>#<int>            REF#<reference>               WRITE#<shard> · <check_at>
    shipment's turn    WRITES#<org>#<int>            SHIPMENT#<digest of its id>   -
    session            SESSION#<SHA-256 of secret>   SESSION                       -
    sign-in under way  SIGNIN#<SHA-256 of state>     SIGNIN                        -
    export             EXPORTS#<org>#<int>           <id>                          EXPORT#0 · <check_at>
    webhooks' watch    HOOKS#<org>                   WATCH                         WATCH#<shard> · <check_at>
    webhook target     HOOKS#<org>                   TARGET#<id>                   -
    what was told      HOOKS#<org>                   TOLD#<int>                    -
    told on the bus    HOUSE#<org>                   TOLD#<int>                    -
    told in digests    HOUSE#<org>                   DIGEST#<int>                  -
    delivery           DELIVERIES#<org>              <target>#<id>                 DELIVERY#<shard> · <check_at>
    judged night       NIGHTS#<org>#<int>            <local date>                  -
    night to be judged NIGHTS#<org>#<int>            WATCH                         NIGHT#<shard> · <check_at>

    records            pk                            sk                         sparse indexes
    record             <org>#<int>#<data_type>       <digest of the record id>  by_sku:    <org>#<int>#sku#<sku>
                                                                                by_change: <pk> · <changed_at>#<digest>
    quarantine entry   <org>#<int>#quarantine#<read> <digest of the source id>  -
    adjustment         <org>#<int>#adjustments       <data_type>#<digest>       -
    ended adjustment   <org>#<int>#adjustments       history#<data_type>#<digest>#<made_at>

    bucket             index/<org>/<int>/<read>/<name>
                       journal/<org>/<int>/<read>/<index or "none">/<fence, 10 digits>-<number, 6 digits>

One query answers each question: the status page is ORG#<org>, runs newest first are RUNS#... backwards, what is due
is one shard of by_due up to now. Sort keys of records are digests, so that writes of one hot stream spread over
DynamoDB's partitions, and ids of any length and alphabet fit. Parts are escaped: no id can reach into another tenant.
"""

from __future__ import annotations

from base64 import b32encode
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from urllib.parse import quote
from zlib import crc32

from planster_sync.model.data_types import DataType
from planster_sync.model.exports import Export
from planster_sync.model.runs import StreamKey
from planster_sync.ports.stores import RecordKey

BY_DUE = "by_due"
BY_SKU = "by_sku"
BY_CHANGE = "by_change"
SHARDS = 4
LONGEST_PARTITION_KEY = 2048

Key = dict[str, str]


def instant(moment: datetime) -> str:
    """UTC in ISO-8601 with six decimals always, so that text sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(identifier: str) -> str:
    """80 bits as 16 letters: among a million ids two meet with a chance of 4 in 10^13."""
    return b32encode(blake2b(identifier.encode(), digest_size=10).digest()).decode()


def _part(text: str) -> str:
    return text.replace("%", "%25").replace("#", "%23")


def _joined(*parts: str) -> str:
    return "#".join(_part(part) for part in parts)


def _shard(*parts: str) -> int:
    return crc32(_joined(*parts).encode()) % SHARDS


def organisation_partition(organisation: str) -> str:
    return f"ORG#{_part(organisation)}"


def integration_key(organisation: str, integration: str) -> Key:
    return {"pk": organisation_partition(organisation), "sk": f"INT#{_part(integration)}"}


def stream_key(stream: StreamKey) -> Key:
    sk = f"INT#{_part(stream.integration)}#STREAM#{_part(stream.read)}"
    return {"pk": organisation_partition(stream.organisation), "sk": sk}


def is_stream(sk: str) -> bool:
    return "#STREAM#" in sk


def runs_partition(organisation: str, integration: str) -> str:
    return f"RUNS#{_joined(organisation, integration)}"


def run_key(organisation: str, integration: str, run: str) -> Key:
    return {"pk": runs_partition(organisation, integration), "sk": run}


def rate_key(organisation: str, integration: str) -> Key:
    return {"pk": f"RATE#{_joined(organisation, integration)}", "sk": "RATE"}


def token_key(organisation: str, integration: str) -> Key:
    return {"pk": f"TOKEN#{_joined(organisation, integration)}", "sk": "TOKEN"}


def asked_partition(organisation: str, integration: str) -> str:
    return f"ASKED#{_joined(organisation, integration)}"


def asked_key(organisation: str, integration: str, key: str) -> Key:
    return {"pk": asked_partition(organisation, integration), "sk": digest(key)}


def consents_partition(organisation: str, integration: str) -> str:
    return f"CONSENT#{_joined(organisation, integration)}"


def consent_key(organisation: str, integration: str, secret: str) -> Key:
    return {"pk": consents_partition(organisation, integration), "sk": digest(secret)}


def disconnections_partition(organisation: str) -> str:
    return f"GONE#{_part(organisation)}"


def request_count_key(organisation: str, minute: datetime) -> Key:
    return {"pk": f"REQUESTS#{_part(organisation)}", "sk": instant(minute)}


def disconnection_key(organisation: str, integration: str, requested_at: datetime) -> Key:
    return {"pk": disconnections_partition(organisation), "sk": f"{_part(integration)}#{instant(requested_at)}"}


def streams_prefix(integration: str) -> str:
    """Where the sort keys of an integration's stream rows begin."""
    return f"INT#{_part(integration)}#STREAM#"


def streams_end(integration: str) -> str:
    """Behind the last of them."""
    return f"INT#{_part(integration)}#STREAM$"


def object_prefixes(organisation: str, integration: str) -> tuple[str, ...]:
    """Where the keys of an integration's objects begin."""
    path = "/".join(quote(part, safe="") for part in (organisation, integration))
    return f"index/{path}/", f"journal/{path}/", f"exports/{path}/"


def writes_partition(organisation: str, integration: str) -> str:
    return f"WRITES#{_joined(organisation, integration)}"


def write_key(organisation: str, integration: str, reference: str) -> Key:
    return {"pk": writes_partition(organisation, integration), "sk": f"REF#{reference}"}


def shipment_turn_key(organisation: str, integration: str, shipment: str) -> Key:
    return {"pk": writes_partition(organisation, integration), "sk": f"SHIPMENT#{digest(shipment)}"}


def session_key(secret: str) -> Key:
    """The whole digest: unlike ids, a secret must not be met by chance, nor found from its row."""
    return {"pk": f"SESSION#{sha256(secret.encode()).hexdigest()}", "sk": "SESSION"}


def sign_in_key(state: str) -> Key:
    return {"pk": f"SIGNIN#{sha256(state.encode()).hexdigest()}", "sk": "SIGNIN"}


def hooks_partition(organisation: str) -> str:
    return f"HOOKS#{_part(organisation)}"


def watch_key(organisation: str) -> Key:
    return {"pk": hooks_partition(organisation), "sk": "WATCH"}


def target_key(organisation: str, target: str) -> Key:
    return {"pk": hooks_partition(organisation), "sk": f"TARGET#{target}"}


def told_key(organisation: str, integration: str) -> Key:
    return {"pk": hooks_partition(organisation), "sk": f"TOLD#{_part(integration)}"}


def house_partition(organisation: str) -> str:
    return f"HOUSE#{_part(organisation)}"


def house_key(organisation: str, kind: str, integration: str = "") -> Key:
    """`kind` is WATCH, TOLD or DIGEST; the watch is that of the organisation."""
    return {"pk": house_partition(organisation), "sk": f"{kind}#{_part(integration)}"}


def deliveries_partition(organisation: str) -> str:
    return f"DELIVERIES#{_part(organisation)}"


def delivery_key(organisation: str, target: str, delivery: str) -> Key:
    """Ids of deliveries sort by time."""
    return {"pk": deliveries_partition(organisation), "sk": f"{target}#{delivery}"}


def nights_partition(organisation: str, integration: str) -> str:
    return f"NIGHTS#{_joined(organisation, integration)}"


def night_key(organisation: str, integration: str, date: str) -> Key:
    return {"pk": nights_partition(organisation, integration), "sk": date}


def night_watch_key(organisation: str, integration: str) -> Key:
    return {"pk": nights_partition(organisation, integration), "sk": "WATCH"}


def slot_shards() -> list[str]:
    return [f"SLOT#{shard}" for shard in range(SHARDS)]


def run_shards() -> list[str]:
    return [f"RUN#{shard}" for shard in range(SHARDS)]


def write_shards() -> list[str]:
    return [f"WRITE#{shard}" for shard in range(SHARDS)]


def watch_shards() -> list[str]:
    return [f"WATCH#{shard}" for shard in range(SHARDS)]


def delivery_shards() -> list[str]:
    return [f"DELIVERY#{shard}" for shard in range(SHARDS)]


def night_shards() -> list[str]:
    return [f"NIGHT#{shard}" for shard in range(SHARDS)]


def night_due(organisation: str, integration: str, check_at: datetime) -> Key:
    return {"due_pk": f"NIGHT#{_shard(organisation, integration)}", "due_sk": instant(check_at)}


def watch_due(organisation: str, check_at: datetime) -> Key:
    return {"due_pk": f"WATCH#{_shard(organisation)}", "due_sk": instant(check_at)}


def delivery_due(organisation: str, target: str, delivery: str, check_at: datetime) -> Key:
    return {"due_pk": f"DELIVERY#{_shard(organisation, target, delivery)}", "due_sk": instant(check_at)}


def write_due(organisation: str, integration: str, reference: str, check_at: datetime) -> Key:
    return {"due_pk": f"WRITE#{_shard(organisation, integration, reference)}", "due_sk": instant(check_at)}


def slot_due(organisation: str, integration: str, due_at: datetime) -> Key:
    return {"due_pk": f"SLOT#{_shard(organisation, integration)}", "due_sk": instant(due_at)}


def run_due(organisation: str, integration: str, run: str, check_at: datetime) -> Key:
    return {"due_pk": f"RUN#{_shard(organisation, integration, run)}", "due_sk": instant(check_at)}


def records_partition(organisation: str, integration: str, data_type: DataType) -> str:
    return _joined(organisation, integration, data_type)


def data_type_of(partition: str) -> str:
    """The data type in a record's partition key."""
    return partition.rpartition("#")[2]


def record_key(organisation: str, integration: str, key: RecordKey) -> Key:
    return {"pk": records_partition(organisation, integration, key.data_type), "sk": digest(key.id)}


def change_place(partition: str, sk: str, changed_at: str) -> Key:
    return {"_change_pk": partition, "_change_sk": f"{changed_at}#{sk}"}


def sku_partition(organisation: str, integration: str, sku: str) -> str | None:
    """None where the key would pass DynamoDB's 2048 bytes: such a record is found by its id only."""
    partition = _joined(organisation, integration, "sku", sku)
    return partition if len(partition.encode()) <= LONGEST_PARTITION_KEY else None


def quarantine_partition(stream: StreamKey) -> str:
    return _joined(stream.organisation, stream.integration, "quarantine", stream.read)


def quarantine_key(stream: StreamKey, source: str) -> Key:
    return {"pk": quarantine_partition(stream), "sk": digest(source)}


def adjustments_partition(organisation: str, integration: str) -> str:
    return _joined(organisation, integration, "adjustments")


def adjustment_key(organisation: str, integration: str, key: RecordKey) -> Key:
    return {"pk": adjustments_partition(organisation, integration), "sk": f"{key.data_type}#{digest(key.id)}"}


def ended_adjustment_key(organisation: str, integration: str, key: RecordKey, made_at: datetime) -> Key:
    there = adjustment_key(organisation, integration, key)
    return {"pk": there["pk"], "sk": f"history#{there['sk']}#{instant(made_at)}"}


def adjustment_history(key: RecordKey) -> str:
    """Where the sort keys of one record's ended adjustments begin, oldest first."""
    return f"history#{key.data_type}#{digest(key.id)}#"


def index_object(stream: StreamKey, name: str) -> str:
    return f"index/{_path(stream)}/{quote(name, safe='')}"


def journal_prefix(stream: StreamKey, base: str) -> str:
    return f"journal/{_path(stream)}/{quote(base, safe='') if base else 'none'}/"


def journal_object(stream: StreamKey, base: str, fence: int, number: int) -> str:
    return f"{journal_prefix(stream, base)}{fence:010d}-{number:06d}"


def journal_position(key: str) -> tuple[int, int]:
    """The fence and number in a journal object's key."""
    fence, _, number = key.rpartition("/")[2].partition("-")
    return int(fence), int(number)


def _path(stream: StreamKey) -> str:
    return "/".join(quote(part, safe="") for part in (stream.organisation, stream.integration, stream.read))


def exports_partition(organisation: str, integration: str) -> str:
    return f"EXPORTS#{_joined(organisation, integration)}"


def export_shards() -> list[str]:
    """One: files are asked for by people."""
    return ["EXPORT#0"]


def export_due(check_at: datetime) -> Key:
    return {"due_pk": "EXPORT#0", "due_sk": instant(check_at)}


def export_key(organisation: str, integration: str, export: str) -> Key:
    return {"pk": exports_partition(organisation, integration), "sk": export}


def export_object(export: Export) -> str:
    path = "/".join(quote(part, safe="") for part in (export.organisation, export.integration, export.id))
    return f"exports/{path}.{export.form}.gz"
