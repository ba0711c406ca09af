"""A node's life with libcloud's EC2 driver as Debian ships it. Prints what it saw as one JSON object.

Usage: libcloud-life.py <signature version: 2 or 4> <image name>; endpoint and keys come from the environment.
"""
import json
import os
import sys
import time
from urllib.parse import urlparse

from libcloud.compute.providers import get_driver
from libcloud.compute.types import Provider

DEADLINE_S = 30


def connect(signature):
    at = urlparse(os.environ["AWS_ENDPOINT_URL_EC2"])
    return get_driver(Provider.EC2)(
        os.environ["AWS_ACCESS_KEY_ID"],
        os.environ["AWS_SECRET_ACCESS_KEY"],
        secure=at.scheme == "https",
        host=at.hostname,
        port=at.port,
        region=os.environ["AWS_DEFAULT_REGION"],
        signature_version=signature,
    )


def until_state(driver, node, state):
    """The driver has no name for `stopping`, so EC2's own word is looked at."""
    give_up = time.monotonic() + DEADLINE_S
    while True:
        (found,) = driver.list_nodes(ex_node_ids=[node.id])
        if found.extra["status"] == state:
            return found
        if time.monotonic() > give_up:
            raise TimeoutError(f"{node.id} is {found.extra['status']}, not {state}")
        time.sleep(0.1)


def until_volume(driver, volume, state):
    give_up = time.monotonic() + DEADLINE_S
    while True:
        (found,) = driver.list_volumes(ex_filters={"volume-id": volume.id})
        if found.state == state:
            return found
        if time.monotonic() > give_up:
            raise TimeoutError(f"{volume.id} is {found.state}, not {state}")
        time.sleep(0.1)


def until_snapshot(driver, volume):
    give_up = time.monotonic() + DEADLINE_S
    while True:
        (found,) = driver.list_volume_snapshots(volume)
        if found.state == "available":
            return found
        if time.monotonic() > give_up:
            raise TimeoutError(f"{found.id} is {found.state}")
        time.sleep(0.1)


def around(driver, node):
    """What libcloud hangs on a node: a volume with its snapshot, an address, tags, a group."""
    zone = node.extra["availability"]
    (location,) = [it for it in driver.list_locations() if it.availability_zone.name == zone]
    volume = until_volume(driver, driver.create_volume(1, "data", location=location), "available")
    saw = {"attached": driver.attach_volume(node, volume, "/dev/sdf")}
    in_use = until_volume(driver, volume, "inuse")
    saw["volume"] = [in_use.size, in_use.name, in_use.extra["device"], in_use.extra["instance_id"] == node.id]
    driver.create_volume_snapshot(volume, name="before")
    snapshot = until_snapshot(driver, volume)
    saw["snapshot"] = [snapshot.size, snapshot.name]
    address = driver.ex_allocate_address(domain="vpc")
    driver.ex_associate_address_with_node(node, address)
    (held,) = driver.ex_describe_addresses_for_node(node)[:1]
    saw["address"] = held == address.ip
    (found,) = driver.list_nodes(ex_node_ids=[node.id])
    # The driver adds what DescribeAddresses says to what the node says.
    saw["public"] = set(found.public_ips) == {address.ip}
    (mine,) = [it for it in driver.ex_describe_all_addresses() if it.ip == address.ip]
    saw["let go"] = [driver.ex_disassociate_address(mine, domain="vpc"), driver.ex_release_address(mine, domain="vpc")]
    saw["tagged"] = driver.ex_create_tags(node, {"tier": "front"})
    saw["tags"] = driver.ex_describe_tags(node)
    saw["untagged"] = driver.ex_delete_tags(node, {"tier": "front"})
    saw["detached"] = driver.detach_volume(volume)
    until_volume(driver, volume, "available")
    saw["destroyed"] = [driver.destroy_volume_snapshot(snapshot), driver.destroy_volume(volume)]
    return saw


def life(driver, image_name):
    sizes = {size.id: size for size in driver.list_sizes()}
    images = {image.name: image for image in driver.list_images()}
    locations = {location.name: location for location in driver.list_locations()}
    zone = sorted(locations)[-1]
    key = driver.create_key_pair("libcloud")
    group = driver.ex_create_security_group("libcloud", "of libcloud")
    driver.ex_authorize_security_group_ingress(group["group_id"], 22, 22, cidr_ips=["10.0.0.0/8"])
    node = driver.create_node(
        name="from libcloud",
        size=sizes["t2.nano"],
        image=images[image_name],
        location=locations[zone],
        ex_metadata={"role": "web"},
        ex_keyname=key.name,
        ex_security_groups=["libcloud"],
    )
    running = until_state(driver, node, "running")
    (listed,) = [found for found in driver.list_nodes() if found.id == node.id]
    saw = {
        "images": sorted(images),
        "locations": sorted(locations),
        "asked": zone,
        "got": running.extra["availability"],
        "name": listed.name,
        "tags": listed.extra["tags"],
        "addresses": len(listed.private_ips),
        "key": [listed.extra["key_name"], key.private_key.split("\n")[0]],
        "groups": [it["group_name"] for it in listed.extra["groups"]],
        "around": around(driver, running),
        "did": {},
    }
    saw["did"]["stop"] = driver.stop_node(node)
    until_state(driver, node, "stopped")
    saw["did"]["start"] = driver.start_node(node)
    until_state(driver, node, "running")
    saw["did"]["reboot"] = driver.reboot_node(node)
    until_state(driver, node, "running")
    saw["did"]["destroy"] = driver.destroy_node(node)
    saw["end"] = until_state(driver, node, "terminated").extra["status"]
    saw["deleted"] = [driver.ex_delete_security_group_by_name("libcloud"), driver.delete_key_pair(key)]
    return saw


if __name__ == "__main__":
    print(json.dumps(life(connect(sys.argv[1]), sys.argv[2])))
