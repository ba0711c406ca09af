"""What cloud-init makes of seed disks whose files lie in the folders given: one JSON list on standard output.

Its own NoCloud source reads them, its own renderers write the network's configuration for four families of systems.
"""
import base64
import json
import os
import sys
import tempfile
from unittest import mock

from cloudinit import helpers, util
from cloudinit.distros import rhel
from cloudinit.net import eni, netplan, network_state, networkd, sysconfig
from cloudinit.sources import DataSourceNoCloud

RENDERERS = {
    "eni": lambda: eni.Renderer({}),
    "netplan": lambda: netplan.Renderer({"netplan_path": "netplan.yaml", "postcmds": False}),
    "sysconfig": lambda: sysconfig.Renderer(rhel.Distro.renderer_configs["sysconfig"]),
    "networkd": lambda: networkd.Renderer({}),
}


def rendered(config):
    """File to text, for each family."""
    found = {}
    for family, renderer in RENDERERS.items():
        with tempfile.TemporaryDirectory() as target:
            state = network_state.parse_net_config_data(config)
            try:
                renderer().render_network_state(state, target=target)
            except Exception as error:  # told to the test
                found[family] = repr(error)
                continue
            texts = []
            for folder, _, files in sorted(os.walk(target)):
                for name in sorted(files):
                    with open(os.path.join(folder, name)) as file:
                        texts.append(file.read())
            found[family] = "\n".join(texts)
    return found


def seen(folder, with_network):
    with tempfile.TemporaryDirectory() as own:
        paths = helpers.Paths({"cloud_dir": own, "run_dir": own})
        os.makedirs(os.path.join(own, "seed"), exist_ok=True)
        os.symlink(os.path.abspath(folder), os.path.join(own, "seed", "nocloud"))
        with mock.patch.object(util, "find_devs_with", return_value=[]), mock.patch(
            "cloudinit.dmi.read_dmi_data", return_value=None
        ):
            source = DataSourceNoCloud.DataSourceNoCloud({}, None, paths)
            taken = source.get_data()
        raw = source.get_userdata_raw() or b""
        raw = raw if isinstance(raw, bytes) else raw.encode()
        return {
            "taken": taken,
            "instanceId": source.get_instance_id(),
            "hostname": source.metadata.get("local-hostname"),
            "publicKeys": source.get_public_ssh_keys(),
            "userData": base64.b64encode(raw).decode(),
            "network": rendered(source.network_config) if with_network else None,
        }


flag, folders = sys.argv[1], sys.argv[2:]
print(json.dumps([seen(folder, flag == "with-network") for folder in folders]))
