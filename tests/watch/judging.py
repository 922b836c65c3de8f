"""What CloudWatch would say of an alarm, from its properties and the values that there are.

Source: Amazon CloudWatch User Guide, "Alarm evaluation" (evaluation periods, datapoints to alarm, missing data).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.watch.arithmetic import NoValue, evaluate
from tests.watch.points import Point, statistic

_BREACHES: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
}


@dataclass
class Judge:
    """Keeps the alarm's state between looks: missing data may leave it as it was."""

    alarm: Mapping[str, Any]
    state: str = field(default="OK", init=False)

    def look(self, points: Sequence[Point], now: float) -> str:
        """The state at a moment (seconds since 1970), of the periods that end there."""
        count = int(self.alarm["EvaluationPeriods"])
        values = [self._value(points, now - number * self.period) for number in range(count)]
        known = [self._breaches(value) for value in values if value is not None]
        missing = self.alarm["TreatMissingData"]
        assert missing in ("breaching", "notBreaching", "ignore"), missing
        if not known and missing == "ignore":
            return self.state
        breaching = sum(known) + (missing == "breaching") * (count - len(known))
        is_alarm = breaching >= int(self.alarm.get("DatapointsToAlarm", count))
        self.state = "ALARM" if is_alarm else "OK"
        return self.state

    @property
    def period(self) -> int:
        metrics = self.alarm.get("Metrics")
        return int(metrics[0]["MetricStat"]["Period"] if metrics else self.alarm["Period"])

    def _breaches(self, value: float) -> bool:
        return _BREACHES[self.alarm["ComparisonOperator"]](value, float(self.alarm["Threshold"]))

    def _value(self, points: Sequence[Point], until: float) -> float | None:
        if "Metrics" not in self.alarm:
            return self._of(points, until, self.alarm, self.alarm["Statistic"])
        *inputs, judged = self.alarm["Metrics"]
        known = {
            each["Id"]: self._of(points, until, each["MetricStat"]["Metric"], each["MetricStat"]["Stat"])
            for each in inputs
        }

        def name(wanted: str) -> float:
            value = known[wanted]
            if value is None:
                raise NoValue
            return value

        def filled(function: str, args: Sequence[str]) -> float:
            assert function == "FILL", function
            value = known[args[0]]
            return float(args[1]) if value is None else value

        try:
            return evaluate(judged["Expression"], name, filled)
        except NoValue:
            return None

    def _of(self, points: Sequence[Point], until: float, metric: Mapping[str, Any], stat: str) -> float | None:
        wanted = tuple(sorted((each["Name"], each["Value"]) for each in metric.get("Dimensions", ())))
        values = [
            point.value
            for point in points
            if (point.namespace, point.name, point.dimensions) == (metric["Namespace"], metric["MetricName"], wanted)
            and until - self.period < point.at <= until
        ]
        return statistic(stat, values) if values else None
