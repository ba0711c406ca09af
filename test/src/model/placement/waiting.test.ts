import { explain, waitingReasons, wouldFit } from '../../../../src/model/placement'
import { demand, hostView, sizeOf } from '../../../support/host-record'

const big = demand('m', sizeOf(4, 8192, 50))
const room = (cpuHundredths: number, memoryMiB: number, diskGiB: number) => ({ cpuHundredths, memoryMiB, diskGiB })

test('every host with every rule that refuses', () => {
  const hosts = [hostView('1'), hostView('2', { enabled: false, answers: false, free: room(0, 0, 0) })]
  expect(explain(big, hosts)).toEqual([
    { host: 'host-1', zone: 'local-1a', because: [] },
    {
      host: 'host-2',
      zone: 'local-1a',
      because: [
        'is disabled',
        'does not answer',
        'needs 4 cores, has 0 free',
        'needs 8192 MiB, has 0 MiB free',
        'needs 50 GiB of disk, has 0 GiB free',
      ],
    },
  ])
})

test('each host is counted once, for the first rule that refuses; at most three examples, one per reason', () => {
  const hosts = [
    hostView('1', { enabled: false, answers: false }),
    hostView('2', { answers: false }),
    hostView('3', { free: room(100, 16_384, 100) }),
    hostView('4', { free: room(200, 16_384, 100) }),
    hostView('5', { free: room(800, 1, 100) }),
    hostView('6', { free: room(800, 16_384, 1) }),
  ]
  const { reasons, examples } = waitingReasons(big, hosts)
  expect(reasons).toEqual({
    disabled: 1,
    'not answering': 1,
    'not enough CPU': 2,
    'not enough memory': 1,
    'not enough disk': 1,
  })
  expect(examples.map((example) => example.host)).toEqual(['host-1', 'host-2', 'host-3'])
})

test.each([
  ['no host', big, [], 'no host was added yet'],
  ['none serves', big, [hostView('1', { enabled: false })], 'it fits when a host answers and is enabled'],
  ['too large for all', demand('m', sizeOf(64, 1)), [hostView('1')], 'no host is large enough'],
  [
    'too large for its zone',
    demand('m', sizeOf(64, 1), { zone: 'local-1a' }),
    [hostView('1'), hostView('2', { zone: 'local-1b' })],
    'no host of local-1a is large enough',
  ],
  [
    'short of two things',
    big,
    [hostView('1', { free: room(100, 8191, 100) })],
    'it fits when 3 cores and 1 MiB of memory more become free on one host',
  ],
  [
    'the nearest is told',
    big,
    [hostView('1', { free: room(0, 0, 0) }), hostView('2', { free: room(300, 8192, 100) })],
    'it fits when 1 core more become free on one host',
  ],
  [
    'another zone has room',
    demand('m', big.size, { zone: 'local-1a' }),
    [hostView('1', { free: room(0, 8192, 50) }), hostView('2', { zone: 'local-1b' })],
    'it fits when 4 cores more become free on one host of local-1a; it would fit in local-1b',
  ],
  [
    'only another zone could ever take it',
    demand('m', big.size, { zone: 'local-1a' }),
    [hostView('1', { usable: room(100, 100, 1) }), hostView('2', { zone: 'local-1b' })],
    'it would fit in local-1b',
  ],
  [
    'all that refuses is a refusal of before',
    demand('m', sizeOf(1, 1), { avoid: [{ host: hostView('1').id, because: 'x' }] }),
    [hostView('1')],
    'it is tried again in a few minutes',
  ],
])('what would make it fit: %s', (_what, machine, hosts, text) => {
  expect(wouldFit(machine, hosts)).toBe(text)
})

test('tenants read no host name in what would make it fit', () => {
  const hosts = [hostView('1', { free: room(0, 0, 0) }), hostView('2', { zone: 'local-1b' })]
  expect(waitingReasons(demand('m', big.size, { zone: 'local-1a' }), hosts).wouldFit).not.toContain('host-')
})
