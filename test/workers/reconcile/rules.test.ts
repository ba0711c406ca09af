/** When a machine's rules go to its host, and what they come to. */
import type { HostId, SecurityGroupId } from '../../../src/model/ids'
import type { SecurityGroupRecord, TrafficWish } from '../../../src/model/records'
import { membersOf } from '../../../workers/reconcile/groups'
import { plan } from '../../../workers/reconcile/plan'
import { fulfilled } from '../../../workers/reconcile/seen'
import { rules } from '../../../workers/reconcile/steps/rules'
import { trafficWish } from '../../../workers/reconcile/traffic'
import { type ComputeParts, computeRecord, placed, sighting } from '../../support/compute-record'
import { intentOf } from './intent-of'

const traffic: TrafficWish = { digest: 'new', interfaces: [] }
const record = (parts: ComputeParts = {}) => computeRecord({ ...parts, place: { ...placed, ...parts.place } })
const wanted = { wish: { traffic } }
const ran = { seen: { starts: 1, startedAt: 1 } }
const decide = (parts: ComputeParts, domain: Parameters<typeof sighting>[0]) =>
  plan(record(parts), sighting(domain), 2000)
const up = { kind: 'do', step: 'rules', direction: 'up', item: 'new' }

test('given before the machine is powered, and while it runs or is off', () => {
  expect(decide(wanted, 'off')).toEqual(up)
  expect(decide({ ...ran, ...wanted }, 'running')).toEqual(up)
  expect(decide({ ...ran, wish: { traffic, power: 'off' } }, 'off')).toEqual(up)
  expect(decide({ seen: { rules: 'old' }, ...wanted }, 'off')).toEqual(up)
})

test('not given twice, nor where nothing is wanted', () => {
  expect(decide({ seen: { starts: 1, startedAt: 1, rules: 'new' }, ...wanted }, 'running')).toEqual({ kind: 'nothing' })
  expect(decide({ seen: { rules: 'new' }, ...wanted }, 'off')).toMatchObject({ step: 'power', direction: 'up' })
  expect(decide({}, 'off')).toMatchObject({ step: 'power', direction: 'up' })
})

test('a stop, a suspension and a restart do not wait for them; nobody starts without them', () => {
  for (const [wish, step] of [
    [{ power: 'off' }, 'power'],
    [{ power: 'suspended' }, 'suspend'],
    [{ boots: 1 }, 'reboot'],
  ] as const)
    expect(decide({ ...ran, wish: { traffic, ...wish } }, 'running')).toMatchObject({ step })
  const intent = intentOf({ step: 'rules', direction: 'up', item: 'new', outcome: 'failed' })
  expect(decide({ ...wanted, journal: { intent, failures: 9 } }, 'off')).toEqual(up)
})

test('remembered when they were given, forgotten with the definition that they were of', () => {
  const { seen } = record()
  const given = fulfilled(seen, intentOf({ step: 'rules', direction: 'up', item: 'new' }))
  expect(given.rules).toBe('new')
  expect(fulfilled(given, intentOf({ step: 'define', direction: 'up', item: 'd' }))).not.toHaveProperty('rules')
  expect(rules.lacks(record({ ...wanted, seen: given }), sighting('off'))).toBeUndefined()
  expect(rules.after(sighting('off'), 'up', record(wanted), 'new')).toEqual(sighting('off'))
  expect(rules.leaves(record(wanted), sighting('off'))).toBeUndefined()
})

const GROUP = 'bbbbbbbb-0000-4000-8000-000000000001' as SecurityGroupId
const interfaces = (groups: readonly string[], address = '10.0.0.10') =>
  record().wish.interfaces.map((one) => ({ ...one, address, groups: groups as readonly SecurityGroupId[] }))
const groupRecord = (members: readonly string[]): SecurityGroupRecord => ({
  ...{ kind: 'securitygroup', id: GROUP, project: record().project, rev: 1, generation: 1, epoch: record().epoch },
  ...{ wakes: 0, phase: 0, schema: 1, journal: null, place: null },
  wish: {
    ...{ name: 'web', group: 'sg-00000000000000001', description: 'x', tags: {}, createdAt: 1 },
    rules: [
      { rule: 'sgr-1', direction: 'in', protocol: 'all', ports: null, peer: { group: GROUP }, description: null },
    ],
  },
  seen: { members, told: '', telling: false, at: 0 },
})
const of = (parts: ComputeParts, members: readonly string[], host = 'host-1') =>
  trafficWish(record(parts), host as HostId, new Map([[GROUP, groupRecord(members)]]))

test('references are the addresses of the members; another host has been given nothing', () => {
  const mine = { wish: { interfaces: interfaces([GROUP]) } }
  expect(of(mine, ['10.0.0.10', '10.0.0.11']).interfaces).toEqual([
    {
      mac: '02:00:00:00:00:01',
      rules: ['10.0.0.10/32', '10.0.0.11/32'].map((peer) => ({ direction: 'in', protocol: 'all', ports: null, peer })),
    },
  ])
  expect(of(mine, ['10.0.0.10']).digest).not.toBe(of(mine, []).digest)
  expect(of(mine, []).digest).not.toBe(of(mine, [], 'host-2').digest)
  expect(of({ wish: { interfaces: interfaces(['gone']) } }, []).interfaces[0]?.rules).toEqual([])
  expect(of({}, []).interfaces).toEqual([])
})

test('members are the living machines of the same project', () => {
  const one = (parts: ComputeParts, address: string, groups = [GROUP as string]) =>
    record({ ...parts, wish: { ...parts.wish, interfaces: interfaces(groups, address) } })
  const all = [
    one({}, '10.0.0.12'),
    one({}, '10.0.0.11'),
    one({}, '10.0.0.13', ['other']),
    one({ wish: { exists: false } }, '10.0.0.14'),
    one({ project: 'aaaaaaaa-0000-4000-8000-000000000002' }, '10.0.0.15'),
    record(),
  ]
  expect(membersOf(GROUP, record().project, all)).toEqual(['10.0.0.11', '10.0.0.12'])
})
