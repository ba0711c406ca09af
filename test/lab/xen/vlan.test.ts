/**
 * A network with a VLAN on real hosts: two guests on two hosts hear each other, by frames that bear the tag on the cable between
 * them; what is on the untagged bridge hears neither.
 */
import { join } from 'node:path'
import { nocloudDisk } from '../../../src/metadata/nocloud'
import type { HostTarget, MachineDefinition, NetworkOrder } from '../../../workers/drivers/driver'
import { bridgeOf, deviceOf } from '../../../workers/drivers/network/names'
import { type Stage, through } from '../../contract/driver/bench'
import { until } from '../../support/until'
import { BRIDGE } from './build/hosts'
import { framesIn } from './frames'
import { leftOn } from './left-on'
import { patient } from './patience'
import { PATIENCE } from './tenant'
import { useLab } from './use-lab'
import { openXlStage } from './xl-stage'

const VLAN = 7
const network: NetworkOrder = { name: 'subnet-7', bridge: BRIDGE, vlan: VLAN, cidr: '10.7.0.0/24', gateway: '' }

interface Guest {
  readonly name: string
  readonly mac: string
  readonly address: string
}
const GUESTS = [
  { name: 'i-00000000000000701', mac: '02:00:00:00:07:01', address: '10.7.0.11' },
  { name: 'i-00000000000000702', mac: '02:00:00:00:07:02', address: '10.7.0.12' },
] as const satisfies readonly Guest[]

const lab = useLab()
let stage: Stage
let number = 0

beforeAll(async () => {
  stage = await openXlStage(lab())
}, patient(120_000))
afterAll(() => stage?.close())

const claim = (resource: string) => ({ resource, epoch: { era: 1_700_000_000_000, number: ++number } })
const ticket = (resource: string) => ({ ...claim(resource), key: `${resource}/test/up/${number}` })

/** It asks the other one until that answers, and says on its console what it heard. */
const definition = (guest: Guest, other: Guest): MachineDefinition => ({
  name: guest.name,
  id: `00000000-0000-4000-8000-${guest.name.slice(-12)}`,
  site: stage.site,
  size: stage.size,
  disks: [],
  interfaces: [{ mac: guest.mac, address: guest.address, network }],
  ...(stage.boot ? { boot: stage.boot } : {}),
  seed: nocloudDisk({
    instanceId: guest.name,
    hostname: guest.name,
    publicKeys: [],
    interfaces: [{ name: 'eth0', mac: guest.mac, address: guest.address, cidr: network.cidr, gateway: '', dns: [] }],
    userData: Buffer.from(
      `#!/bin/sh\nuntil wget -q -O /run/heard http://${other.address}/; do sleep 1; done; echo "HEARD $(cat /run/heard)"\n`,
    ),
  }).toString('base64'),
})

async function start(host: HostTarget, order: MachineDefinition): Promise<void> {
  const [define, on] = [ticket(order.name), ticket(order.name)]
  await through(() => stage.driver.define(host, define, order))
  await through(() => stage.driver.power(host, on, { to: 'on' }))
}

async function end(host: HostTarget, { name }: Guest): Promise<void> {
  const { driver } = stage
  const [off, gone] = [ticket(name), ticket(name)]
  await through(() => driver.power(host, off, { to: 'off', how: 'hard' }))
  await through(() => driver.undefine(host, gone))
  const removed = ticket(network.name)
  await through(() => driver.network.remove(host, removed, network.name))
}

/** Whether a host hears a guest when it is itself on a bridge with an address of that network. */
async function hears(bridge: string, { address }: Guest): Promise<boolean> {
  const [, hv2] = lab().hosts
  const add = `ip addr add 10.7.0.99/24 dev ${bridge}`
  const { stdout } = await hv2.sh(
    `${add} && { ping -c 3 -W 2 ${address} >/dev/null && echo heard; ip addr del 10.7.0.99/24 dev ${bridge}; }`,
  )
  return stdout === 'heard\n'
}

test('two guests on two hosts hear each other by tagged frames, and what is not on the VLAN hears neither', async () => {
  const [hv1, hv2] = lab().hosts
  const [first, second] = GUESTS
  const before = await Promise.all(lab().hosts.map(leftOn))
  const file = join(lab().folder, 'cable.pcap')
  await hv1.monitor.capture(file, 'cable')
  await start(stage.here, definition(first, second))
  await start(stage.there, definition(second, first))

  for (const [host, guest, other] of [
    [stage.here, first, second],
    [stage.there, second, first],
  ] as const)
    await until(
      async () => (await stage.driver.console(host, claim(guest.name))).text.includes(`HEARD ${other.name}`),
      { ...PATIENCE, what: `${guest.name} to hear ${other.name}` },
    )

  const [bridge, device] = [bridgeOf(network), deviceOf(network)]
  for (const host of [hv1, hv2]) {
    expect(await host.print(`ip -d link show ${device}`)).toContain(`vlan protocol 802.1Q id ${VLAN} `)
    const ports = (await host.print(`ls /sys/class/net/${bridge}/brif`)).trim().split('\n').toSorted()
    expect(ports).toEqual([device, expect.stringMatching(/^vif\d+\.0$/)])
  }
  const frames = framesIn(file)
  for (const { mac } of GUESTS) {
    const sent = frames.filter((frame) => frame.from === mac)
    expect(sent.length).toBeGreaterThan(3)
    expect(new Set(sent.map((frame) => frame.vlan))).toEqual(new Set([VLAN]))
  }

  expect(await hears(bridge, first)).toBe(true)
  expect(await hears(BRIDGE, first)).toBe(false)

  await end(stage.here, first)
  await end(stage.there, second)
  for (const [at, host] of lab().hosts.entries()) {
    // The site's image cache and settings stay until the host leaves.
    const kept = (lines: readonly string[] = []) =>
      lines.filter((line) => !line.startsWith('file ') || /\/(machines|disks|networks)\//.test(line))
    expect(kept(await leftOn(host))).toEqual(kept(before[at]))
  }
})
