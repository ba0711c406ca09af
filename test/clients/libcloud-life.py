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


def life(driver, image_name):
    sizes = {size.id: size for size in driver.list_sizes()}
    images = {image.name: image for image in driver.list_images()}
    locations = {location.name: location for location in driver.list_locations()}
    zone = sorted(locations)[-1]
    node = driver.create_node(
        name="from libcloud",
        size=sizes["t2.nano"],
        image=images[image_name],
        location=locations[zone],
        ex_metadata={"role": "web"},
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
    return saw


if __name__ == "__main__":
    print(json.dumps(life(connect(sys.argv[1]), sys.argv[2])))
