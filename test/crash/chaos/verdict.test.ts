import type { Instance } from '@aws-sdk/client-ec2'
import type { Snapshot } from '../../../workers/drivers/simulator/snapshot'
import type { Asked } from './tenant'
import { complaints } from './verdict'

/** A snapshot in which host n holds the named machines in these domain states. */
const snapshot = (...hosts: readonly Readonly<Record<string, string>>[]): Snapshot =>
  ({
    now: 0,
    offsetMs: 0,
    faults: [],
    hosts: hosts.map((machines, index) => ({
      name: `sim-${index + 1}`,
      capacity: { cpuHundredths: 400, memoryMiB: 4096, diskGiB: 100 },
      used: { cpuHundredths: 100 * Object.keys(machines).length, memoryMiB: 0, diskGiB: 0 },
      resources: Object.fromEntries(
        Object.entries(machines).map(([name, domain]) => [
          name,
          { departed: domain === 'departed', sighting: { domain, disks: domain === 'absent' ? [] : [{}] } },
        ]),
      ),
    })),
  }) as unknown as Snapshot

const asked = (machines: Readonly<Record<string, Asked>>) => new Map(Object.entries(machines))
const shown = (machines: Readonly<Record<string, string>>) =>
  new Map(Object.entries(machines).map(([id, name]) => [id, { State: { Name: name } } as Instance]))

describe('the verdict of the chaos test', () => {
  test('has nothing to complain of when all is well', () => {
    const wish = asked({ 'i-1': 'running', 'i-2': 'stopped', 'i-3': 'terminated' })
    const ec2 = shown({ 'i-1': 'running', 'i-2': 'stopped', 'i-3': 'terminated' })
    expect(complaints(wish, ec2, snapshot({ 'i-1': 'running', 'i-3': 'departed' }, { 'i-2': 'off' }))).toEqual([])
  })

  const running = { wish: asked({ 'i-1': 'running' }), ec2: shown({ 'i-1': 'running' }) }
  test.each<[string, Map<string, Asked>, Map<string, Instance>, Snapshot, RegExp]>([
    [
      'a machine on two hosts',
      running.wish,
      running.ec2,
      snapshot({ 'i-1': 'running' }, { 'i-1': 'off' }),
      /on 2 hosts/,
    ],
    ['a lost machine', running.wish, running.ec2, snapshot({}), /on 0 hosts/],
    ['a machine that is off', running.wish, running.ec2, snapshot({ 'i-1': 'off' }), /its domain is off/],
    ['an untrue front', running.wish, shown({ 'i-1': 'pending' }), snapshot({ 'i-1': 'running' }), /EC2 shows pending/],
    ['a forgotten record', running.wish, shown({}), snapshot({ 'i-1': 'running' }), /EC2 shows nothing/],
    ['an orphan', asked({}), shown({}), snapshot({ 'i-9': 'running' }), /nobody ordered/],
    ['a record of nobody', asked({}), shown({ 'i-9': 'running' }), snapshot({}), /never acknowledged/],
    [
      'a left-over',
      asked({ 'i-1': 'terminated' }),
      shown({ 'i-1': 'terminated' }),
      snapshot({ 'i-1': 'off' }),
      /left on sim-1/,
    ],
    [
      'a full host',
      running.wish,
      running.ec2,
      snapshot({ 'i-1': 'running', a: 'off', b: 'off', c: 'off', d: 'off' }),
      /over capacity/,
    ],
  ])('names %s', (_name, wish, ec2, hosts, text) => {
    expect(complaints(wish, ec2, hosts).join('\n')).toMatch(text)
  })
})
