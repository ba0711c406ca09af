/** Which object of an account is which machine's, and which is one too many. */
import fc from 'fast-check'
import {
  machinesIn,
  sightingOf,
  surplusIn,
  type Told,
} from '../../../../../workers/drivers/providers/elastichosts/account'
import { driveIn, serverIn } from '../../../../../workers/drivers/providers/elastichosts/api/objects'

const SITE = 'local-1'
const uuid = (digit: string | number): string => `00000000-0000-4000-8000-${String(digit).padStart(12, '0')}`
const marks = (epoch: string, machine: string) => [
  ['user:vm', machine],
  ['user:site', SITE],
  ['user:epoch', epoch],
]
const made = <T>(parse: (one: ReadonlyMap<string, string>) => T | undefined, entries: string[][]): T => {
  const object = parse(new Map(entries.map(([key = '', value = '']) => [key, value] as const)))
  if (object === undefined) throw new Error('the test wrote no object')
  return object
}
const server = (id: string | number, epoch: string, more: string[][] = [], machine = 'i-1') =>
  made(serverIn, [
    ['server', uuid(id)],
    ['status', 'active'],
    ['user:record', 'r-1'],
    ...marks(epoch, machine),
    ...more,
  ])
const drive = (id: string | number, epoch: string, role = 'root', machine = 'i-1') =>
  made(driveIn, [['drive', uuid(id)], ['size', '1024'], ['user:role', role], ...marks(epoch, machine)])
const told = (some: Partial<Told>): Told => ({ servers: [], drives: [], addresses: [], ...some })
const surplusOf = (some: Partial<Told>) => surplusIn(machinesIn(told(some), SITE).values()).map((one) => one.object)
const keptIn = (some: Partial<Told>) => machinesIn(told(some), SITE).get('i-1')

test('of two servers the one of the newer claim is the machine, whenever it appeared and whatever its id', () => {
  for (const servers of [
    [server(1, '7.5'), server(2, '7.6')],
    [server(2, '7.6'), server(1, '7.5')],
  ]) {
    expect(keptIn({ servers })?.server?.id).toBe(uuid(2))
    expect(surplusOf({ servers })).toEqual([`servers/${uuid(1)}`])
  }
})

test('of two of one claim the lower id is it, always the same', () => {
  expect(surplusOf({ servers: [server(4, '7.5'), server(3, '7.5')] })).toEqual([`servers/${uuid(4)}`])
})

test("a drive that the machine's server has is its own, whoever made it; others are too many", () => {
  const one = { servers: [server(1, '7.5', [['ide:0:0', uuid(5)]])], drives: [drive(6, '7.9'), drive(5, '7.4')] }
  expect(keptIn(one)?.root?.id).toBe(uuid(5))
  expect(surplusOf(one)).toEqual([`drives/${uuid(6)}`])
})

test('of the addresses that a zone tells those are kept that are addresses', () => {
  const { addresses } = server(1, '7.5', [['nic:0:dhcp:ip', '203.0.113.24 \u001b[2J auto 2001:db8::1 1.2.3.4.5']])
  expect(addresses).toEqual(['203.0.113.24', '2001:db8::1'])
})

test('a drive of each role is no surplus, and no server: it is off, without id', () => {
  const machine = keptIn({ drives: [drive(5, '7.4'), drive(6, '7.4', 'seed')] })
  expect([machine?.root?.id, machine?.seed?.id, machine?.surplus]).toEqual([uuid(5), uuid(6), []])
  expect(machine && sightingOf(machine)).toMatchObject({ name: 'i-1', id: null, domain: 'off', whole: true })
})

test('an address by its name; the one that the server has stays', () => {
  const addresses = ['192.0.2.8', '192.0.2.9'].map((id) => ({ id, name: `og-${SITE}-i-1` }))
  const servers = [server(1, '7.5', [['nic:0:dhcp', '192.0.2.9']])]
  expect(keptIn({ servers, addresses })?.address?.id).toBe('192.0.2.9')
  expect(surplusOf({ servers, addresses })).toEqual(['addresses/192.0.2.8'])
})

test.each([
  ['of another site', [['user:site', 'other']]],
  ['without our mark', [['user:vm', '']]],
])('objects %s are nobody to us', (_name, more) => {
  expect(machinesIn(told({ servers: [server(1, '7.5', more)] }), SITE).size).toBe(0)
  expect(machinesIn(told({ addresses: [{ id: '192.0.2.8', name: 'mine' }] }), SITE).size).toBe(0)
})

test.each([
  ['active', 'running'],
  ['stopped', 'off'],
  ['paused', 'paused'],
  ['dumped', 'crashed'],
  ['dead', 'crashed'],
  ['never heard of', 'paused'],
])('%s is %s', (status, domain) => {
  const machine = keptIn({
    servers: [
      server(1, '7.5', [
        ['status', status],
        ['started', '1290000000'],
        ['nic:0:dhcp:ip', '203.0.113.24'],
      ]),
    ],
  })
  expect(machine && sightingOf(machine)).toEqual({
    ...{ name: 'i-1', id: 'r-1', domain, disks: [], interfaces: [], work: null, whole: true },
    startedAt: status === 'active' ? 1_290_000_000_000 : null,
    given: { object: uuid(1), addresses: status === 'active' ? [{ ip: '203.0.113.24', scope: 'public' }] : [] },
  })
})

test('whatever is there, each object of ours is exactly one machine or one surplus, in any order', () => {
  const object = fc.record({
    id: fc.nat({ max: 40 }),
    epoch: fc.integer({ min: 1, max: 4 }),
    machine: fc.constantFrom('i-1', 'i-2', 'i-3'),
  })
  const some = fc.uniqueArray(object, { selector: ({ id }) => id, maxLength: 12 })
  fc.assert(
    fc.property(some, some, (ofServers, ofDrives) => {
      const servers = ofServers.map(({ id, epoch, machine }) => server(id, `7.${epoch}`, [], machine))
      const drives = ofDrives.map(({ id, epoch, machine }) => drive(id, `7.${epoch}`, 'root', machine))
      const machines = [...machinesIn(told({ servers, drives }), SITE).values()]
      const kept = machines.flatMap((one) => [one.server, one.root].flatMap((own) => (own ? [own.id] : [])))
      const surplus = surplusIn(machines).map(({ object: named }) => named.slice(named.indexOf('/') + 1))
      expect([...kept, ...surplus].toSorted()).toEqual([...servers, ...drives].map(({ id }) => id).toSorted())
      const again = machinesIn(told({ servers: servers.toReversed(), drives: drives.toReversed() }), SITE)
      for (const one of machines) expect(again.get(one.name)?.server?.id).toBe(one.server?.id)
    }),
  )
})
