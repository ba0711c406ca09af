/** Real hosts: joining by a check, who they are trusted as, how they are fenced, and how they leave. */
import { randomUUID } from 'node:crypto'
import { marksOf } from '../../../../src/model/host-marks'
import type { HostRecord, HostSeen } from '../../../../src/model/records'
import type { Operations } from '../../../../src/operations/operations'
import { NOBODY } from '../../../../src/store/store'
import { fitCheck, HOST_KEY } from '../../../support/fit-check'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let operations: Operations
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis, { pool: 'none' })
  operations = site.first.operations
})
afterEach(() => site.close())

const xen = { name: 'xen-1', driver: 'xl', address: 'ssh://root@192.0.2.1' }
const order = { ...xen, zone: 'rack-1' }
const join = async (): Promise<HostRecord> =>
  operations.addHost(OPERATOR, { ...order, check: await fitCheck(site.store, xen) })

/** As a worker saw it. */
async function seen(change: Partial<HostSeen>): Promise<void> {
  const [host] = await site.store.readAll('host')
  const claim = host && (await site.store.claim('host', host.id, 1))
  if (!claim) throw new Error('no host')
  await site.store.observe(claim, { seen: { ...claim.record.seen, ...change }, what: 'host-seen' }, 1)
}

describe('a check', () => {
  it('is a wish for a worker, and a reading of what it found', async () => {
    const check = await operations.checkHost(OPERATOR, { ...xen, how: 'looks' })
    expect(check.wish).toMatchObject({ ...xen, mends: false, hostKeys: [] })
    expect(site.first.told).toContainEqual({ kind: 'hostcheck', id: check.id })
    expect((await site.second.operations.hostCheck(OPERATOR, check.id)).seen).toBeNull()
    await expect(operations.hostCheck(OPERATOR, 'none')).rejects.toMatchObject({ kind: 'not-found' })
  })

  it.each([
    ['hostKeys', { hostKeys: ['MD5:aa'] }],
    ['address', { address: '' }],
    ['name', { name: 'a b' }],
  ])('is refused for a wrong %s', async (field, wrong) => {
    await expect(operations.checkHost(OPERATOR, { ...xen, how: 'looks', ...wrong })).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field },
    })
  })
})

describe('a check that mends, beside simulated hosts', () => {
  const mends = { ...xen, how: 'mends' } as const
  beforeEach(() => operations.addHost(OPERATOR, { name: 'sim-1', zone: 'a', driver: 'simulator', address: 'sim-1' }))

  it('is refused before a worker hears of it', async () => {
    await expect(operations.checkHost(OPERATOR, mends)).rejects.toMatchObject({
      kind: 'conflict',
      detail: { field: 'retireSimulated' },
      message: expect.stringMatching(/1 simulated hosts/),
    })
    expect(await site.store.readAll('hostcheck')).toEqual([])
  })

  it('is taken where they are to be retired, and a look always', async () => {
    expect((await operations.checkHost(OPERATOR, { ...mends, retireSimulated: true })).wish.mends).toBe(true)
    expect((await operations.checkHost(OPERATOR, { ...xen, how: 'looks' })).wish.mends).toBe(false)
  })

  it('is taken once they are gone', async () => {
    const check = await fitCheck(site.store, xen)
    await operations.addHost(OPERATOR, { ...order, check, retireSimulated: true })
    expect((await operations.checkHost(OPERATOR, mends)).wish.mends).toBe(true)
  })
})

describe('joining', () => {
  it('takes a fit check of this very host, and pins the keys that it showed', async () => {
    expect((await join()).wish).toMatchObject({ ...order, hostKeys: [HOST_KEY], simulated: false, enabled: true })
  })

  it.each([
    ['unfit', { seen: { fit: false } }],
    ['a dry run', { wish: { mends: false } }],
    ['of another host', { wish: { address: 'ssh://root@192.0.2.9' } }],
    ['of another driver', { wish: { driver: 'virsh' } }],
  ])('is refused by a check that was %s', async (_what, parts) => {
    const check = await fitCheck(site.store, xen, parts)
    await expect(operations.addHost(OPERATOR, { ...order, check })).rejects.toMatchObject({ kind: 'state' })
    expect(await site.store.readAll('host')).toEqual([])
  })

  it('is refused without one', async () => {
    await expect(operations.addHost(OPERATOR, order)).rejects.toMatchObject({
      kind: 'missing',
      detail: { field: 'check' },
    })
  })
})

describe('a host joins once', () => {
  const elsewhere = { ...xen, name: 'xen-1b', address: 'ssh://root@xen-1.example.org' }
  const another = { seen: { hostKeys: [`SHA256:${'n'.repeat(43)}`] } }
  const names = async () => (await site.store.readAll('host')).map(({ wish }) => wish.name)
  const isTold = { kind: 'exists', message: expect.stringMatching(/^xen-1 is that host/), detail: { field: 'address' } }
  const add = async (host: typeof xen, parts = {}) =>
    operations.addHost(OPERATOR, { ...host, zone: 'rack-1', check: await fitCheck(site.store, host, parts) })
  beforeEach(join)

  it('and not under another name by the same address, whatever key it shows', async () => {
    await expect(add({ ...xen, name: 'xen-1b' }, another)).rejects.toMatchObject(isTold)
    expect(await names()).toEqual(['xen-1'])
  })

  it('nor by another address with the same key', async () => {
    await expect(add(elsewhere)).rejects.toMatchObject(isTold)
    expect(await names()).toEqual(['xen-1'])
  })

  const fresh = { ...xen, name: 'xen-2', address: 'ssh://root@192.0.2.7' }
  const shown = (letter: string) => ({ seen: { hostKeys: [`SHA256:${letter.repeat(43)}`] } })
  it.each([
    ['address', fresh.address, 'm'],
    ['key', 'ssh://root@xen-2.example.org', 'p'],
  ])('also where two add it at once, with one %s', async (_what, address, letter) => {
    const twin = { ...fresh, name: 'xen-2b', address }
    const checks = [await fitCheck(site.store, fresh, shown('p')), await fitCheck(site.store, twin, shown(letter))]
    const came = await Promise.allSettled([
      site.first.operations.addHost(OPERATOR, { ...fresh, zone: 'rack-1', check: checks[0] ?? '' }),
      site.second.operations.addHost(OPERATOR, { ...twin, zone: 'rack-1', check: checks[1] ?? '' }),
    ])
    expect(came.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(came.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { kind: 'exists', message: expect.stringMatching(/ is that host already/) },
    })
    expect(await names()).toHaveLength(2)
  })

  it('also where two are trusted at once as what one of them is', async () => {
    const twin = { ...fresh, name: 'xen-2b', address: 'ssh://root@192.0.2.8' }
    await add(fresh, shown('p'))
    await add(twin, shown('m'))
    const checks = [await fitCheck(site.store, fresh, shown('q')), await fitCheck(site.store, twin, shown('q'))]
    const came = await Promise.allSettled([
      site.first.operations.trustHost(OPERATOR, 'xen-2', checks[0] ?? ''),
      site.second.operations.trustHost(OPERATOR, 'xen-2b', checks[1] ?? ''),
    ])
    expect(came.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(came.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'exists' } })
  })

  it('by keys and addresses that are free again once nobody has them', async () => {
    await add(fresh, shown('p'))
    await operations.trustHost(OPERATOR, 'xen-2', await fitCheck(site.store, fresh, shown('q')))
    await add({ ...fresh, name: 'xen-3', address: 'ssh://root@192.0.2.8' }, shown('p'))
    await operations.forgetHost(OPERATOR, 'xen-2')
    await add({ ...fresh, name: 'xen-4' }, shown('q'))
    expect((await names()).sort()).toEqual(['xen-1', 'xen-3', 'xen-4'])
  })

  it('also beside one that joined before anything was taken for it but its name', async () => {
    const releases = (await site.store.readAll('host'))
      .flatMap(({ wish }) => marksOf(wish))
      .filter(({ hash }) => hash !== 'names')
    expect(releases).toHaveLength(2)
    await site.store.change({ operationId: randomUUID(), actor: NOBODY, what: 'before', releases }, 1)
    await expect(add({ ...xen, name: 'xen-1b' }, another)).rejects.toMatchObject(isTold)
    const own = await fitCheck(site.store, xen, another)
    expect((await operations.trustHost(OPERATOR, 'xen-1', own)).wish.hostKeys).toEqual(another.seen.hostKeys)
    await operations.forgetHost(OPERATOR, 'xen-1')
    await add({ ...xen, name: 'xen-1b' })
    expect(await names()).toEqual(['xen-1b'])
  })

  it('which is said before a worker changes anything on it', async () => {
    const twin = { ...xen, name: 'xen-1b' }
    await expect(operations.checkHost(OPERATOR, { ...twin, how: 'mends' })).rejects.toMatchObject(isTold)
    expect((await operations.checkHost(OPERATOR, { ...twin, how: 'looks' })).wish.mends).toBe(false)
  })

  it('and none comes to be another one by being trusted anew', async () => {
    await add(elsewhere, another)
    const check = await fitCheck(site.store, elsewhere)
    await expect(operations.trustHost(OPERATOR, 'xen-1b', check)).rejects.toMatchObject(isTold)
    const own = await fitCheck(site.store, xen)
    expect((await operations.trustHost(OPERATOR, 'xen-1', own)).wish.hostKeys).toEqual([HOST_KEY])
  })

  it('and again once it was removed', async () => {
    await operations.forgetHost(OPERATOR, 'xen-1')
    await add({ ...xen, name: 'xen-1b' })
    expect(await names()).toEqual(['xen-1b'])
  })
})

describe('trust', () => {
  it('pins what a check of it showed, and nothing else', async () => {
    await join()
    const other = `SHA256:${'n'.repeat(43)}`
    const check = await fitCheck(site.store, xen, { seen: { hostKeys: [other], fit: false } })
    expect((await operations.trustHost(OPERATOR, 'xen-1', check)).wish.hostKeys).toEqual([other])
  })

  it('is refused for a check of another host, or one that saw no key', async () => {
    await join()
    const another = await fitCheck(site.store, { ...xen, address: 'ssh://root@192.0.2.9' })
    await expect(operations.trustHost(OPERATOR, 'xen-1', another)).rejects.toMatchObject({ kind: 'state' })
    const blind = await fitCheck(site.store, xen, { seen: { hostKeys: [] } })
    await expect(operations.trustHost(OPERATOR, 'xen-1', blind)).rejects.toMatchObject({ kind: 'state' })
  })
})

describe('settings', () => {
  it('change one by one, and null takes one away', async () => {
    await join()
    const command = ['/usr/local/sbin/fence', 'xen-1']
    await operations.setHost(OPERATOR, 'xen-1', { command, commandMs: 5000, labels: { rack: '7', row: 'b' } })
    const { wish } = await site.second.operations.setHost(OPERATOR, 'xen-1', { selfMs: 60_000, labels: { row: null } })
    expect(wish.fencing).toEqual({ command, commandMs: 5000, selfMs: 60_000 })
    expect(wish.labels).toEqual({ rack: '7' })
    const less = await operations.setHost(OPERATOR, 'xen-1', { command: null, commandMs: null, zone: 'rack-2' })
    expect(less.wish).toMatchObject({ zone: 'rack-2', fencing: { selfMs: 60_000 } })
  })

  it.each([
    ['selfMs', { selfMs: 1000 }],
    ['selfMs', { selfMs: 3_600_001 }],
    ['commandMs', { commandMs: 10 }],
    ['command', { command: [] }],
    ['command', { command: [''] }],
    ['zone', { zone: 'a b' }],
  ])('refuse a wrong %s', async (field, wrong) => {
    await join()
    await expect(operations.setHost(OPERATOR, 'xen-1', wrong)).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field },
    })
  })
})

describe('an order to fence', () => {
  it('is a level, and raised by each order', async () => {
    await join()
    const first = await operations.fenceHost(OPERATOR, 'xen-1', 'confirmed')
    expect(first.wish.fence).toMatchObject({ level: 1, how: 'confirmed', by: 'operator' })
    await operations.setHost(OPERATOR, 'xen-1', { command: ['true'] })
    const second = await operations.fenceHost(OPERATOR, 'xen-1', 'command')
    expect(second.wish.fence).toMatchObject({ level: 2, how: 'command' })
  })

  it('is refused while the host answers', async () => {
    await join()
    await seen({ contact: 'ok' })
    await expect(operations.fenceHost(OPERATOR, 'xen-1', 'confirmed')).rejects.toMatchObject({ kind: 'state' })
    await seen({ contact: 'ok', lostSince: 5 })
    expect((await operations.fenceHost(OPERATOR, 'xen-1', 'confirmed')).wish.fence?.level).toBe(1)
  })

  it('by command needs one', async () => {
    await join()
    await expect(operations.fenceHost(OPERATOR, 'xen-1', 'command')).rejects.toMatchObject({ kind: 'missing' })
  })
})

describe('leaving', () => {
  it('is a worker’s to carry out: the record stays until nothing of ours is there', async () => {
    await join()
    await operations.removeHost(OPERATOR, 'xen-1')
    const [host] = await site.store.readAll('host')
    expect(host?.wish).toMatchObject({ leaves: true, removing: true, enabled: false })
    await operations.setHostEnabled(OPERATOR, 'xen-1', true)
    expect((await site.store.readAll('host'))[0]?.wish).toMatchObject({ leaves: false, removing: false, enabled: true })
  })

  it('is refused while a machine or volume has its place there, forgetting too', async () => {
    const host = await join()
    await seen({ fenced: { how: 'confirmed', at: 2, boot: null } })
    const claim = await site.store.claim('placement', 'site', 1)
    const [before] = await site.store.hostClaims([host.id])
    const { project } = await site.project('ann')
    const id = '99999999-0000-4000-8000-000000000001'
    const ref = { kind: 'compute', id } as const
    const create = { ref, project: project.id, wish: { createdAt: 1 }, seen: {}, journal: {}, place: {}, wake: false }
    await site.store.change({ operationId: 'x', actor: OPERATOR.actor, what: 'order', creates: [create] }, 1)
    const record = await site.store.read('compute', id)
    if (!claim || !record) throw new Error('nothing to place')
    const placing = { ref, project: project.id, epoch: record.epoch, rev: record.rev, place: {}, raisePhase: true }
    const on = { host: host.id, claim: JSON.stringify({ cores: 1 }) }
    await site.store.place(claim, [{ host: host.id, revision: before?.revision ?? 0 }], [{ ...placing, on }], 1)
    await expect(operations.removeHost(OPERATOR, 'xen-1')).rejects.toMatchObject({ kind: 'in-use' })
    await expect(operations.forgetHost(OPERATOR, 'xen-1')).rejects.toMatchObject({ kind: 'in-use' })
  })

  it('without asking it needs a fence', async () => {
    await join()
    await seen({ contact: 'lost', lostSince: 1 })
    await expect(operations.forgetHost(OPERATOR, 'xen-1')).rejects.toMatchObject({ kind: 'state' })
    await seen({ fenced: { how: 'confirmed', at: 2, boot: null } })
    await operations.forgetHost(OPERATOR, 'xen-1')
    expect(await site.store.readAll('host')).toEqual([])
    // Its name is free again.
    expect((await join()).wish.name).toBe('xen-1')
  })
})

it('shows the time that a host was granted last, of which no event tells', async () => {
  await join()
  await operations.setHost(OPERATOR, 'xen-1', { selfMs: 60_000 })
  const [host] = await site.store.readAll('host')
  const claim = host && (await site.store.claim('host', host.id, 1))
  if (!claim) throw new Error('no host')
  const grant = { boot: 'b', uptimeMs: 5, lastsMs: 60_000, at: 7 }
  await site.store.observe(claim, { seen: { ...claim.record.seen, grant }, what: '' }, 7)
  expect((await operations.listHosts(OPERATOR)).map(({ seen }) => seen.grant)).toEqual([grant])
})
