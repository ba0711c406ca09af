import { fault } from '../../../src/faults'
import { lifecycle } from '../../../src/model/lifecycle'
import { seedSimulatedPool } from '../../../src/operations'
import type { Operations } from '../../../src/operations/operations'
import { reconcileReservation } from '../../../workers/reconcile/reservation'
import type { Work } from '../../../workers/reconcile/work'
import { fitCheck } from '../../support/fit-check'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let operations: Operations
let other: Operations

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(async () => {
  await redis.stop()
})
beforeEach(async () => {
  site = await startGateways(redis)
  operations = site.first.operations
  other = site.second.operations
})
afterEach(async () => {
  await site.close()
})

const one = { minCount: 1, maxCount: 1 }
const gone = (now: number) => (record: { seen: object }) => ({
  seen: { ...record.seen, host: null, machine: null, goneAt: now },
})

describe('projects', () => {
  it('have a name and an account of their own, limits, and what they use', async () => {
    const { project, caller } = await site.project('ann', { instances: 9 })
    await other.runComputes(caller, { minCount: 2, maxCount: 2, type: 't3.micro' })
    const [listed] = await other.listProjects(OPERATOR)
    expect(listed).toMatchObject({
      id: project.id,
      wish: { name: 'ann', account: project.wish.account, quota: { instances: 9, cores: 8000 }, purging: false },
      used: { instances: 2, cores: 4, memoryMiB: 2048 },
    })
    await expect(other.addProject(OPERATOR, { name: 'ann' })).rejects.toMatchObject({ kind: 'exists' })
  })

  it('made at the same time with one name are one', async () => {
    const asked = [operations, other, operations, other].map((it) => it.addProject(OPERATOR, { name: 'race' }))
    const results = await Promise.allSettled(asked)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'exists' })
    expect(await other.listProjects(OPERATOR)).toHaveLength(1)
    expect(await other.listUsers(OPERATOR)).toHaveLength(1)
    expect(await other.listKeys(OPERATOR)).toHaveLength(1)
  })

  it.each(['', 'a b', 'a/b', 'x'.repeat(64), '-a'])('are not called %j', async (name) => {
    await expect(operations.addProject(OPERATOR, { name })).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field: 'name' },
    })
  })

  it('have limits that make sense', async () => {
    for (const instances of [-1, 1.5, 2 ** 51, Number.NaN])
      await expect(operations.addProject(OPERATOR, { name: 'x', quota: { instances } })).rejects.toMatchObject({
        kind: 'invalid',
        detail: { field: 'quota.instances' },
      })
  })

  it('are purged: no new orders, machines deleted, then everything gone', async () => {
    const { caller, password, key } = await site.project('ann')
    const { computes } = await operations.runComputes(caller, { minCount: 3, maxCount: 3 })
    expect(await other.purgeProject(OPERATOR, 'ann')).toEqual({ left: 3, done: false })
    for (const { id } of computes) expect((await site.store.read('compute', id))?.wish.exists).toBe(false)
    await expect(operations.runComputes(caller, one)).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(operations.addUser(OPERATOR, { project: 'ann', name: 'late' })).rejects.toMatchObject({
      kind: 'forbidden',
    })
    expect((await operations.listProjects(OPERATOR))[0]).toMatchObject({
      wish: { purging: true },
      used: { instances: 3 },
    })
    for (const { id } of computes.slice(1)) await site.observe(id, gone(site.clock.now()))
    expect(await operations.purgeProject(OPERATOR, 'ann')).toEqual({ left: 1, done: false })
    for (const { id } of computes.slice(0, 1)) await site.observe(id, gone(site.clock.now()))
    expect(await operations.purgeProject(OPERATOR, 'ann')).toEqual({ left: 0, done: true })
    expect(await other.listProjects(OPERATOR)).toEqual([])
    expect(await other.listUsers(OPERATOR)).toEqual([])
    expect(await other.listKeys(OPERATOR)).toEqual([])
    const from = { source: '', requestId: '' }
    expect(await other.identifyByPassword('ann', password, from)).toBeUndefined()
    expect(await other.identifyByAccessKey(key.accessKeyId, from)).toBeUndefined()
    await expect(other.purgeProject(OPERATOR, 'ann')).rejects.toMatchObject({ kind: 'not-found' })
    expect((await other.addProject(OPERATOR, { name: 'ann' })).project.wish.name).toBe('ann')
  })

  it('keep a reservation that has just expired until its job has taken its places off the hosts', async () => {
    const { caller } = await site.project('ann')
    await site.probeHosts({ cpuHundredths: 400, memoryMiB: 8192, diskGiB: 100 })
    const endsAt = site.clock.now() + 3_600_000
    const zone = (await site.store.readAll('host'))[0]?.wish.zone ?? ''
    const { record } = await operations.createReservation(caller, { type: 't2.nano', zone, count: 2, endsAt })
    const held = async () =>
      (await site.store.hostClaims((await site.store.readAll('host')).map(({ id }) => id))).filter(
        ({ claims }) => record.id in claims,
      ).length
    expect(await held()).toBeGreaterThan(0)
    site.clock.at = endsAt
    expect(await operations.purgeProject(OPERATOR, 'ann')).toEqual({ left: 1, done: false })
    const { store, clock } = site
    const { log, queue } = site.first.context
    await reconcileReservation({ store, clock, log, queue, at: () => undefined } as unknown as Work, record.id)
    expect(await held()).toBe(0)
    expect(await operations.purgeProject(OPERATOR, 'ann')).toEqual({ left: 0, done: true })
    expect(await store.readAll('reservation')).toEqual([])
  })

  it('an order that was checked before the purge and is written after it leaves nothing behind', async () => {
    const { caller } = await site.project('ann')
    const purged: { readonly done: boolean }[] = []
    const late = await site.another((store) => ({
      ...store,
      change: async (change, now) => {
        if (change.what === 'run-computes' && purged.length === 0)
          purged.push(await other.purgeProject(OPERATOR, 'ann'))
        return store.change(change, now)
      },
    }))
    await expect(late.operations.runComputes(caller, one)).rejects.toMatchObject({ kind: 'forbidden' })
    expect(purged).toEqual([{ left: 0, done: true }])
    expect(await site.store.readAll('compute')).toEqual([])
    expect(await site.store.readAll('project')).toEqual([])
  })
})

describe('users and keys', () => {
  it('are added to a project, listed without their secrets, and removed with their names', async () => {
    await site.project('ann')
    site.clock.at += 1_000
    const { user, password } = await operations.addUser(OPERATOR, { project: 'ann', name: 'bea' })
    expect(password).toHaveLength(24)
    expect((await other.listUsers(OPERATOR, 'ann')).map(({ wish }) => wish.name)).toEqual(['ann', 'bea'])
    await expect(other.addUser(OPERATOR, { project: 'ann', name: 'bea' })).rejects.toMatchObject({ kind: 'exists' })
    await expect(other.addUser(OPERATOR, { project: 'none', name: 'x' })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(other.addUser(OPERATOR, { project: 'ann', name: 'a:b' })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(other.addUser(OPERATOR, { project: 'ann', name: 'x', password: 'short' })).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field: 'password' },
    })
    const key = await operations.addKey(OPERATOR, { user: 'bea' })
    expect(await other.listKeys(OPERATOR, 'bea')).toEqual([
      {
        accessKeyId: key.accessKeyId,
        user: 'bea',
        project: 'ann',
        enabled: true,
        access: 'full',
        expiresAt: null,
        ended: false,
        createdAt: site.clock.now(),
      },
    ])
    await other.removeUser(OPERATOR, 'bea')
    expect(await operations.listKeys(OPERATOR)).toHaveLength(1)
    await expect(operations.removeUser(OPERATOR, 'bea')).rejects.toMatchObject({ kind: 'not-found' })
    await expect(operations.removeKey(OPERATOR, key.accessKeyId)).rejects.toMatchObject({ kind: 'not-found' })
    expect((await operations.addUser(OPERATOR, { project: 'ann', name: 'bea' })).user.id).not.toBe(user.id)
  })
})

describe('hosts', () => {
  const real = { name: 'xen-1', zone: 'rack-1', driver: 'xl', address: 'xen-1.example.com' }

  it('are the pool’s, by name, with what is claimed on them', async () => {
    const { caller } = await site.project('ann')
    const { computes } = await operations.runComputes(caller, { ...one, type: 't2.small' })
    for (const { id } of computes) await site.run(id)
    const hosts = await other.listHosts(OPERATOR)
    expect(hosts.map(({ wish }) => `${wish.name} ${wish.zone}`)).toEqual(
      ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd'].map((zone, index) => `sim-${index + 1} ${site.site}${zone}`),
    )
    expect(hosts[0]?.used).toEqual({ machines: 1, cpuHundredths: 100, memoryMiB: 2048, diskGiB: 8 })
    expect(hosts[1]?.used).toEqual({ machines: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 })
    expect(hosts[0]?.wish).toMatchObject({ driver: 'simulator', address: 'simulator:sim-1', simulated: true })
  })

  it('zones are theirs: disabled with all of their hosts, gone with the last one', async () => {
    const { caller } = await site.project('ann')
    const zone = `${site.site}a`
    for (const name of ['sim-1', 'sim-5']) await operations.setHostEnabled(OPERATOR, name, false)
    expect((await other.listZones(caller))[0]).toEqual({ name: zone, enabled: false, hosts: 2 })
    await expect(operations.runComputes(caller, { ...one, zone })).rejects.toMatchObject({ kind: 'no-capacity' })
    for (const name of ['sim-1', 'sim-5']) await operations.removeHost(OPERATOR, name)
    expect((await other.listZones(caller)).map(({ name }) => name)).not.toContain(zone)
    await expect(other.runComputes(caller, { ...one, zone })).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field: 'zone', allowed: ['b', 'c', 'd'].map((it) => `${site.site}${it}`) },
    })
  })

  it('are not removed while machines have their place there', async () => {
    const { caller } = await site.project('ann')
    const { computes } = await operations.runComputes(caller, one)
    for (const { id } of computes) await site.run(id)
    await expect(other.removeHost(OPERATOR, 'sim-1')).rejects.toMatchObject({ kind: 'in-use' })
    await other.removeHost(OPERATOR, 'sim-2')
    await expect(other.removeHost(OPERATOR, 'sim-2')).rejects.toMatchObject({ kind: 'not-found' })
    expect((await other.addHost(OPERATOR, { ...real, name: 'sim-2', driver: 'simulator' })).wish.simulated).toBe(true)
  })

  it('real and simulated ones never take orders together', async () => {
    await expect(operations.addHost(OPERATOR, real)).rejects.toMatchObject({
      kind: 'conflict',
      detail: { field: 'retireSimulated' },
    })
    const { caller } = await site.project('ann')
    const { computes } = await operations.runComputes(caller, one)
    for (const { id } of computes) await site.run(id)
    const added = await other.addHost(OPERATOR, {
      ...real,
      retireSimulated: true,
      check: await fitCheck(site.store, real),
    })
    expect(added.wish).toMatchObject({ simulated: false, enabled: true })
    const hosts = await operations.listHosts(OPERATOR)
    expect(hosts.map(({ wish }) => [wish.name, wish.enabled, wish.removing])).toEqual([
      ['sim-1', false, true],
      ['xen-1', true, false],
    ])
    expect((await operations.listZones(caller)).map(({ name }) => name)).toEqual(['rack-1'])
    await expect(operations.setHostEnabled(OPERATOR, 'sim-1', true)).rejects.toMatchObject({ kind: 'conflict' })
    await expect(
      operations.addHost(OPERATOR, { ...real, name: 'sim-9', driver: 'simulator', retireSimulated: true }),
    ).rejects.toMatchObject({ kind: 'conflict' })
    const second = { ...real, name: 'xen-2', address: 'xen-2.example.com' }
    const check = await fitCheck(site.store, second, { seen: { hostKeys: [`SHA256:${'2'.repeat(43)}`] } })
    expect((await operations.addHost(OPERATOR, { ...second, check })).wish.name).toBe('xen-2')
  })

  it('are probed at once', async () => {
    site.first.told.length = 0
    const { id } = await operations.addHost(OPERATOR, { ...real, name: 'sim-9', driver: 'simulator' })
    expect(site.first.told).toEqual([{ kind: 'host', id }])
  })

  it.each([
    ['name', { name: 'a b' }],
    ['zone', { zone: 'A!' }],
    ['driver', { driver: '../x' }],
    ['address', { address: '' }],
  ])('want a usable %s', async (field, parts) => {
    await expect(operations.addHost(OPERATOR, { ...real, ...parts })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(field),
      detail: { field },
    })
  })
})

describe('machines of all projects', () => {
  it('are listed, found by id and name, explained, with their events', async () => {
    const [ann, bob] = [await site.project('ann'), await site.project('bob')]
    const mine = (await operations.runComputes(ann.caller, one)).computes[0]
    site.clock.at += 1_000
    const his = (await operations.runComputes(bob.caller, one)).computes[0]
    if (!mine || !his) throw new Error('no machines')
    const ids = async (filter: { project?: string; host?: string }) =>
      (await other.listAllComputes(OPERATOR, filter)).map(({ id }) => id)
    expect(await ids({})).toEqual([mine.id, his.id])
    expect(await ids({ project: 'bob' })).toEqual([his.id])
    await site.run(mine.id)
    expect(await ids({ host: 'sim-1' })).toEqual([mine.id])
    await expect(ids({ host: 'none' })).rejects.toMatchObject({ kind: 'not-found' })
    for (const name of [his.id, his.wish.name]) expect((await other.findCompute(OPERATOR, name)).id).toBe(his.id)
    await expect(other.findCompute(OPERATOR, 'i-0')).rejects.toMatchObject({ kind: 'not-found' })
    await site.probeHosts({ cpuHundredths: 100, memoryMiB: 256, diskGiB: 100 })
    const explained = await other.explainCompute(OPERATOR, his.wish.name)
    expect(explained).toMatchObject({ state: 'pending', record: { id: his.id } })
    expect(explained.queue).toEqual({ turn: 1, of: expect.any(Number) })
    expect(explained.hosts.map(({ host }) => host)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `sim-${n}`))
    expect(explained.hosts[1]?.because).toEqual([expect.stringContaining('256 MiB')])
    await other.deleteComputes(bob.caller, { ids: [his.id] })
    const events = await operations.computeEvents(OPERATOR, his.id, 10)
    expect(events.map(({ what, actor }) => [what, actor.user])).toEqual([
      ['delete-computes', 'bob'],
      ['run-computes', 'bob'],
    ])
    expect(await operations.computeEvents(OPERATOR, his.id, 1)).toHaveLength(1)
  })

  it('that are stuck or failed are told, resumed and given up', async () => {
    const { caller } = await site.project('ann')
    const { computes } = await operations.runComputes(caller, { minCount: 3, maxCount: 3 })
    const [failed, stuck, well] = computes.map(({ id }) => id)
    if (!failed || !stuck || !well) throw new Error('no machines')
    await site.run(stuck)
    await operations.deleteComputes(caller, { ids: [stuck] })
    await site.observe(failed, ({ journal }) => ({
      journal: { ...journal, failed: { message: 'no disk', at: 5, retries: 0 } },
    }))
    const trouble = { since: 3, step: 'disk', message: 'device busy', retries: 0 }
    await site.observe(stuck, ({ journal }) => ({ journal: { ...journal, stuck: trouble } }))
    const listed = await other.listStuck(OPERATOR)
    expect(listed.map(({ what, project, since, record }) => [what, project, since, record.id])).toEqual([
      ['stuck', 'ann', 3, stuck],
      ['failed', 'ann', 5, failed],
    ])
    expect(listed[1]?.message).toBe('no disk')
    const resumed = await other.resumeStuck(OPERATOR, failed)
    expect(resumed.wish.retries).toBe(1)
    expect(lifecycle(resumed)).toBe('pending')
    expect(await site.store.waiting(10)).toContain(failed)
    expect((await other.giveUpStuck(OPERATOR, stuck)).wish.abandoned).toBe(true)
    for (const deed of [other.resumeStuck, other.giveUpStuck])
      await expect(deed(OPERATOR, well)).rejects.toMatchObject({ kind: 'state' })
    expect((await other.listStuck(OPERATOR)).map(({ record }) => record.id)).toEqual([stuck])
  })
})

describe('the simulated pool', () => {
  it('is seeded once, however often and from wherever', async () => {
    await Promise.all([site.first, site.second, site.first].map(({ context }) => seedSimulatedPool(context)))
    const count = async () =>
      Promise.all(
        (['host', 'type', 'image', 'network'] as const).map(async (kind) => (await site.store.readAll(kind)).length),
      )
    expect(await count()).toEqual([8, 15, 2, 2])
    await operations.removeHost(OPERATOR, 'sim-3')
    await seedSimulatedPool(site.second.context)
    expect(await count()).toEqual([7, 15, 2, 2])
  })

  it('offers AWS’s names and sizes, two images, and names that are the same everywhere', async () => {
    const { caller } = await site.project('ann')
    const sizes = Object.fromEntries(
      (await other.listTypes(caller)).map(({ wish }) => [wish.name, [wish.size.cores, wish.size.memoryMiB]]),
    )
    expect(sizes).toMatchObject({
      't2.nano': [1, 512],
      't2.micro': [1, 1024],
      't2.small': [1, 2048],
      't2.medium': [2, 4096],
      't3.nano': [2, 512],
      't3.micro': [2, 1024],
      't3.small': [2, 2048],
      'm1.small': [1, 1740],
      'm5.large': [2, 8192],
    })
    const images = await other.listImages(caller)
    expect(images.map(({ wish }) => [wish.name, wish.sizeGiB, wish.rootDevice, wish.simulated])).toEqual([
      ['debian-12', 8, '/dev/sda1', true],
      ['tiny', 1, '/dev/sda1', true],
    ])
    const fresh = await startGateways(redis)
    await fresh.first.operations.listImages(OPERATOR)
    const { image, type, network } = fresh.first.operations.defaults()
    expect(image?.wish.ami).toBe(images[0]?.wish.ami)
    expect(image?.wish.ami).toMatch(/^ami-[0-9a-f]{17}$/)
    expect(type?.wish).toMatchObject({ name: 't2.nano', term: 't2_nano' })
    expect(network?.wish).toMatchObject({ cidr: '10.0.0.0/16', gateway: '10.0.0.1' })
    expect(await other.listNetworks(caller)).toHaveLength(1)
    await fresh.close()
  })
})

describe('without Redis', () => {
  it('a wish is refused as unavailable, never half done', async () => {
    const { caller } = await site.project('ann')
    const cut = await site.another((store) => ({
      ...store,
      advance: async () => {
        throw fault('unavailable', 'the store does not answer')
      },
    }))
    await expect(cut.operations.runComputes(caller, one)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await operations.listComputes(caller)).toEqual([])
  })
})
