import type { Instance, InstanceStateName } from '@aws-sdk/client-ec2'
import type { MachineDefinition } from '../../../../../workers/drivers/driver'
import { clientToken, keyName, markOf, marksOf } from '../../../../../workers/drivers/providers/ec2/marks'
import { sorted } from '../../../../../workers/drivers/providers/ec2/sighting'

const definition = { name: 'i-1', id: 'record-1', site: 'local-1' } as MachineDefinition
const LAUNCH = new Date('2026-11-21T12:00:00Z')

const instance = (
  id: string,
  state: InstanceStateName,
  key = 'record-1/define/up/1',
  parts: Partial<Instance> = {},
): Instance => ({
  InstanceId: id,
  State: { Name: state },
  LaunchTime: LAUNCH,
  Tags: marksOf(definition, key),
  ...parts,
})

test.each([
  ['pending', 'running'],
  ['running', 'running'],
  ['stopping', 'running'],
  ['shutting-down', 'running'],
  ['stopped', 'off'],
  ['terminated', 'absent'],
] as const)('%s is seen %s', (state, domain) => {
  expect(sorted([instance('i-their', state)]).machines).toMatchObject([
    { name: 'i-1', domain, whole: true, work: null },
  ])
})

test('what it was given is told, a public address only where it is another one', () => {
  const both = { PrivateIpAddress: '10.0.0.5', PublicIpAddress: '203.0.113.7' }
  const [seen] = sorted([instance('i-their', 'running', undefined, both)]).machines
  expect(seen).toMatchObject({
    id: 'record-1',
    startedAt: LAUNCH.getTime(),
    given: {
      object: 'i-their',
      addresses: [
        { ip: '10.0.0.5', scope: 'private' },
        { ip: '203.0.113.7', scope: 'public' },
      ],
    },
  })
  const same = { PrivateIpAddress: '10.0.0.5', PublicIpAddress: '10.0.0.5' }
  expect(sorted([instance('i-their', 'running', undefined, same)]).machines[0]?.given?.addresses).toHaveLength(1)
})

test('of several with one mark the first attempt is the machine, whichever was started last; the others are surplus', () => {
  const later = instance('i-a', 'running', 'record-1/define/up/9')
  const first = instance('i-b', 'stopped', 'record-1/define/up/2', { LaunchTime: new Date('2026-11-22') })
  for (const order of [
    [later, first],
    [first, later],
  ]) {
    const { machines, surplus } = sorted(order)
    expect(machines).toMatchObject([{ given: { object: 'i-b' } }])
    expect(surplus).toEqual([{ machine: 'i-1', object: 'i-a' }])
  }
})

test('one that is being ended is not the machine where there is another one, and is nobody’s surplus', () => {
  const { machines, surplus } = sorted([
    instance('i-a', 'shutting-down'),
    instance('i-b', 'running', 'record-1/define/up/2'),
  ])
  expect(machines).toMatchObject([{ given: { object: 'i-b' } }])
  expect(surplus).toEqual([])
})

test.each([
  ['stopped', 'Client.InstanceInitiatedShutdown', { by: 'guest' }],
  ['stopped', 'Client.UserInitiatedShutdown', { by: 'account' }],
  ['stopped', 'Client.UserInitiatedHibernate', { by: 'account' }],
  ['stopped', 'Server.ScheduledStop', { by: 'provider' }],
  ['stopped', 'Server.SpotInstanceShutdown', { by: 'provider' }],
  ['stopped', undefined, { by: 'unknown' }],
  ['terminated', 'Client.UserInitiatedShutdown', { by: 'account', forGood: true, why: 'Client.UserInitiatedShutdown' }],
  [
    'terminated',
    'Server.SpotInstanceTermination',
    { by: 'provider', forGood: true, why: 'Server.SpotInstanceTermination' },
  ],
  ['terminated', 'Client.VolumeLimitExceeded', { by: 'unknown', forGood: true, why: 'Client.VolumeLimitExceeded' }],
  ['terminated', undefined, { by: 'unknown', forGood: true }],
] as const)('%s with the reason %s tells who ended it', (state, Code, ended) => {
  const parts = Code === undefined ? {} : { StateReason: { Code, Message: `${Code}: as Amazon says it` } }
  const [seen] = sorted([instance('i-their', state, undefined, parts)]).machines
  expect(seen).toMatchObject({ ended, given: { object: 'i-their' } })
})

test.each([
  ['Client.UserInitiatedHibernate', 'saved'],
  ['Client.UserInitiatedShutdown', 'off'],
  ['Server.ScheduledStop', 'off'],
] as const)('stopped with the reason %s it is seen %s', (Code, domain) => {
  const [seen] = sorted([instance('i-their', 'stopped', undefined, { StateReason: { Code } })]).machines
  expect(seen).toMatchObject({ domain, startedAt: null, id: 'record-1' })
})

test('one that is to be hibernated runs until it is stopped, and one that was is gone once it is terminated', () => {
  const StateReason = { Code: 'Client.UserInitiatedHibernate' }
  const domains = (['stopping', 'shutting-down', 'terminated'] as const).map(
    (state) => sorted([instance('i-their', state, undefined, { StateReason })]).machines[0]?.domain,
  )
  expect(domains).toEqual(['running', 'running', 'absent'])
})

test.each([
  [true, { hibernates: true }],
  [false, {}],
  [undefined, {}],
])('launched to be hibernated: %p is told as %p', (Configured, told) => {
  const [seen] = sorted([instance('i-their', 'running', undefined, { HibernationOptions: { Configured } })]).machines
  expect(seen?.given).toEqual({ object: 'i-their', addresses: [], ...told })
})

test('one that runs or is being ended is not said to have ended', () => {
  for (const state of ['pending', 'running', 'stopping', 'shutting-down'] as const)
    expect(sorted([instance('i-their', state)]).machines[0]).not.toHaveProperty('ended')
})

test.each([
  ['pending', true],
  ['shutting-down', true],
  ['running', undefined],
  ['stopping', undefined],
  ['stopped', undefined],
  ['terminated', undefined],
] as const)('%s says that it may not have run yet: %s', (state, unbegun) => {
  expect(sorted([instance('i-their', state)]).machines[0]?.unbegun).toBe(unbegun)
})

test('one that ended is the machine only where no other one is there; the newest of them says how it did', () => {
  const former = instance('i-a', 'terminated', 'record-1/define/up/2')
  const newer = instance('i-b', 'terminated', 'record-1/define/up/9')
  const ending = instance('i-c', 'shutting-down', 'record-1/define/up/12')
  expect(sorted([former, newer]).machines).toMatchObject([{ domain: 'absent', given: { object: 'i-b' } }])
  expect(sorted([former, newer, ending])).toMatchObject({ machines: [{ given: { object: 'i-c' } }], surplus: [] })
  expect(sorted([former, newer]).surplus).toEqual([])
})

test('what bears no mark is not ours', () => {
  expect(sorted([{ InstanceId: 'i-other', State: { Name: 'running' } }])).toEqual({ machines: [], surplus: [] })
  expect(markOf({ Tags: [{ Key: 'Name', Value: 'i-1' }] })).toBeUndefined()
})

test('the client token is the same for the same key, another for another key or site, and within EC2’s 64 characters', () => {
  expect(clientToken('a', 'k/1')).toBe(clientToken('a', 'k/1'))
  expect(new Set([clientToken('a', 'k/1'), clientToken('a', 'k/2'), clientToken('b', 'k/1')]).size).toBe(3)
  expect(clientToken('a', 'k/1')).toMatch(/^[0-9a-f]{64}$/)
  expect(keyName('ssh-ed25519 AAAA')).toMatch(/^occi-gateway-[0-9a-f]{16}$/)
})
