import type { NetworkOrder, PublicOrder, RuleOrder } from '../../../workers/drivers/driver'
import { type Bench, endMachine, faultOf, freshMac, machineOn, through, twice } from './bench'

/** ensure, remove, attach, detach, rules: each once and again. */
export function networkCases(bench: Bench): void {
  const another = (network: NetworkOrder): NetworkOrder => ({
    ...network,
    name: bench.fresh().replace('i-', 'subnet-'),
  })
  const macsOf = async (name: string) => {
    const { driver, here } = bench.stage()
    return (await driver.find(here, bench.claim(name).look)).interfaces
  }

  bench.test('ensure and remove a network, each twice', async ({ driver, here, network }) => {
    const order = another(network)
    for (const ticket of twice(bench, order.name))
      expect((await through(() => driver.network.ensure(here, ticket, order))).state).toBe('done')
    for (const ticket of twice(bench, order.name))
      expect((await through(() => driver.network.remove(here, ticket, order.name))).state).toBe('done')
  })

  bench.test('a network that a machine is on is not removed', async ({ driver, here, network }) => {
    const { name } = await machineOn(bench, 'off')
    await faultOf(driver.network.remove(here, bench.claim(network.name).effect(), network.name), 'refused')
    await endMachine(bench, name)
  })

  bench.testOf('attach-network', 'attach and detach an interface, each twice', async ({ driver, here, network }) => {
    const { name, interfaces } = await machineOn(bench, 'on')
    const first = interfaces.map((one) => one.mac)
    const order = { mac: freshMac(), address: '10.0.9.9', network }
    for (const ticket of twice(bench, name)) {
      await through(() => driver.network.attach(here, ticket, order))
      expect(await macsOf(name)).toEqual([...first, order.mac])
    }
    for (const ticket of twice(bench, name)) {
      await through(() => driver.network.detach(here, ticket, order.mac))
      expect(await macsOf(name)).toEqual(first)
    }
    await endMachine(bench, name)
  })

  bench.testOf(
    'rules',
    'rules of an interface are replaced whole; none without the interface',
    async ({ driver, here }) => {
      const { name, interfaces } = await machineOn(bench, 'off')
      const mac = interfaces[0]?.mac ?? ''
      const ssh: RuleOrder = { direction: 'in', protocol: 'tcp', ports: { from: 22, to: 22 }, peer: '0.0.0.0/0' }
      for (const rules of [[ssh], [ssh], []]) {
        const ticket = bench.claim(name).effect()
        expect((await through(() => driver.network.rules(here, ticket, mac, rules))).state).toBe('done')
      }
      await faultOf(driver.network.rules(here, bench.claim(name).effect(), freshMac(), [ssh]), 'refused')
      await endMachine(bench, name)
    },
  )

  bench.testOf(
    'addresses',
    'public addresses of an interface are replaced whole, are seen, withdrawn, and go with the definition',
    async ({ driver, here, network }) => {
      const { name, interfaces } = await machineOn(bench, 'off')
      const { mac = '', address } = interfaces[0] ?? {}
      const home = { ...network, name: `${network.name}-public`, cidr: '198.51.100.0/24', gateway: '198.51.100.1' }
      const order = (ip: string): PublicOrder => ({ ip, privateAddress: address ?? '', network: home })
      const seen = async () => {
        const look = await driver.find(here, bench.claim(name).look)
        return (look.publics ?? []).map((one) => `${one.ip} ${one.mac}`)
      }
      for (const ips of [['198.51.100.7'], ['198.51.100.7'], ['198.51.100.8'], [], ['198.51.100.8']]) {
        for (const ticket of twice(bench, name))
          await through(() => driver.network.publish(here, ticket, mac, ips.map(order)))
        expect(await seen()).toEqual(ips.map((ip) => `${ip} ${mac}`))
      }
      const other = await machineOn(bench, 'off')
      const taken = driver.network.publish(here, bench.claim(other.name).effect(), other.interfaces[0]?.mac ?? '', [
        order('198.51.100.8'),
      ])
      await faultOf(taken, 'refused')
      const nowhere = driver.network.publish(here, bench.claim(name).effect(), freshMac(), [order('198.51.100.9')])
      await faultOf(nowhere, 'refused')
      await through(() => driver.network.publish(here, bench.claim(name).effect(), freshMac(), []))
      const listed = (await driver.list(here)).machines.find((machine) => machine.name === name)
      expect(listed?.publics).toEqual([{ ip: '198.51.100.8', mac }])
      await endMachine(bench, other.name)
      await endMachine(bench, name)
      expect(await seen()).toEqual([])
    },
  )
}
