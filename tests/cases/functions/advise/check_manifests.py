#!/usr/bin/env python3
"""check_manifests.py CONTRACT FILE...: whether a cluster would take these manifests.

CONTRACT is contract.json beside this file. Files of YAML may hold several objects. Those with a kind are held
against the contract; those without are patches, of an object of the kind that their folder names. Beyond the
schema: what the webhooks of Knative and KEDA refuse. Exit 1, with a line for each fault.
"""
import json
import re
import sys

import yaml

HOUR = 3600
GROUP = "autoscaling.knative.dev/"


def faults(value, schema, root, at):
    """Faults of `value` under JSON Schema, as far as the contract uses it."""
    if "$ref" in schema:
        schema = root[schema["$ref"].removeprefix("#/")]
    if "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is not {schema['const']!r}"
    kind = {"object": dict, "array": list, "string": str, "integer": int}.get(schema.get("type"))
    if kind and (not isinstance(value, kind) or isinstance(value, bool)):
        yield f"{at}: {value!r} is no {schema['type']}"
        return
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{at}: {value!r} is not as {schema['pattern']}"
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{at}: {value!r} is too short or too long"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{at}: {value} is out of range"
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{at}: is empty"
        for i, item in enumerate(value):
            yield from faults(item, schema.get("items", {}), root, f"{at}[{i}]")
    if isinstance(value, dict):
        for key in schema.get("required", []):
            if key not in value:
                yield f"{at}: lacks {key}"
        for key, item in value.items():
            more = schema.get("properties", {}).get(key, schema.get("additionalProperties", True))
            if more is False:
                yield f"{at}: {key} is unknown"
            elif more is not True:
                yield from faults(item, more, root, f"{at}.{key}")


def seconds(text):
    """As Go's time.ParseDuration, as far as whole numbers go; None: it refuses."""
    if text == "0":
        return 0
    if not re.fullmatch(r"(\d+(h|m|s|ms))+", text):
        return None
    units = {"h": 3600, "m": 60, "s": 1, "ms": 0.001}
    return sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+)(h|ms|m|s)", text))


def annotation_faults(annotations):
    """What Knative's webhook looks at: min-scale a number from 0, durations from 0 to an hour."""
    for key, value in annotations.items():
        if not key.startswith(GROUP):
            continue
        name = key.removeprefix(GROUP)
        if name == "min-scale":
            if not re.fullmatch(r"\d+", value) or int(value) > 2147483647:
                yield f"{key}: {value!r} is no number from 0"
        elif name in ("scale-to-zero-pod-retention-period", "scale-down-delay"):
            time = seconds(value)
            if time is None or not 0 <= time <= HOUR:
                yield f"{key}: {value!r} is no time from 0s to 1h"
        else:
            yield f"{key}: is no annotation that advice gives"


def cron_faults(text):
    """Five fields of numbers, lists and stars (Linux cron)."""
    fields = text.split(" ")
    if len(fields) != 5:
        yield f"{text!r} has not five fields"
        return
    for field, (low, high) in zip(fields, ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))):
        if field == "*":
            continue
        numbers = field.split(",")
        if not all(n.isdigit() and low <= int(n) <= high for n in numbers):
            yield f"{text!r}: {field!r} is not within {low} to {high}"
        if len(set(numbers)) != len(numbers):
            yield f"{text!r}: {field!r} says something twice"


def trigger_faults(trigger):
    """What KEDA's cron scaler refuses."""
    if trigger.get("type") != "cron":
        return
    metadata = trigger["metadata"]
    for key in ("timezone", "start", "end", "desiredReplicas"):
        if not metadata.get(key):
            yield f"cron lacks {key}"
    yield from cron_faults(metadata.get("start", ""))
    yield from cron_faults(metadata.get("end", ""))
    if metadata.get("start") == metadata.get("end"):
        yield "cron: start and end are the same"
    if not re.fullmatch(r"[1-9]\d*", metadata.get("desiredReplicas", "")):
        yield "cron: desiredReplicas is no number above 0"


def object_faults(value, contract, kind, path):
    patch = "kind" not in value
    kind = value.get("kind", kind)
    schema = contract[kind]
    if patch:
        # What is merged into an object that is there: the spec, of which nothing is required.
        schema = json.loads(json.dumps(schema))
        schema["required"] = ["spec"]
        schema["properties"]["spec"].pop("required", None)
        for key in ("apiVersion", "kind", "metadata"):
            schema["properties"].pop(key)
    found = list(faults(value, schema, contract, kind))
    if found:
        yield from found
        return
    if kind == "Service":
        yield from annotation_faults(value["spec"]["template"]["metadata"]["annotations"])
    for trigger in value["spec"].get("triggers", []):
        yield from trigger_faults(trigger)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        contract = json.load(file)
    count = bad = 0
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if path.endswith(".json"):
            found = []
            for operation in json.loads(text):
                if (operation["op"], operation["path"]) != ("add", "/spec/triggers/-"):
                    found.append("is no trigger that is added")
                schema = contract["ScaledObject"]["properties"]["spec"]["properties"]["triggers"]
                found += faults([operation["value"]], schema, contract, "triggers")
                found += trigger_faults(operation["value"])
            count += 1
        else:
            kind = "Service" if "/knative/" in path or path.startswith("knative/") else "ScaledObject"
            found = []
            for value in yaml.safe_load_all(text):
                found += object_faults(value, contract, kind, path)
                count += 1
        for fault in found:
            print(f"{path}: {fault}")
        bad += bool(found)
    print(f"{count} manifests and patches, {bad} refused")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
