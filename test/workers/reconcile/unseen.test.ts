/** A machine is built by one job and one look while all goes well, and looked at before each effect as soon as something did not. */
import { lifecycle } from '../../../src/model/lifecycle'
import { USUAL_OPTIONS } from '../../../src/model/records'
import type { Deed } from '../../../workers/reconcile/plan'
import { followsUnseen } from '../../../workers/reconcile/unseen'
import { computeRecord } from '../../support/compute-record'
import { wrongs } from '../../support/invariants'
import { openPump, type Pump } from '../../support/pump'
import { startRedis, type TestRedis } from '../../support/redis'
import { type Site, startSite } from '../../support/site'

describe('which effect follows which', () => {
  const up = (step: Deed['step'], item = 'x'): Deed => ({ step, direction: 'up', item })
  const down = (step: Deed['step']): Deed => ({ step, direction: 'down', item: 'x' })
  const record = computeRecord()

  test.each([
    ['disk', 'network'],
    ['network', 'define'],
    ['define', 'power'],
    ['define', 'rules'],
    ['attach', 'power'],
    ['mark', 'power'],
  ] as const)('%s, then %s', (last, next) => expect(followsUnseen(record, up(last), up(next))).toBe(true))

  test('two disks, but never the same effect again', () => {
    expect(followsUnseen(record, up('disk', 'a'), up('disk', 'b'))).toBe(true)
    expect(followsUnseen(record, up('disk', 'a'), up('disk', 'a'))).toBe(false)
  })

  test.each([
    [up('power'), up('reboot')],
    [up('power'), up('suspend')],
    [up('resize'), up('power')],
    [down('power'), down('define')],
    [up('define'), down('attach')],
    [down('attach'), up('power')],
  ])('%j is looked at before %j', (last, next) => expect(followsUnseen(record, last, next)).toBe(false))

  test('a definition is looked at where it may have to be marked', () => {
    const marked = computeRecord({ wish: { options: { ...USUAL_OPTIONS, restartable: true } } })
    expect(followsUnseen(marked, up('define'), up('power'))).toBe(false)
    expect(followsUnseen(marked, up('disk'), up('define'))).toBe(true)
  })

  test('nothing follows unseen once something was doubted', () => {
    const doubting = computeRecord({ journal: { doubted: { step: 'define', item: 'x' } } })
    expect(followsUnseen(doubting, up('disk'), up('network'))).toBe(false)
  })
})

describe('a job', () => {
  let redis: TestRedis
  let site: Site
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())
  beforeEach(async () => {
    site = await startSite({ redis, hosts: 1 })
  })
  afterEach(() => site.close())

  const built = async (pump: Pump, wish = {}): Promise<string> => {
    const [id = ''] = await site.order(1, wish)
    await pump.until(async () => lifecycle(await site.compute(id)) === 'running', 'a running machine')
    expect(await wrongs(site)).toEqual([])
    return id
  }
  const looks = (pump: Pump): number => pump.passed.filter((point) => point === 'after:look compute').length

  test('builds a machine by one look, each effect with an intent and a result of its own', async () => {
    const pump = openPump(site)
    await built(pump)
    expect(looks(pump)).toBe(1)
    const own = pump.passed.filter((point) => / compute$/.test(point))
    expect(own.slice(own.indexOf('after:look compute') + 1)).toEqual([
      ...['disk', 'network', 'define', 'power'].flatMap(() =>
        ['intent', 'act', 'result'].flatMap((arrow) => [`before:${arrow} compute`, `after:${arrow} compute`]),
      ),
      'before:settle compute',
      'after:settle compute',
    ])
  })

  test('ends when its time is over, and the next one goes on', async () => {
    const pump = openPump(site, { onwardMs: 0 })
    await built(pump)
    expect(looks(pump)).toBe(4)
  })

  test('marks before it starts what is to be restarted', async () => {
    const pump = openPump(site)
    const id = await built(pump, { options: { ...USUAL_OPTIONS, restartable: true } })
    expect((await site.compute(id)).seen.machine?.restartable).toBe(true)
    expect(looks(pump)).toBe(2)
  })

  test('begins no effect once somebody wished otherwise', async () => {
    let done = 0
    const pump = openPump(site, {
      at: async (point, ref) => {
        if (point === 'after:act' && ref.kind === 'compute' && ++done === 2)
          await site.wish(ref.id, () => ({ exists: false }))
      },
    })
    const [id = ''] = await site.order(1)
    await pump.until(async () => lifecycle(await site.compute(id)) === 'done', 'its end')
    const { hosts } = await site.simulator.admin.snapshot()
    const effects = hosts[0]?.resources[(await site.compute(id)).wish.name]?.effects ?? {}
    expect(Object.keys(effects)).not.toContain('define')
    expect(await wrongs(site)).toEqual([])
  })
})
