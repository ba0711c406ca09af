/** Launch templates over a real store: names, numbers, secrets, who deletes what while others write, the end of a project. */
import { fault } from '../../../../src/faults'
import { isShortName } from '../../../../src/model/ids'
import type { LaunchTemplateRecord } from '../../../../src/model/records'
import type { Caller } from '../../../../src/operations/context'
import { MOST_TEMPLATES, MOST_TOGETHER_MIB } from '../../../../src/operations/launch-templates/check'
import { purgeProject } from '../../../../src/operations/purge-project'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

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

const SECRET = Buffer.from('password: hunter2').toString('base64')
const DATA = { InstanceType: 't2.nano' }
const create = async (caller: Caller, name: string, more: object = {}) =>
  (await site.first.operations.createLaunchTemplate(caller, { name, data: DATA, ...more })).template
const add = (caller: Caller, { id }: Pick<LaunchTemplateRecord, 'id'>, more: object = {}) =>
  site.first.operations.addTemplateVersion(caller, { id, data: DATA, ...more })
const names = async (caller: Caller) =>
  (await site.second.operations.listLaunchTemplates(caller)).map(({ wish }) => wish.name)
const numbers = async (caller: Caller, { id }: Pick<LaunchTemplateRecord, 'id'>) =>
  (await site.second.operations.listTemplateVersions(caller))
    .filter(({ wish }) => wish.template === id)
    .map(({ wish }) => wish.number)
const found = async (caller: Caller, { id }: Pick<LaunchTemplateRecord, 'id'>) =>
  (await site.second.operations.listLaunchTemplates(caller)).find((one) => one.id === id)

test('made at one gateway, shown at the other; a name is taken once in a project', async () => {
  const { wish } = await create(ann, 'web', { tags: { of: 'ann' } })
  expect(isShortName('launchtemplate', wish.template)).toBe(true)
  expect(wish).toMatchObject({ standard: 1, latest: 1, drawn: 1, createdBy: ann.userName })
  await expect(create(ann, 'web')).rejects.toMatchObject({ kind: 'exists' })
  await create(bob, 'web')
  await create(ann, 'dry', { dryRun: true })
  expect([await names(ann), await names(bob)]).toEqual([['web'], ['web']])
})

test('user data is sealed where it lies, in no event, and opened for its owner', async () => {
  const template = await create(ann, 'secret', { userData: SECRET })
  const [version] = (await site.first.operations.listTemplateVersions(ann)).filter(
    ({ wish }) => wish.template === template.id,
  )
  if (!version) throw new Error('no version')
  expect(JSON.stringify(version)).not.toContain(SECRET)
  expect(site.second.operations.templateUserDataOf(version)).toBe(SECRET)
  const another = { ...version, id: template.id as string as typeof version.id }
  expect(() => site.first.operations.templateUserDataOf(another)).toThrow(
    expect.objectContaining({ kind: fault('internal', '').kind }),
  )
})

test('twenty versions at once have twenty numbers', async () => {
  const template = await create(ann, 'many')
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      (at % 2 === 0 ? site.first : site.second).operations
        .addTemplateVersion(ann, { id: template.id, data: DATA })
        .catch(() => undefined),
    ),
  )
  const drawn = made.flatMap((one) => one?.version.wish.number ?? [])
  expect(new Set(drawn).size).toBe(drawn.length)
  expect((await numbers(ann, template)).slice(1)).toEqual(drawn.toSorted((a, b) => a - b))
  expect((await found(ann, template))?.wish.latest).toBe(drawn.length + 1)
})

test('a token is good at every gateway, for each of its parameters; what was deleted since is not there', async () => {
  const token = { token: 'order', digest: 'd' }
  const first = await create(ann, 'once', { token })
  const again = await site.second.operations.createLaunchTemplate(ann, { name: 'once', data: DATA, token })
  expect(again.template.id).toBe(first.id)
  await expect(create(ann, 'twice', { token: { ...token, digest: 'e' } })).rejects.toMatchObject({
    kind: 'idempotency',
  })
  await site.first.operations.deleteLaunchTemplate(ann, { id: first.id })
  await expect(create(ann, 'once', { token })).rejects.toMatchObject({ kind: 'not-found' })
})

test('set as default and deleted at the same time: the default is always there', async () => {
  for (let round = 0; round < 5; round += 1) {
    const template = await create(ann, `race-${round}`)
    await add(ann, template)
    await Promise.allSettled([
      site.first.operations.setStandardVersion(ann, { id: template.id, version: 2 }),
      site.second.operations.deleteTemplateVersions(ann, { id: template.id, versions: [2] }),
    ])
    const standard = (await found(ann, template))?.wish.standard
    expect(await numbers(ann, template)).toContain(standard)
  }
})

test('deleted while a version is added: nothing of it is left', async () => {
  for (let round = 0; round < 5; round += 1) {
    const template = await create(ann, `gone-${round}`)
    await Promise.allSettled([
      add(ann, template),
      site.second.operations.deleteLaunchTemplate(ann, { id: template.id }),
    ])
    expect(await numbers(ann, template)).toEqual([])
    expect(await names(ann)).not.toContain(`gone-${round}`)
    await create(ann, `gone-${round}`)
  }
})

test('no more than its share of versions and of bytes', async () => {
  const template = await create(bob, 'bounded')
  const long = { Placement: { GroupName: 'x'.repeat(70_000) } }
  await expect(add(bob, template, { data: long })).rejects.toMatchObject({ kind: 'invalid' })
  const userData = Buffer.alloc(16_385).toString('base64')
  await expect(add(bob, template, { userData })).rejects.toMatchObject({ kind: 'too-large' })
  await expect(add(bob, template, { data: {} })).rejects.toMatchObject({ kind: 'missing' })
  expect(await numbers(bob, template)).toEqual([1])
})

test('no more of them than a project may have together', async () => {
  const { caller } = await site.project('heavy')
  const { operations } = site.first
  const data = { Placement: { GroupName: 'é'.repeat(32_700) } }
  // Each is a little more than 64 KiB with all else that is kept of it.
  const most = MOST_TOGETHER_MIB * 16 - 1
  const template = await create(caller, 'web', { data })
  for (let made = 1; made < most - 1; made += 1)
    await operations.createLaunchTemplate(caller, { name: `t-${made}`, data })
  const refusal = { kind: 'quota', detail: { field: 'launchTemplateBytes' } }
  const last = await create(caller, 'last', { data })
  await expect(create(caller, 'one-more', { data })).rejects.toMatchObject(refusal)
  await expect(add(caller, template, { data })).rejects.toMatchObject(refusal)
  await create(caller, 'a-small-one')
  await operations.deleteLaunchTemplate(caller, { id: last.id })
  await add(caller, template, { data })
})

test('no more templates than a project may have', async () => {
  const { caller } = await site.project('crowded')
  const { operations } = site.first
  for (let made = 0; made < MOST_TEMPLATES; made += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        operations.createLaunchTemplate(caller, { name: `t-${made + at}`, data: DATA }),
      ),
    )
  await expect(create(caller, 'one-more')).rejects.toMatchObject({
    kind: 'quota',
    detail: { field: 'launchTemplates' },
  })
})

test("another project's is not there, and a read-only key changes none", async () => {
  const template = await create(ann, 'mine')
  const { operations } = site.first
  await expect(add(bob, template)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(operations.deleteLaunchTemplate(bob, { id: template.id })).rejects.toMatchObject({ kind: 'not-found' })
  await expect(create({ ...ann, access: 'read-only' }, 'other')).rejects.toMatchObject({ kind: 'forbidden' })
  expect(await names({ ...ann, access: 'read-only' })).toContain('mine')
})

test('tags are set and removed as of everything else', async () => {
  const template = await create(ann, 'tagged')
  const ref = { kind: 'launchtemplate', id: template.id } as const
  await site.first.operations.tagResources(ann, { refs: [ref], set: { of: 'ann' } })
  expect((await found(ann, template))?.wish.tags).toEqual({ of: 'ann' })
})

test('a machine remembers what it was ordered by', async () => {
  const launchTemplate = { template: 'lt-0123456789abcdef0', version: 3 }
  const { computes } = await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1, launchTemplate })
  expect(computes[0]?.wish.launchTemplate).toEqual(launchTemplate)
})

test('the end of a project takes its templates with it', async () => {
  const { caller } = await site.project('ended')
  const template = await create(caller, 'web')
  await add(caller, template)
  expect(await purgeProject(site.first.context, OPERATOR, 'ended')).toEqual({ left: 0, done: true })
  expect(await site.store.read('launchtemplate', template.id)).toBeUndefined()
  const left = (await site.store.readAll('launchtemplateversion')).filter(({ wish }) => wish.template === template.id)
  expect(left).toEqual([])
})
