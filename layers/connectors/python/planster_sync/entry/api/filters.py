"""Which records of a data type are wanted: by SKU, warehouse and status, as the unified fields have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from planster_sync.errors import InvalidRequest, Unsupported
from planster_sync.model.data_types import DataType

SKU, WAREHOUSE, STATUS = "sku", "warehouse_id", "status"


@dataclass(frozen=True, slots=True)
class Wanted:
    """None leaves a filter out. A record is wanted if each given value stands in one of the fields that carry it."""

    data_type: DataType
    sku: str | None = None
    warehouse: str | None = None
    status: str | None = None

    def __bool__(self) -> bool:
        return (self.sku, self.warehouse, self.status) != (None, None, None)

    @property
    def scope(self) -> tuple[str, ...]:
        """Its part of a cursor's seal."""
        return (self.sku or "", self.warehouse or "", self.status or "")

    @property
    def is_by_own_sku(self) -> bool:
        """Whether the index by SKU answers: the record itself carries the SKU, not its lines."""
        return self.sku is not None and self._paths(SKU) == (SKU,)

    def check(self) -> None:
        """Raises Unsupported for a field that the data type has not, InvalidRequest for a status that is no word."""
        asked = {SKU: self.sku, WAREHOUSE: self.warehouse, STATUS: self.status}
        for field, value in asked.items():
            if value is not None and not self._paths(field):
                raise Unsupported(
                    f"Records of {self.data_type.value} have no {field}.", remedy="Leave that filter out."
                )
        words = _catalog().statuses_of(self.data_type) if self.status is not None else ()
        if words and self.status not in words:
            raise InvalidRequest(
                f"{self.data_type.value} have no such status.", remedy=f"Ask for one of: {', '.join(words)}."
            )

    def suits(self, record: Mapping[str, Any]) -> bool:
        asked = ((SKU, self.sku), (WAREHOUSE, self.warehouse), (STATUS, self.status))
        return all(value is None or self._holds(record, field, value) for field, value in asked)

    def _holds(self, record: Mapping[str, Any], field: str, value: str) -> bool:
        return any(value == found for path in self._paths(field) for found in _values(record, path.split(".")))

    def _paths(self, field: str) -> tuple[str, ...]:
        return paths_of(self.data_type, field)


@cache
def paths_of(data_type: DataType, field: str) -> tuple[str, ...]:
    """Where records of the data type carry it: in a field of their own, else in their parts."""
    if field == WAREHOUSE and data_type is DataType.WAREHOUSES:
        return ("id",)
    paths = _catalog().paths_of(data_type)
    if field == STATUS:
        return ("status.value",) if field in paths else ()
    if field == SKU and field in paths:
        return (field,)
    return tuple(sorted(path for path in paths if path == field or path.endswith(f".{field}")))


def _catalog() -> ModuleType:
    """Loaded by the first filter: it brings the classes of all records."""
    return import_module("planster_sync.model.catalog")


def _values(part: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(part, list):
        for inner in part:
            yield from _values(inner, path)
    elif not path:
        yield part
    elif isinstance(part, Mapping) and path[0] in part:
        yield from _values(part[path[0]], path[1:])
