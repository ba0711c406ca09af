"""A node's life with libcloud's ElasticHosts driver as Debian ships it. Prints what it saw as one JSON object.

Usage: elastichosts-life.py; where the simulated zone is and who asks come from the environment (EHURI, EHAUTH=user:key).
"""
import json
import os
import time
from urllib.parse import urlparse

from libcloud.common.types import InvalidCredsError
from libcloud.compute.providers import get_driver
from libcloud.compute.types import NodeState, Provider

DEADLINE_S = 20


def connect(key=None):
    at = urlparse(os.environ["EHURI"])
    user, secret = os.environ["EHAUTH"].split(":")
    return get_driver(Provider.ELASTICHOSTS)(user, key or secret, secure=False, host=at.hostname, port=at.port)


def refused(call, *words, **more):
    """What the driver makes of the zone's refusal."""
    try:
        call(*words, **more)
    except InvalidCredsError:
        return "InvalidCredsError"
    except Exception as error:
        return str(error)
    return "accepted"


def until_gone(driver, node):
    give_up = time.monotonic() + DEADLINE_S
    while any(found.id == node.id for found in driver.list_nodes()):
        if time.monotonic() > give_up:
            raise TimeoutError(f"{node.id} is still there")
        time.sleep(0.1)
    return True


def life(driver):
    images = {image.name: image for image in driver.list_images()}
    sizes = {size.id: size for size in driver.list_sizes()}
    node = driver.create_node(
        name="from libcloud", size=sizes["small"], image=images["Debian Linux 5.0"], vnc_password="secret88"
    )
    (listed,) = driver.list_nodes()
    drive = listed.extra["ide:0:0"]
    saw = {
        "image": "Ubuntu Linux 12.04" in images,
        "sizes": sorted(sizes),
        "listed": [listed.id == node.id, listed.name, listed.state == NodeState.RUNNING, listed.public_ips],
        "extra": {key: listed.extra[key] for key in ("cpu", "mem", "smp") if key in listed.extra},
        "rebooted": driver.reboot_node(node),
        "set": driver.ex_set_node_configuration(node, name="renamed", cpu=3000),
        "set while it runs": refused(driver.ex_set_node_configuration, node, mem=512),
        "held drive": refused(driver.ex_destroy_drive, drive),
        "wrong key": refused(connect("wrong").list_nodes),
    }
    (renamed,) = driver.list_nodes()
    saw["renamed"] = [renamed.name, renamed.extra["cpu"]]
    saw["destroyed"] = [driver.destroy_node(node), driver.list_nodes(), driver.ex_destroy_drive(drive)]
    other = driver.create_node(name="shut down", size=sizes["small"], image=images["Debian Linux 5.0"], smp=2)
    # What libcloud makes is not persistent: a shutdown destroys it.
    saw["shut down"] = [driver.ex_shutdown_node(other), until_gone(driver, other)]
    return saw


if __name__ == "__main__":
    print(json.dumps(life(connect())))
