import { NO_EPOCH } from '../../../src/model/epoch'
import type { HostId } from '../../../src/model/ids'
import type { HostCapacity } from '../../../src/model/machine'
import type { HostRecord, HostWish } from '../../../src/model/records'
import { askedOf, checkItEverFits } from '../../../src/operations/run/ever-fits'
import { image } from '../../support/fake-offers'

const NOTHING = { type: '', cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 }
let hosts = 0

const host = (
  wish: Partial<HostWish> = {},
  capacity: HostCapacity | null = { cpuHundredths: 400, memoryMiB: 4096, diskGiB: 40 },
): HostRecord => ({
  kind: 'host',
  id: `h${++hosts}` as HostId,
  project: null,
  rev: 1,
  generation: 1,
  epoch: NO_EPOCH,
  wakes: 0,
  phase: 0,
  schema: 1,
  wish: {
    name: `h${hosts}`,
    zone: 'z-a',
    enabled: true,
    driver: 'simulator',
    address: '',
    simulated: true,
    reserved: NOTHING,
    removing: false,
    createdAt: 0,
    ...wish,
  },
  seen: {
    at: 0,
    contact: 'ok',
    lostSince: null,
    message: null,
    boot: null,
    version: null,
    capacity,
    capabilities: null,
    foreign: [],
    orphans: [],
  },
  journal: null,
  place: null,
})
const size = { type: '', cores: 2, cpuHundredths: 200, memoryMiB: 2048, diskGiB: 20 }
const said = (zone: string | null, all: readonly HostRecord[], of = size): unknown => {
  try {
    checkItEverFits({ size: of, zone: zone }, all)
    return 'fits'
  } catch (thrown) {
    return thrown
  }
}

it.each([
  ['large enough', [host()]],
  ['exactly as large', [host({}, { cpuHundredths: 200, memoryMiB: 2048, diskGiB: 20 })]],
  ['never looked at', [host({}, null)]],
  ['beside one that is too small', [host({}, { cpuHundredths: 100, memoryMiB: 1, diskGiB: 1 }), host()]],
])('a host that is %s will do', (_name, all) => {
  expect(said(null, all)).toBe('fits')
  expect(said('z-a', all)).toBe('fits')
})

it.each([
  ['none at all', []],
  ['disabled', [host({ enabled: false })]],
  ['being removed', [host({ removing: true })]],
  ['too few cores', [host({}, { cpuHundredths: 199, memoryMiB: 9999, diskGiB: 999 })]],
  ['too little memory', [host({}, { cpuHundredths: 999, memoryMiB: 2047, diskGiB: 999 })]],
  ['too little disk', [host({}, { cpuHundredths: 999, memoryMiB: 9999, diskGiB: 19 })]],
  ['large enough but for what is kept back', [host({ reserved: { ...NOTHING, memoryMiB: 2049 } })]],
  [
    'simulated, beside a real one that is too small',
    [host(), host({ simulated: false }, { cpuHundredths: 1, memoryMiB: 1, diskGiB: 1 })],
  ],
])('%s: no capacity', (_name, all) => {
  expect(said(null, all)).toMatchObject({ kind: 'no-capacity' })
})

it('a zone is that of some host, or does not exist', () => {
  const all = [host({ zone: 'z-b' }), host({ zone: 'z-c', enabled: false }), host({ zone: 'z-d', removing: true })]
  expect(said('z-b', all)).toBe('fits')
  expect(said('z-c', all)).toMatchObject({ kind: 'no-capacity', message: 'no host of z-c takes new machines' })
  for (const zone of ['z-a', 'z-d'])
    expect(said(zone, all)).toMatchObject({ kind: 'invalid', detail: { field: 'zone', allowed: ['z-b', 'z-c'] } })
})

it('says whether it is too large or nobody serves, and never a host’s name', () => {
  const small = host({ name: 'secret-name' }, { cpuHundredths: 1, memoryMiB: 1, diskGiB: 1 })
  expect(said(null, [small])).toMatchObject({ message: 'no host is large enough for such a machine' })
  expect(said('z-a', [small])).toMatchObject({ message: 'no host of z-a is large enough for such a machine' })
  expect(String(said(null, [small]))).not.toContain('secret-name')
})

test('volumes that are made with it need room on its host too', () => {
  const order = {
    minCount: 1,
    maxCount: 1,
    newVolumes: [{ sizeGiB: 15, device: '/dev/sdf', deleteOnTermination: true }],
  }
  const offer = { image: image(1, 'debian-12', 'Debian 12', 8), interfaces: [], type: undefined, size }
  const asked = askedOf(order, offer)
  expect(asked.size.diskGiB).toBe(35)
  expect(said(null, [host()], asked.size)).toBe('fits')
  const more = askedOf({ ...order, newVolumes: [...order.newVolumes, ...order.newVolumes] }, offer)
  expect(said(null, [host()], more.size)).toMatchObject({ kind: 'no-capacity' })
})
