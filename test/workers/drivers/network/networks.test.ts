/** The deeds of networks on hosts that are network namespaces, run by each shell that a host may have. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkOrder } from '../../../../workers/drivers/driver'
import type { GuardedHost } from '../../../../workers/drivers/guard/guarded-host'
import { bridgeOf, networkDeeds, openNetworks } from '../../../../workers/drivers/network'
import { deviceOf } from '../../../../workers/drivers/network/names'
import { describeByShell } from '../../../support/host-tools'
import {
  describeWithNamespaces,
  hasVlans,
  type NetworkHost,
  openNetworkHost,
  testWithVlans,
} from '../../../support/network-host'

const order = (parts: Partial<NetworkOrder> = {}): NetworkOrder => ({
  name: 'subnet-00000000000000001',
  bridge: 'xenbr0',
  vlan: null,
  cidr: '10.0.0.0/16',
  gateway: '10.0.0.1',
  ...parts,
})
const tagged = order({ vlan: 7 })
const ticket = { resource: 'i-1', epoch: { era: 1, number: 1 }, key: 'k' }

/** Who is on a network, as a hypervisor's deeds tell it: names in files users-NAME. */
const HYPERVISOR = 'network_users() { cat "$OCCI_FOLDER/users-$1" 2>/dev/null || :; }'

describeWithNamespaces('networks of a host', () => {
  if (!hasVlans)
    process.stderr.write('NOTE: VLAN devices are stood in for by pairs of virtual devices: this kernel has no 802.1Q\n')

  describeByShell((shell) => {
    let host: NetworkHost
    const deeds = () => [...networkDeeds(), HYPERVISOR]
    const networks = (on: NetworkHost = host) => openNetworks({ guarded: on.guarded as GuardedHost }).network
    const ensure = (wanted: NetworkOrder, on = host) => networks(on).ensure(on.target, ticket, wanted)
    const remove = (wanted: NetworkOrder, on = host) => networks(on).remove(on.target, ticket, wanted.name)
    const use = (wanted: NetworkOrder, users: string) => writeFileSync(join(host.folder, `users-${wanted.name}`), users)

    beforeEach(() => {
      host = openNetworkHost({ deeds: deeds(), shell })
    })
    afterEach(() => host.close())

    /** What an operator of a host has made: a bridge whose uplink leads out. */
    function furnish(bridge = 'xenbr0', uplink = 'eth0') {
      host.ip('link', 'add', bridge, 'type', 'bridge')
      host.ip('link', 'add', uplink, 'type', 'veth', 'peer', 'name', `p-${uplink}`)
      host.ip('link', 'set', uplink, 'master', bridge)
      for (const name of [bridge, uplink]) host.ip('link', 'set', name, 'up')
    }

    test('an untagged one changes nothing: the operator’s bridge is what it is', async () => {
      furnish()
      const before = host.links()
      await expect(ensure(order())).resolves.toEqual({ state: 'done', value: null })
      expect(host.links()).toEqual(before)
      await remove(order())
      expect(host.links()).toEqual(before)
      expect(existsSync(join(host.folder, 'local-1', 'networks', order().name))).toBe(false)
    })

    test('a bridge that is not there is refused with the command that makes it', async () => {
      await expect(ensure(order())).rejects.toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('ip link add xenbr0 type bridge'),
      })
      host.ip('link', 'add', 'xenbr0', 'type', 'veth', 'peer', 'name', 'p-0')
      await expect(ensure(order())).rejects.toMatchObject({ message: expect.stringContaining('no Linux bridge') })
    })

    test('one with a VLAN gets a bridge of ours on the uplink, once, and leaves nothing', async () => {
      furnish()
      const before = host.links()
      await ensure(tagged)
      const made = host.links()
      expect(made).toMatchObject({
        ...before,
        [bridgeOf(tagged)]: { up: true, alias: 'occi-gateway' },
        [deviceOf(tagged)]: { up: true, alias: 'occi-gateway', master: bridgeOf(tagged) },
      })
      await ensure(tagged)
      expect(host.links()).toEqual(made)
      await remove(tagged)
      expect(host.links()).toEqual(before)
      await remove(tagged)
      expect(host.links()).toEqual(before)
    })

    test('a bridge without an uplink, or with several, is told how to be mended', async () => {
      host.ip('link', 'add', 'xenbr0', 'type', 'bridge')
      await expect(ensure(tagged)).rejects.toMatchObject({
        message: expect.stringContaining('ip link set UPLINK master xenbr0'),
      })
      for (const name of ['eth0', 'eth1', 'vif3.0']) {
        host.ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `p-${name}`)
        host.ip('link', 'set', name, 'master', 'xenbr0')
      }
      await expect(ensure(tagged)).rejects.toMatchObject({
        kind: 'refused',
        message: expect.stringMatching(/\(eth0 eth1\).*uplink\.xenbr0=eth0/),
      })
      expect(Object.keys(host.links())).not.toContain(bridgeOf(tagged))
      mkdirSync(join(host.folder, 'local-1'), { recursive: true })
      writeFileSync(join(host.folder, 'local-1', 'settings'), 'clone=copy\nuplink.xenbr0=eth1\n')
      await ensure(tagged)
      expect(host.links()[deviceOf(tagged)]?.master).toBe(bridgeOf(tagged))
    })

    test('what is used stays, and says by whom; what bears our name and is not ours is not touched', async () => {
      furnish()
      await ensure(tagged)
      use(tagged, 'i-1\ni-2\n')
      await expect(remove(tagged)).rejects.toMatchObject({ message: expect.stringContaining('i-1 i-2') })
      use(tagged, '')
      host.ip('link', 'add', 'vif9.0', 'type', 'veth', 'peer', 'name', 'p-9')
      host.ip('link', 'set', 'vif9.0', 'master', bridgeOf(tagged))
      await expect(remove(tagged)).rejects.toMatchObject({ message: expect.stringContaining('vif9.0') })
      host.ip('link', 'del', 'vif9.0')
      await remove(tagged)
      host.ip('link', 'add', bridgeOf(tagged), 'type', 'bridge')
      host.ip('link', 'set', bridgeOf(tagged), 'up')
      host.ip('link', 'add', 'mine', 'type', 'veth', 'peer', 'name', 'p-mine')
      host.ip('link', 'set', 'mine', 'master', bridgeOf(tagged))
      const theirs = host.links()
      await expect(ensure(tagged)).rejects.toMatchObject({ message: expect.stringContaining('not ours') })
      expect(host.links()).toEqual(theirs)
    })

    test('two networks and two sites on one wire share it; it goes with the last', async () => {
      furnish()
      const before = host.links()
      const other = { ...tagged, name: 'subnet-2' }
      const site = openNetworkHost({ deeds: deeds(), site: 'paris-1', on: host })
      await ensure(tagged)
      await ensure(other)
      await ensure(tagged, site)
      const made = host.links()
      await remove(tagged)
      await remove(other)
      expect(host.links()).toEqual(made)
      await remove(tagged, site)
      expect(host.links()).toEqual(before)
    })

    test('many at once make it once', async () => {
      furnish()
      await Promise.all(Array.from({ length: 6 }, (_, index) => ensure({ ...tagged, name: `subnet-${index % 2}` })))
      const names = Object.keys(host.links()).sort()
      expect(names).toEqual([bridgeOf(tagged), deviceOf(tagged), 'eth0', 'xenbr0'].sort())
    })

    test.each([
      ['a bridge without mark', (ours: string) => host.ip('link', 'add', ours, 'type', 'bridge')],
      [
        'a bridge and a device that is no port yet',
        (ours: string, device: string) => {
          host.ip('link', 'add', ours, 'type', 'bridge')
          host.ip('link', 'add', device, 'type', 'veth', 'peer', 'name', 'p-half')
        },
      ],
    ])('what a call left that was cut is finished: %s', async (_name, half) => {
      furnish()
      half(bridgeOf(tagged), deviceOf(tagged))
      await ensure(tagged)
      expect(host.links()[deviceOf(tagged)]).toEqual({ up: true, alias: 'occi-gateway', master: bridgeOf(tagged) })
    })

    test('after a restart of the host, what starts a machine makes it again', async () => {
      furnish()
      await ensure(tagged)
      const made = host.links()
      host.ip('link', 'del', bridgeOf(tagged))
      host.ip('link', 'del', deviceOf(tagged))
      expect(await host.shell(`network_up ${tagged.name}`)).toMatchObject({ code: 0, stderr: '' })
      expect(host.links()).toEqual(made)
      expect(await host.shell('network_up subnet-unknown; echo goes on')).toMatchObject({
        code: 3,
        stdout: '',
        stderr: expect.stringContaining('not known'),
      })
      host.ip('link', 'del', 'xenbr0')
      expect(await host.shell(`network_up ${tagged.name}; echo goes on`)).toMatchObject({
        code: 3,
        stdout: '',
        stderr: expect.stringContaining('ip link add xenbr0'),
      })
    })

    test('another wire under the same name replaces it while nobody is on it', async () => {
      furnish()
      await ensure(tagged)
      const moved = { ...tagged, vlan: 8 }
      use(tagged, 'i-1')
      await expect(ensure(moved)).rejects.toMatchObject({ message: expect.stringContaining('in use by i-1') })
      use(tagged, '')
      await ensure(moved)
      expect(Object.keys(host.links())).toEqual(expect.arrayContaining([bridgeOf(moved), deviceOf(moved)]))
      expect(Object.keys(host.links())).not.toContain(bridgeOf(tagged))
      const kept = readFileSync(join(host.folder, 'local-1', 'networks', moved.name), 'utf8')
      expect(kept).toBe(`xenbr0 8 ${bridgeOf(moved)} ${deviceOf(moved)}\n`)
    })

    test.each(['../x', '.hidden', '-rf', 'a b', 'a;b', '$(id)'])('%j is no name', async (name) => {
      furnish()
      const before = host.links()
      await expect(ensure({ ...tagged, name })).rejects.toMatchObject({ kind: 'refused' })
      await expect(remove({ ...tagged, name })).rejects.toMatchObject({ kind: 'refused' })
      expect(host.links()).toEqual(before)
    })
  })

  testWithVlans('frames of the VLAN arrive tagged at the other end of the uplink', async () => {
    const host = openNetworkHost({ deeds: networkDeeds() })
    const far = openNetworkHost({ deeds: [] })
    try {
      host.ip('link', 'add', 'xenbr0', 'type', 'bridge')
      host.ip('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', far.target.name)
      host.ip('link', 'set', 'eth0', 'master', 'xenbr0')
      for (const name of ['xenbr0', 'eth0']) host.ip('link', 'set', name, 'up')
      far.ip('link', 'set', 'eth0', 'up')
      far.ip('link', 'add', 'link', 'eth0', 'name', 'v7', 'type', 'vlan', 'id', '7')
      far.ip('addr', 'add', '10.7.0.1/24', 'dev', 'v7')
      far.ip('link', 'set', 'v7', 'up')
      await openNetworks({ guarded: host.guarded as GuardedHost }).network.ensure(host.target, ticket, tagged)
      host.ip('addr', 'add', '10.7.0.2/24', 'dev', bridgeOf(tagged))
      const ping = ['netns', 'exec', host.target.name, 'ping', '-c', '1', '-W', '5', '10.7.0.1']
      expect(spawnSync('ip', ping).status).toBe(0)
    } finally {
      host.close()
      far.close()
    }
  })
})
