import type { HostId } from '../../../src/model/ids'
import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeJournal, Intent } from '../../../src/model/records'
import { GRACE_MS } from '../../../workers/reconcile/backoff'
import { type Deed, plan, repeated, whyCut } from '../../../workers/reconcile/plan'
import { fulfilled, nothingOf } from '../../../workers/reconcile/seen'
import { STEPS } from '../../../workers/reconcile/steps'
import { definitionDigest } from '../../../workers/reconcile/steps/definition'
import { type ComputeParts, computeRecord, HOST, placed, sighting } from '../../support/compute-record'
import { ID, intentOf, NAME } from './intent-of'

const MAC = '02:00:00:00:00:01'
const nothing = nothingOf(NAME)
const withDisk: MachineSighting = { ...nothing, disks: [{ name: `${NAME}-root`, sizeGiB: 8, attached: false }] }

const journal = (intent: Partial<Intent>, more: Partial<ComputeJournal> = {}): Partial<ComputeJournal> => ({
  intent: intentOf(intent),
  attempts: 1,
  ...more,
})

const record = (parts: ComputeParts = {}) => computeRecord({ ...parts, place: { ...placed, ...parts.place } })
const decide = (parts: ComputeParts, machine: MachineSighting, now = 2000) => plan(record(parts), machine, now)
const up = (step: string, item: string) => ({ kind: 'do', step, direction: 'up', item })
const down = (step: string, item: string) => ({ kind: 'do', step, direction: 'down', item })
const ran = { seen: { starts: 1, startedAt: 1 } }
const deleted = { wish: { exists: false } }

describe('create walks up', () => {
  test('first its disk', () => expect(decide({}, nothing)).toEqual(up('disk', `${NAME}-root`)))
  test('then its networks, which no look shows', () => {
    expect(decide({ journal: journal({ outcome: 'done' }) }, withDisk)).toEqual(up('network', 'all'))
  })
  test('networks are done once the journal says so for this host', () => {
    const done = { step: 'network', item: 'all', outcome: 'done' } as const
    expect(decide({ journal: journal(done) }, withDisk)).toEqual(up('define', definitionDigest(record())))
    expect(decide({ journal: journal({ ...done, outcome: 'open' }) }, withDisk)).toEqual(up('network', 'all'))
    expect(decide({ journal: journal({ ...done, host: 'other' as HostId }) }, withDisk)).toEqual(up('network', 'all'))
  })
  test('a definition that was refused is tried again, not the networks', () => {
    expect(decide({ journal: journal({ step: 'define', outcome: 'failed' }) }, withDisk)).toEqual(
      up('define', definitionDigest(record())),
    )
  })
  test('without interfaces there is nothing to connect', () => {
    const alone = { wish: { interfaces: [] } }
    expect(decide(alone, withDisk)).toEqual(up('define', definitionDigest(record(alone))))
  })
  test('then its power', () => expect(decide({}, sighting('off'))).toEqual(up('power', 'on')))
  test('a disk that is too small is grown, but for one that its domain has open: that one once it is stopped', () => {
    const grown = (open: { readonly open?: true }, domain: MachineSighting['domain']) => {
      const machine = sighting(domain)
      return { ...machine, disks: machine.disks.map((disk) => ({ ...disk, sizeGiB: 1, ...open })) }
    }
    const disk = up('disk', `${NAME}-root`)
    expect(decide(ran, grown({}, 'running'))).toEqual(disk)
    const running = grown({ open: true }, 'running')
    expect(decide(ran, running)).toEqual({ kind: 'nothing' })
    const off = { ...ran, wish: { power: 'off' as const } }
    expect(decide(off, running)).toEqual(down('power', 'graceful'))
    expect(decide(off, STEPS.power.after(running, 'down', record(off), 'graceful'))).toEqual(disk)
  })
  test('and then nothing', () => expect(decide(ran, sighting('running'))).toEqual({ kind: 'nothing' }))
  test('one that is wanted off is made ready all the same, and not powered', () => {
    expect(decide({ wish: { power: 'off' } }, nothing)).toEqual(up('disk', `${NAME}-root`))
    expect(decide({ wish: { power: 'off' } }, sighting('off'))).toEqual({ kind: 'nothing' })
  })
})

describe('levels', () => {
  test('off at a fulfilled start order: it stopped by itself and stays off', () => {
    expect(decide(ran, sighting('off'))).toEqual({ kind: 'nothing' })
    expect(decide(ran, sighting('crashed'))).toEqual({ kind: 'nothing' })
  })
  test('a later start order is one to fulfil', () => {
    expect(decide({ ...ran, wish: { starts: 2 } }, sighting('off'))).toEqual(up('power', 'on'))
  })
  test('a saved one is resumed by a start', () => {
    expect(decide({ ...ran, wish: { starts: 2 } }, sighting('saved'))).toEqual(up('power', 'on'))
  })
  test('restarts, cold ones first', () => {
    expect(decide({ ...ran, wish: { boots: 1 } }, sighting('running'))).toEqual(up('reboot', 'again'))
    expect(decide({ ...ran, wish: { boots: 1, resets: 1 } }, sighting('running'))).toEqual(up('reset', 'again'))
  })
  test('a restart of one that is off is nothing to do', () => {
    expect(decide({ ...ran, wish: { boots: 1 } }, sighting('off'))).toEqual({ kind: 'nothing' })
  })
  test('suspending one that runs; one that does not is left', () => {
    expect(decide({ ...ran, wish: { power: 'suspended' } }, sighting('running'))).toEqual(up('suspend', 'memory'))
    expect(decide({ ...ran, wish: { power: 'suspended' } }, sighting('saved'))).toEqual({ kind: 'nothing' })
    expect(decide({ ...ran, wish: { power: 'suspended' } }, sighting('off'))).toEqual({ kind: 'nothing' })
  })
})

describe('stop', () => {
  const off = { power: 'off' } as const
  const asked = { step: 'power', direction: 'down', item: 'graceful' } as const
  test('the guest is asked', () => {
    expect(decide({ ...ran, wish: off }, sighting('running'))).toEqual(down('power', 'graceful'))
  })
  test('or cut, if that was asked for', () => {
    expect(decide({ ...ran, wish: { ...off, how: 'hard' } }, sighting('paused'))).toEqual(down('power', 'hard'))
  })
  test('one that does not answer within its time is cut, and its owner told', () => {
    const parts = { ...ran, wish: off, journal: journal({ ...asked, at: 1000 }) }
    expect(decide(parts, sighting('running'), 1000 + GRACE_MS - 1)).toEqual(down('power', 'graceful'))
    expect(decide(parts, sighting('running'), 1000 + GRACE_MS)).toEqual(down('power', 'hard'))
    expect(whyCut(record(parts), 1000 + GRACE_MS)).toMatch(/did not shut down within 5 minutes/)
  })
  test('one that refuses three times is cut', () => {
    const parts = { ...ran, wish: off, journal: journal({ ...asked, outcome: 'failed' }, { failures: 3 }) }
    expect(decide(parts, sighting('running'))).toEqual(down('power', 'hard'))
  })
  test('once it is being cut it goes on being cut', () => {
    const parts = {
      ...ran,
      wish: off,
      journal: journal({ ...asked, item: 'hard', outcome: 'failed' }, { failures: 1 }),
    }
    expect(decide(parts, sighting('running'))).toEqual(down('power', 'hard'))
  })
  test('a later stop asks again', () => {
    const parts = { ...ran, wish: off, journal: journal({ ...asked, item: 'hard', outcome: 'done', at: 1 }) }
    expect(decide(parts, sighting('running'), GRACE_MS * 2)).toEqual(down('power', 'graceful'))
  })
})

describe('delete walks down', () => {
  test.each(['running', 'paused', 'crashed', 'saved'] as const)('%s: power first, without asking', (domain) => {
    expect(decide(deleted, sighting(domain))).toEqual(down('power', 'hard'))
  })
  test('definition, interfaces, disks, then the place', () => {
    expect(decide(deleted, sighting('off'))).toEqual(down('define', 'domain'))
    expect(decide(deleted, { ...withDisk, interfaces: [MAC] })).toEqual(down('network', MAC))
    expect(decide(deleted, withDisk)).toEqual(down('disk', `${NAME}-root`))
    expect(decide(deleted, nothing)).toEqual({ kind: 'leave' })
  })
  test('a volume is taken off; it is not its disk', () => {
    const machine = { ...nothing, disks: [{ name: 'vol-1', sizeGiB: 1, attached: true }] }
    expect(decide(deleted, machine)).toEqual({ kind: 'do', step: 'attach', direction: 'down', item: 'vol-1' })
    const other = { ...nothing, disks: [{ name: 'vol-1', sizeGiB: 1, attached: false }] }
    expect(decide(deleted, other)).toEqual({ kind: 'leave' })
  })
  test('what its host refused is undone there likewise', () => {
    const avoid = [{ host: HOST, until: 10, because: 'no loop device' }]
    expect(decide({ journal: { avoid } }, sighting('off'))).toEqual(down('define', 'domain'))
    expect(decide({ journal: { avoid } }, nothing)).toEqual({ kind: 'leave' })
  })
  test('a refusal that was over before it came back to that host undoes nothing', () => {
    const avoid = [{ host: HOST, until: 10, because: 'x' }]
    expect(decide({ journal: { avoid }, place: { at: 11 } }, nothing)).toEqual(up('disk', `${NAME}-root`))
  })
})

describe('what was there and is gone', () => {
  test('a lost disk is not silently made anew', () => {
    expect(decide(ran, nothing)).toMatchObject({ kind: 'fail' })
  })
  test('unless an operator orders another try', () => {
    const failed = { message: 'x', at: 1, retries: 0 }
    expect(decide({ ...ran, journal: { failed } }, nothing)).toEqual({ kind: 'nothing' })
    expect(decide({ ...ran, wish: { retries: 1 }, journal: { failed } }, nothing)).toEqual(up('disk', `${NAME}-root`))
  })
  test('a lost definition is written again, but what stopped by itself stays off', () => {
    expect(decide(ran, withDisk)).toEqual(up('network', 'all'))
  })
  test('a failed one can be deleted', () => {
    const failed = { message: 'x', at: 1, retries: 0 }
    expect(decide({ ...deleted, ...ran, journal: { failed } }, withDisk)).toEqual(down('disk', `${NAME}-root`))
  })
})

describe('detached work', () => {
  const working = (key: string, machine: MachineSighting = nothing): MachineSighting => ({
    ...machine,
    work: { key, what: 'copy', percent: 10 },
  })
  test('that is wanted is waited for', () => {
    const { key } = intentOf()
    expect(decide({ journal: journal({}) }, working(key))).toMatchObject({ kind: 'wait' })
  })
  test('that a lost journal knew is adopted by its key', () => {
    expect(decide({}, working(`${ID}/disk/up/7`))).toMatchObject({ kind: 'wait' })
  })
  test('that nobody wants any more is ended', () => {
    const { key } = intentOf()
    expect(decide({ ...deleted, journal: journal({}) }, working(key))).toEqual({ kind: 'cancel', key, because: null })
    expect(decide(ran, working('unknown', sighting('running')))).toMatchObject({ kind: 'cancel', key: 'unknown' })
  })
  test('a graceful stop is ended when it must be cut', () => {
    const asked = journal({ step: 'power', direction: 'down', item: 'graceful', at: 1000, outcome: 'running' })
    const parts = { ...ran, wish: { power: 'off' }, journal: asked } as const
    const key = `${ID}/power/down/1`
    const machine = working(key, sighting('running'))
    expect(decide(parts, machine)).toMatchObject({ kind: 'wait' })
    expect(decide(parts, machine, 1000 + GRACE_MS)).toMatchObject({
      kind: 'cancel',
      key,
      because: expect.stringMatching(/5 minutes/),
    })
    expect(decide({ ...parts, wish: { power: 'off', how: 'hard' } }, machine)).toEqual({
      kind: 'cancel',
      key,
      because: null,
    })
    expect(decide({ ...parts, ...deleted }, machine)).toEqual({ kind: 'cancel', key, because: null })
  })
})

describe('the same decision again', () => {
  const deed: Deed = { step: 'disk', direction: 'up', item: `${NAME}-root` }
  const repeats = (intent: Partial<Intent>, boot: string | null = 'boot-1') =>
    repeated(record({ journal: journal(intent) }), deed, boot)
  test('keeps its key while its outcome is unknown', () => {
    expect(repeats({})).toEqual(intentOf())
    expect(repeats({ outcome: 'running' })).toBeDefined()
  })
  test('is a new attempt after a known outcome', () => {
    expect(repeats({ outcome: 'done' })).toBeUndefined()
    expect(repeats({ outcome: 'failed' })).toBeUndefined()
  })
  test('is another decision for another item, direction or host', () => {
    expect(repeats({ item: 'other' })).toBeUndefined()
    expect(repeats({ direction: 'down' })).toBeUndefined()
    expect(repeats({ host: 'other' as HostId })).toBeUndefined()
  })
  test('is a new attempt when the host restarted: a result kept from before tells nothing', () => {
    expect(repeats({}, 'boot-2')).toBeUndefined()
  })
})

describe('what its definition was made from', () => {
  const now = definitionDigest(record())
  const stopped = { seen: { starts: 1, startedAt: 1, defined: 'of-another-size' }, wish: { power: 'off' } } as const
  test('is another thing now: it is written anew while it is off', () => {
    expect(decide(stopped, sighting('off'))).toEqual(up('define', now))
  })
  test('once', () => {
    expect(decide({ ...stopped, seen: { ...stopped.seen, defined: now } }, sighting('off'))).toEqual({
      kind: 'nothing',
    })
  })
  test('before it is started', () => {
    expect(decide({ ...stopped, wish: { starts: 2 } }, sighting('off'))).toEqual(up('define', now))
  })
  test('never while it runs or its memory is kept', () => {
    for (const domain of ['running', 'paused', 'saved'] as const)
      expect(decide({ seen: stopped.seen }, sighting(domain))).toEqual({ kind: 'nothing' })
  })
  test('nobody knows after a lost first answer: the same is asked again', () => {
    const first = { ...stopped, seen: {} }
    const asked = { step: 'define', direction: 'up', item: now } as const
    for (const outcome of ['open', 'running'] as const)
      expect(decide({ ...first, journal: journal({ ...asked, outcome }) }, sighting('off'))).toEqual(up('define', now))
    expect(decide({ ...first, journal: journal({ ...asked, outcome: 'done' }) }, sighting('off'))).toEqual({
      kind: 'nothing',
    })
  })
  test('is kept as its digest when it is written', () => {
    const { seen } = record()
    expect(fulfilled(seen, intentOf({ step: 'define', item: now })).defined).toBe(now)
    expect(fulfilled(seen, intentOf({ step: 'define', direction: 'down', item: 'domain' })).defined).toBeUndefined()
  })
})

describe('a guest that stops by itself', () => {
  const wish = { options: { onShutdown: 'terminate' } } as const
  const seen = { starts: 1, startedAt: 1, stoppedAt: 2 }
  test('is ended where its owner wants that', () => {
    expect(decide({ wish, seen }, sighting('off'))).toEqual({ kind: 'end' })
  })
  test.each([
    ['it stays by default', { seen }, 'off'],
    ['by its wish', { seen, wish: { options: { onShutdown: 'stop' } } }, 'off'],
    ['its owner stopped it', { seen, wish: { ...wish, power: 'off' } }, 'off'],
    ['it was suspended', { seen, wish: { ...wish, power: 'suspended' } }, 'saved'],
    ['its memory is kept', { seen, wish }, 'saved'],
    ['it crashed', { seen, wish }, 'crashed'],
  ] as const)('not where %s', (_why, parts, domain) => {
    expect(decide(parts, sighting(domain))).toEqual({ kind: 'nothing' })
  })
  test('nor where a start is ordered: that comes first', () => {
    expect(decide({ wish: { ...wish, starts: 2 }, seen }, sighting('off'))).toEqual(up('power', 'on'))
  })
})

describe('a restart that takes long', () => {
  const restart = intentOf({
    step: 'reset',
    item: 'again',
    outcome: 'running',
    levels: { starts: 1, boots: 0, resets: 1 },
  })
  const work = { key: restart.key, what: 'reset', percent: 10 }
  const between = {
    wish: { resets: 1, options: { onShutdown: 'terminate' } },
    seen: { starts: 0, startedAt: 1 },
  } as const

  test('goes on between its two domains', () => {
    expect(decide({ ...between, journal: { intent: restart } }, sighting('off', { work }))).toMatchObject({
      kind: 'wait',
    })
  })
  test('is ended when something else is wanted', () => {
    const off = { ...between, wish: { ...between.wish, power: 'off' } } as const
    expect(decide({ ...off, journal: { intent: restart } }, sighting('off', { work }))).toMatchObject({
      kind: 'cancel',
    })
    const gone = { ...between, wish: { ...between.wish, exists: false } }
    expect(decide({ ...gone, journal: { intent: restart } }, sighting('off', { work }))).toMatchObject({
      kind: 'cancel',
    })
  })
  test('that failed halfway is a start, and never the end of the machine', () => {
    const failed = { ...restart, outcome: 'failed' } as const
    expect(decide({ ...between, journal: { intent: failed } }, sighting('off'))).toEqual(up('power', 'on'))
  })
})
