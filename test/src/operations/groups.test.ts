/** Security groups over a real store: names, tenants, the group that is there unwritten, machines that have them, the end of a project. */
import { isShortName, type SecurityGroupId } from '../../../src/model/ids'
import { defaultGroupId } from '../../../src/model/records'
import type { Caller } from '../../../src/operations/context'
import type { NewRule } from '../../../src/operations/groups'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'
import { runEach } from '../../support/run-each'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const one = { minCount: 1, maxCount: 1 }
const make = (caller: Caller, name: string) =>
  site.first.operations.createGroup(caller, { name, description: `of ${name}` })
const names = async (caller: Caller) =>
  (await site.second.operations.listGroups(caller)).map((record) => record.wish.name)
const ssh: NewRule = {
  direction: 'in',
  protocol: 'tcp',
  ports: { from: 22, to: 22 },
  description: null,
  peer: { cidr: '0.0.0.0/0' },
}

test('default is there before anybody wrote it, is the same everywhere, and is written with the first machine', async () => {
  const { caller } = await site.project('early')
  const [first] = await site.first.operations.listGroups(caller)
  const [second] = await site.second.operations.listGroups(caller)
  expect(first).toEqual(second)
  expect(isShortName('securitygroup', first?.wish.group ?? '')).toBe(true)
  expect(await site.store.read('securitygroup', caller.project)).toBeUndefined()
  const both = await Promise.all([site.first, site.second].map(({ operations }) => operations.runComputes(caller, one)))
  const written = await site.store.read('securitygroup', caller.project)
  expect(written?.wish).toEqual(first?.wish)
  for (const { computes } of both) {
    expect(computes[0]?.wish.interfaces[0]?.groups).toEqual([defaultGroupId(caller.project)])
    expect(site.second.operations.groupsOf(computes[0] ?? fail()).map(({ wish }) => wish.name)).toEqual(['default'])
  }
  const several = await runEach(site.first.operations, (await site.project('late')).caller, [{}, {}])
  expect(several.map(({ wish }) => wish.interfaces[0]?.groups?.length)).toEqual([1, 1])
})

const fail = (): never => {
  throw new Error('nothing was made')
}

test('a name is taken once in a project, and free in another', async () => {
  const made = await make(ann, 'web')
  expect(await names(ann)).toEqual(['default', 'web'])
  await expect(make(ann, 'web')).rejects.toMatchObject({ kind: 'exists' })
  await make(bob, 'web')
  const race = await Promise.allSettled(
    [site.first, site.second].map(({ operations }) => operations.createGroup(ann, { name: 'race', description: 'x' })),
  )
  expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await site.first.operations.deleteGroups(ann, { ids: [made.id] })
  expect(await names(ann)).toEqual(['default', 'race'])
  await make(ann, 'web')
})

test("another's group does not exist", async () => {
  const { id } = await make(bob, 'theirs')
  const { operations } = site.first
  const asked = [
    () => operations.deleteGroups(ann, { ids: [id] }),
    () => operations.changeRules(ann, { id, change: { how: 'add', rules: [ssh] } }),
    () => operations.runComputes(ann, { ...one, groups: [id] }),
    () => operations.tagResources(ann, { refs: [{ kind: 'securitygroup', id }], set: { a: '1' } }),
    () =>
      operations.changeRules(ann, {
        id: defaultGroupId(ann.project),
        change: { how: 'add', rules: [{ ...ssh, peer: { group: id } }] },
      }),
  ]
  for (const ask of asked) await expect(ask()).rejects.toMatchObject({ kind: 'not-found' })
  expect((await operations.listGroups(bob)).find((group) => group.id === id)?.wish.tags).toEqual({})
})

test('two who add rules at the same time both get through; what is the same once', async () => {
  const { id } = await make(ann, 'busy')
  const add = (port: number, at: 'first' | 'second') =>
    site[at].operations.changeRules(ann, {
      id,
      change: { how: 'add', rules: [{ ...ssh, ports: { from: port, to: port } }] },
    })
  await Promise.all([1, 2, 3, 4, 5, 6].map((port) => add(port, port % 2 === 0 ? 'first' : 'second')))
  const { wish } = (await site.store.read('securitygroup', id)) ?? fail()
  expect(wish.rules.map(({ ports }) => ports?.from ?? 0).sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
  await expect(add(1, 'first')).rejects.toMatchObject({ kind: 'exists' })
  const exactly = { how: 'exactly' as const, rules: [{ ...ssh, ports: { from: 3, to: 3 } }] }
  const { after } = await site.first.operations.changeRules(ann, { id, change: exactly })
  expect(after.wish.rules).toEqual([wish.rules.find(({ ports }) => ports?.from === 3)])
})

test('a rule that stays where the rules are said anew keeps its tags', async () => {
  const { id } = await make(ann, 'kept')
  const change = { how: 'exactly', rules: [ssh] } as const
  const [stays] = (await site.first.operations.changeRules(ann, { id, change })).after.wish.rules
  const part = { is: 'rule', name: stays?.rule ?? '' } as const
  await site.first.operations.tagResources(ann, { refs: [{ kind: 'securitygroup', id, part }], set: { a: '1' } })
  const rules = [ssh, { ...ssh, ports: { from: 3, to: 3 } }]
  const { after } = await site.second.operations.changeRules(ann, { id, change: { how: 'exactly', rules } })
  expect(after.wish.rules.map(({ tags }) => tags)).toEqual([{ a: '1' }, undefined])
  const gone = { ...part, name: 'sgr-0123456789abcdef0' }
  const refs = [{ kind: 'securitygroup', id, part: gone }] as const
  await expect(site.first.operations.tagResources(ann, { refs, removeAll: true })).rejects.toMatchObject({
    ...{ kind: 'not-found', detail: { subject: { kind: 'securitygrouprule', id: gone.name } } },
  })
})

test('a group whose first rules name one that is deleted meanwhile is not made', async () => {
  const { caller } = await site.project('meanwhile')
  const { id: named } = await make(caller, 'named')
  const late = await site.another((store) => ({
    ...store,
    change: async (change, now) => {
      if (change.what === 'create-security-group') await site.second.operations.deleteGroups(caller, { ids: [named] })
      return store.change(change, now)
    },
  }))
  const order = { name: 'names it', description: 'x', rules: [{ ...ssh, peer: { group: named } }] }
  await expect(late.operations.createGroup(caller, order)).rejects.toMatchObject({
    ...{ kind: 'not-found', detail: { subject: { id: named } } },
  })
  expect(await names(caller)).toEqual(['default'])
})

test('default is tagged and changed before it was written; it stays for the end of its project', async () => {
  const { caller } = await site.project('ends')
  const id = defaultGroupId(caller.project)
  const { operations } = site.first
  await operations.tagResources(caller, { refs: [{ kind: 'securitygroup', id }], set: { a: '1' } })
  await operations.changeRules(caller, { id, change: { how: 'add', rules: [ssh] } })
  const [found] = await site.second.operations.listGroups(caller)
  expect([found?.wish.tags, found?.wish.rules.length]).toEqual([{ a: '1' }, 3])
  await expect(operations.deleteGroups(caller, { ids: [id] })).rejects.toMatchObject({ kind: 'immutable' })
  await make(caller, 'beside')
  expect(await operations.purgeProject(OPERATOR, 'ends')).toEqual({ left: 0, done: true })
  const left = (await site.store.readAll('securitygroup')).filter((group) => group.project === caller.project)
  expect(left).toEqual([])
})

test('groups of a machine: changed, told to who is left, never none; no group goes while it is used', async () => {
  const [web, db] = [await make(ann, 'front'), await make(ann, 'back')]
  const { operations, told } = site.first
  const { computes } = await operations.runComputes(ann, { ...one, groups: [web.id] })
  const { id } = computes[0] ?? fail()
  await expect(operations.deleteGroups(ann, { ids: [web.id] })).rejects.toMatchObject({ kind: 'in-use' })
  told.length = 0
  await operations.setGroups(ann, { id, groups: [db.id, db.id] })
  const group = (of: SecurityGroupId) => ({ kind: 'securitygroup', id: of })
  expect(told).toEqual(expect.arrayContaining([{ kind: 'compute', id }, group(web.id), group(db.id)]))
  expect((await site.store.read('compute', id))?.wish.interfaces[0]?.groups).toEqual([db.id])
  await expect(operations.setGroups(ann, { id, groups: [] })).rejects.toMatchObject({ kind: 'missing' })
  await operations.deleteGroups(ann, { ids: [web.id] })
  await operations.deleteComputes(ann, { ids: [id] })
  await expect(operations.setGroups(ann, { id, groups: [db.id] })).rejects.toMatchObject({ kind: 'state' })
})
