/** Plans and what-ifs as people read them, over a gateway that answers like ours. */
import type { AdminClient } from '../../../../src/cli/admin-client'
import { inVain, told as toldPlan } from '../../../../src/cli/commands/rebalance'
import { answered, study } from '../../../../src/cli/commands/study'
import { told as toldWhatIf } from '../../../../src/cli/commands/whatif'
import { startApp, type TestApp } from '../../../support/http'
import { startRedis, type TestRedis } from '../../../support/redis'
import { until } from '../../../support/until'

const base = {
  ...{ id: 'p1', kind: 'rebalance', createdAt: '2026-11-21T15:00:00.000Z', by: 'operator' },
  ...{ answeredAt: '2026-11-21T15:00:01.000Z', message: null, rebalance: null, whatif: null },
}
const move = {
  ...{
    instance: 'i-a',
    from: 'hv1',
    to: 'hv2',
    how: 'live',
    seconds: 40.96,
    gain: 0.3,
    state: 'planned',
    message: null,
  },
}
const plan = {
  ...{ goal: 'balance', budget: 20, bandwidth: 100, ranAt: null, cancelledAt: null, endedAt: null },
  ...{ before: { largest: 0.9, used: 3 }, after: { largest: 0.6, used: 3 }, moves: [move] },
}

test('a plan tells what each move costs and gains', () => {
  expect(toldPlan(study.parse({ ...base, rebalance: plan }))).toBe(
    [
      'plan                 p1',
      'goal                 balance',
      'state                planned',
      'largest load         90 % before, 60 % after',
      'hosts with machines  3 before, 3 after',
      'moves                1 (at most 20)',
      'cost                 40 s at 100 MiB/s',
      '',
      'MACHINE  FROM  TO   HOW   COST  GAIN  STATE    BECAUSE',
      'i-a      hv1   hv2  live  40 s  30 %  planned  -',
      '',
    ].join('\n'),
  )
})

test.each([
  [{ moves: [] }, /nothing to do/],
  [{ ranAt: base.createdAt, moves: [move, { ...move, state: 'done' }] }, /runs, 1 of 2 through/],
  [{ ranAt: base.createdAt, cancelledAt: base.createdAt }, /is cancelled, 0 of 1 through/],
  [{ ranAt: base.createdAt, endedAt: base.createdAt, moves: [{ ...move, state: 'done' }] }, /state +done\n/],
  [{ ranAt: base.createdAt, endedAt: base.createdAt, moves: [{ ...move, state: 'refused' }] }, /ended, 0 of 1 done/],
])('how far it is: %o', (change, said) => {
  expect(toldPlan(study.parse({ ...base, rebalance: { ...plan, ...change } }))).toMatch(said)
})

describe('a plan that ran', () => {
  const ended = { ranAt: base.createdAt, endedAt: base.createdAt }
  const ran = (...states: readonly string[]) => ({ ...ended, moves: states.map((state) => ({ ...move, state })) })

  test.each([[ran('refused')], [ran('refused', 'elsewhere', 'cancelled')]])('is a failure: %j', (change) => {
    expect(inVain(study.parse({ ...base, rebalance: { ...plan, ...change } }))).toMatchObject({
      kind: 'refused',
      message: 'p1: none of its moves was made',
    })
  })

  test.each([[ran('done')], [ran('refused', 'done')], [ran()], [{}], [{ ranAt: base.createdAt }]])(
    'is none, or did not end yet: %j',
    (change) => {
      expect(inVain(study.parse({ ...base, rebalance: { ...plan, ...change } }))).toBeUndefined()
    },
  )
})

test('what if: counts first, then who and why', () => {
  const one = { instance: 'i-a', project: 'ann', from: 'hv1', to: 'hv2', because: '' }
  const whatif = {
    ...{ hosts: { before: 3, after: 2 }, counts: { move: 101, stay: 0, wait: 1, unfit: 0 } },
    ...{
      move: [one],
      stay: [],
      wait: [{ ...one, instance: 'i-b', to: null, because: 'not enough CPU (2 hosts)' }],
      unfit: [],
    },
  }
  expect(toldWhatIf(study.parse({ ...base, kind: 'whatif', whatif }))).toBe(
    [
      '2 hosts in place of 3',
      '101 machines would get another place',
      '0 machines would stay unknown on a host that is lost',
      '1 machines would wait for a place',
      '0 machines would fit no host, however empty',
      '',
      'MACHINE  PROJECT  WHAT   FROM  TO   BECAUSE',
      'i-a      ann      moves  hv1   hv2  -',
      'i-b      ann      waits  hv1   -    not enough CPU (2 hosts)',
      'and 100 more',
      '',
    ].join('\n'),
  )
})

describe('over a gateway', () => {
  let redis: TestRedis
  let app: TestApp
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())
  beforeEach(async () => {
    app = await startApp(redis)
  })
  afterEach(() => app.close())

  const client = (): AdminClient =>
    ({
      get: async (path: string) => (await app.admin('GET', path)).body,
      post: async (path: string, body?: unknown) => (await app.admin('POST', path, body)).body,
    }) as unknown as AdminClient

  test('it is asked until a worker has answered; what cannot be answered is told', async () => {
    const asking = answered(client(), '/studies/rebalance', { goal: 'pack' })
    asking.catch(() => undefined)
    const asked = async () => (await app.site.store.readAll('study'))[0]
    await until(async () => (await asked()) !== undefined, { what: 'a study' })
    const found = await asked()
    const claim = found && (await app.site.store.claim('study', found.id, 1))
    if (!claim) throw new Error('no study')
    const seen = { at: 1, answer: { kind: 'none', message: 'no host is there' } }
    await app.site.store.observe(claim, { seen, what: 'study-answered' }, 1)
    await expect(asking).rejects.toMatchObject({ kind: 'refused', message: 'no host is there' })
    expect((await app.admin('GET', '/studies')).body).toMatchObject({
      studies: [{ kind: 'rebalance', message: 'no host is there', rebalance: { goal: 'pack', budget: 20, moves: [] } }],
    })
    expect(await app.admin('POST', `/studies/${found.id}/run`)).toMatchObject({ status: 409, body: { code: 'state' } })
  })

  test.each([
    ['/studies/rebalance', { goal: 'even' }, 'goal'],
    ['/studies/rebalance', { goal: 'pack', budget: 1.5 }, 'budget'],
    ['/studies/whatif', { add: [{ like: 'sim-1' }] }, 'add.0.count'],
    ['/studies/whatif', { loose: [] }, 'loose'],
    ['/hosts/sim-1/drain', { parallel: 'x' }, 'parallel'],
  ])('%s %o names the field', async (path, body, field) => {
    expect(await app.admin('POST', path, body)).toMatchObject({ status: 400, body: { field } })
  })

  test('a drain is ordered, told and cancelled', async () => {
    expect(await app.admin('POST', '/hosts/sim-1/drain', { parallel: 3 })).toMatchObject({
      status: 202,
      body: { enabled: false, drain: { parallel: 3, by: expect.any(String) } },
    })
    expect(await app.admin('GET', '/hosts/sim-1/drain')).toMatchObject({
      status: 200,
      body: { host: 'sim-1', state: 'drained', parallel: 3, machines: [], volumes: [] },
    })
    expect(await app.admin('DELETE', '/hosts/sim-1/drain')).toMatchObject({
      status: 200,
      body: { enabled: true, drain: null },
    })
  })
})
