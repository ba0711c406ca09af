"""Instances, keys, groups and volumes with boto 2 as Debian ships it. Prints what it saw as one JSON object.

Usage: boto2-life.py <API version> <image name>; endpoint and keys come from the environment. boto 2 reads region and service off
the host name: for an address it signs nonsense, which a gateway has to take.
"""
import json
import os
import sys
import time
from urllib.parse import urlparse

from boto.ec2.connection import EC2Connection
from boto.ec2.regioninfo import RegionInfo
from boto.exception import EC2ResponseError

DEADLINE_S = 40


def connect(version):
    at = urlparse(os.environ["AWS_ENDPOINT_URL_EC2"])
    return EC2Connection(
        os.environ["AWS_ACCESS_KEY_ID"],
        os.environ["AWS_SECRET_ACCESS_KEY"],
        is_secure=at.scheme == "https",
        port=at.port,
        path=at.path,
        region=RegionInfo(name=os.environ["AWS_DEFAULT_REGION"], endpoint=at.hostname),
        api_version=version,
    )


def until(thing, state):
    give_up = time.monotonic() + DEADLINE_S
    while thing.update() != state:
        if time.monotonic() > give_up:
            raise TimeoutError(f"{thing.id} is not {state}")
        time.sleep(0.2)
    return thing


def refused(call, *words, **more):
    """The code that a call is refused with."""
    try:
        call(*words, **more)
    except EC2ResponseError as error:
        return error.error_code
    return "accepted"


def life(ec2, image_name):
    (image,) = ec2.get_all_images(filters={"name": image_name})
    key = ec2.create_key_pair("boto2")
    group = ec2.create_security_group("boto2", "of boto 2")
    group.authorize("tcp", 22, 22, "10.0.0.0/8")
    reservation = image.run(key_name=key.name, security_groups=[group.name], instance_type="t2.nano")
    (instance,) = reservation.instances
    until(instance, "running")
    ec2.create_tags([instance.id], {"Name": "from boto 2"})
    volume = ec2.create_volume(1, instance.placement)
    until(volume, "available")
    volume.attach(instance.id, "/dev/sdf")
    until(volume, "in-use")
    address = ec2.allocate_address(domain="vpc")
    address.associate(instance_id=instance.id)
    (found,) = ec2.get_all_reservations([instance.id])
    (held,) = ec2.get_all_addresses(allocation_ids=[address.allocation_id])
    saw = {
        "address": held.instance_id == instance.id and found.instances[0].ip_address == address.public_ip,
        "zones": [zone.name for zone in ec2.get_all_zones()],
        "image": image.root_device_name,
        "material": key.material.split("\n")[0],
        # Before 2011 an order said its groups, by name; in a VPC each instance says its own.
        "groups": [it.name or it.id for it in found.groups or found.instances[0].groups],
        "rules": [
            f"{rule.ip_protocol} {rule.from_port}-{rule.to_port} {rule.grants[0]}"
            for rule in ec2.get_all_security_groups(["boto2"])[0].rules
        ],
        "tags": dict(found.instances[0].tags),
        "devices": sorted(found.instances[0].block_device_mapping),
        "stopped": [it.id for it in ec2.stop_instances([instance.id])] == [instance.id],
    }
    until(instance, "stopped")
    saw["refused"] = {
        "no such instance": refused(ec2.get_all_instances, ["i-0123456789abcdef0"]),
        "group in use": refused(ec2.delete_security_group, "boto2"),
        "key there": refused(ec2.create_key_pair, "boto2"),
    }
    volume.detach()
    until(volume, "available")
    volume.delete()
    saw["released"] = [ec2.disassociate_address(association_id=held.association_id), address.release()]
    ec2.terminate_instances([instance.id])
    until(instance, "terminated")
    saw["end"] = instance.state
    saw["deleted"] = [ec2.delete_security_group("boto2"), ec2.delete_key_pair("boto2")]
    return saw


if __name__ == "__main__":
    print(json.dumps(life(connect(sys.argv[1]), sys.argv[2])))
