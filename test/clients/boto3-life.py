"""Instances' life with boto3 as Debian ships it: waiters, paginators, resources. Prints what it saw as one JSON object.

Usage: boto3-life.py <image name>; endpoint, region and keys come from the environment.
"""
import json
import os
import sys
from urllib.request import urlopen
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ["AWS_ENDPOINT_URL_EC2"]
CONFIG = Config(retries={"max_attempts": 1})
WAIT = {"Delay": 1, "MaxAttempts": 30}


def refused(call, **words):
    """The code that a call is refused with."""
    try:
        call(**words)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "accepted"


def presigned(client):
    """The status of the answer to a presigned URL."""
    url = client.generate_presigned_url("describe_regions", ExpiresIn=60, HttpMethod="GET")
    with urlopen(url, timeout=10) as answer:
        return answer.status


def life(image_name):
    client = boto3.client("ec2", endpoint_url=ENDPOINT, config=CONFIG)
    (image,) = client.describe_images(Filters=[{"Name": "name", "Values": [image_name]}])["Images"]
    mark = str(uuid4())
    order = {
        "ImageId": image["ImageId"],
        "InstanceType": "t2.nano",
        "MinCount": 3,
        "MaxCount": 3,
        "ClientToken": mark,
        "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "life", "Value": mark}]}],
    }
    made = [it["InstanceId"] for it in client.run_instances(**order)["Instances"]]
    again = [it["InstanceId"] for it in client.run_instances(**order)["Instances"]]
    client.get_waiter("instance_running").wait(InstanceIds=made, WaiterConfig=WAIT)
    client.get_waiter("instance_status_ok").wait(InstanceIds=made, WaiterConfig=WAIT)
    mine = [{"Name": "tag:life", "Values": [mark]}]
    pages = list(
        client.get_paginator("describe_instance_types").paginate(PaginationConfig={"PageSize": 5})
    )
    listed = [
        it["InstanceId"]
        for page in client.get_paginator("describe_instances").paginate(Filters=mine)
        for reservation in page["Reservations"]
        for it in reservation["Instances"]
    ]
    first = boto3.resource("ec2", endpoint_url=ENDPOINT, config=CONFIG).Instance(made[0])
    first.create_tags(Tags=[{"Key": "first", "Value": "yes"}])
    first.stop()
    first.wait_until_stopped(WaiterConfig=WAIT)
    first.start()
    first.wait_until_running(WaiterConfig=WAIT)
    first.reboot()
    first.reload()
    saw = {
        "made": len(set(made)),
        "again": again == made,
        "typePages": len(pages),
        "listed": sorted(listed) == sorted(made),
        "tags": sorted(tag["Key"] for tag in first.tags),
        "presigned": presigned(client),
        "account": boto3.client("sts", endpoint_url=ENDPOINT, config=CONFIG).get_caller_identity()["Account"],
        "refused": {
            "other count": refused(client.run_instances, **{**order, "MinCount": 1, "MaxCount": 1}),
            "no such instance": refused(client.describe_instances, InstanceIds=["i-0123456789abcdef0"]),
            "dry run": refused(client.run_instances, **{**order, "DryRun": True}),
            "not here yet": refused(client.describe_transit_gateways),
        },
    }
    client.terminate_instances(InstanceIds=made)
    client.get_waiter("instance_terminated").wait(InstanceIds=made, WaiterConfig=WAIT)
    return saw


if __name__ == "__main__":
    print(json.dumps(life(sys.argv[1])))
