/**
 * Faults on the wire at every call of a machine's life. What is promised: none is lost, and what is there twice is found by our mark and
 * removed within one poll. A reset is at-least-once.
 */
import { inspect } from 'node:util'
import { asFault } from '../../../../../src/faults'
import type { Trouble } from '../../../../clouds/elastichosts/troubles'
import {
  definitionFor,
  type ElasticStage,
  freshName,
  openElasticStage,
  poll,
  through,
  ticketFor,
} from '../../../../support/elastichosts-stage'

let stage: ElasticStage
beforeEach(async () => {
  stage = await openElasticStage()
})
afterEach(() => stage.close())

const servers = () => [...stage.zone.world.servers.values()]
const drives = () => [...stage.zone.world.drives.values()].filter(({ user }) => user === stage.zone.account.user)
const there = () => [servers().length, drives().length]

/** Under one key for as long as it takes, as the agenda asks. */
async function define(name: string): Promise<void> {
  const { key } = ticketFor(name)
  const seed = Buffer.from('who it is').toString('base64')
  await through(stage, () => stage.driver.define(stage.here, ticketFor(name, key), definitionFor(name, { seed })))
}
const power = async (name: string, order: Parameters<ElasticStage['driver']['power']>[2]): Promise<void> => {
  const { key } = ticketFor(name)
  await through(stage, () => stage.driver.power(stage.here, ticketFor(name, key), order))
}
const end = (name: string): Promise<void> => through(stage, () => stage.driver.undefine(stage.here, ticketFor(name)))

const calls = [
  { call: 'GET /servers/info', on: /^GET \/servers\/info/ },
  { call: 'GET /drives/info', on: /^GET \/drives\/info$/ },
  { call: 'drives/create', on: /^POST \/drives\/create/ },
  { call: 'image', on: /^POST \/drives\/[^/]+\/image/ },
  { call: 'drives/set', on: /^POST \/drives\/[^/]+\/set/ },
  { call: 'write', on: /^POST \/drives\/[^/]+\/write/ },
  { call: 'servers/create', on: /^POST \/servers\/create/ },
  { call: 'shutdown', on: /\/shutdown$/ },
  { call: 'servers/set', on: /^POST \/servers\/[^/]+\/set/ },
  { call: 'start', on: /\/start$/ },
  { call: 'stop', on: /\/stop$/ },
  { call: 'servers/destroy', on: /^POST \/servers\/[^/]+\/destroy/ },
  { call: 'drives/destroy', on: /^POST \/drives\/[^/]+\/destroy/ },
] as const
const troubles: readonly (Trouble & { readonly times?: number })[] = [
  { what: 'cut before', times: 2 },
  { what: 'cut after', times: 2 },
  { what: 'cut, done late', times: 2 },
  { what: 'answers', status: 500, code: 'failed', times: 2 },
  { what: 'answers', status: 409, code: 'busy' },
  { what: 'garbage', body: '<html>Bad gateway</html>', times: 2 },
]

/** A machine's life with that trouble in it, and what is there after each part of it. */
async function live(on: RegExp, trouble: Trouble, times: number): Promise<void> {
  const name = freshName()
  stage.zone.troubles.add({ on, trouble, times })
  await define(name)
  // What was late arrives at the worst time, and one poll mends it.
  stage.zone.arrive()
  expect(await poll(stage)).toEqual([name])
  expect(there()).toEqual([1, 2])
  expect(servers()[0]?.status).toBe('active')
  await power(name, { to: 'off', how: 'graceful' })
  await power(name, { to: 'on' })
  await power(name, { again: 'reboot' })
  await power(name, { to: 'off', how: 'hard' })
  await power(name, { to: 'on' })
  stage.zone.arrive()
  await poll(stage)
  expect([there(), servers()[0]?.config['user:vm']]).toEqual([[1, 2], name])
  await end(name)
  stage.zone.arrive()
  for (const left of await poll(stage)) await end(left)
  expect(there()).toEqual([0, 0])
  expect(stage.zone.troubles.unused()).toBeLessThan(times)
}

const told = (trouble: Trouble): string => inspect(trouble, { breakLength: Number.POSITIVE_INFINITY })

describe.each(calls)('$call', ({ on }) => {
  test.each(troubles.map((trouble) => ({ trouble, told: told(trouble) })))('$told', ({ trouble }) => {
    const { times = 1, ...one } = trouble
    return live(on, one, times)
  })
})

test.each(calls.filter(({ call }) => /create|start|info/.test(call)))('$call: nothing is answered in time', ({ on }) =>
  live(on, { what: 'silent after' }, 1),
)

test('a create that arrives after its machine was made anew: one machine, one poll, and the disk that is used stays', async () => {
  const name = freshName()
  for (const on of [/^POST \/drives\/create/, /^POST \/servers\/create/])
    stage.zone.troubles.add({ on, trouble: { what: 'cut, done late' } })
  await define(name)
  const [running] = servers()
  await power(name, { to: 'off', how: 'hard' })
  // The late server would start on the drive that the machine has let go of.
  expect(stage.zone.arrive()).toBe(2)
  expect(there()).toEqual([2, 3])
  await poll(stage)
  expect([there(), servers()[0]?.id]).toEqual([[1, 2], running?.id])
  await power(name, { to: 'on' })
  expect(servers()[0]).toMatchObject({ id: running?.id, status: 'active' })
})

test('what was one too many when it was listed, and is the machine by now, is not discarded', async () => {
  const name = freshName()
  const { driver, here } = stage
  await define(name)
  const [server] = servers()
  const held = { machine: name, object: `servers/${server?.id}` }
  await driver.discard?.(here, held)
  await driver.discard?.(here, { machine: name, object: 'nonsense' })
  await driver.discard?.(here, { machine: name, object: 'servers/00000000-0000-4000-8000-000000000000' })
  expect(there()).toEqual([1, 2])
})

test('a reset whose answer is lost is done again: at least once, and said so', async () => {
  const name = freshName()
  await define(name)
  stage.zone.troubles.add({ on: /\/reset$/, trouble: { what: 'cut after' } })
  await power(name, { again: 'reset' })
  expect(stage.zone.asked.filter((one) => one.endsWith('/reset'))).toHaveLength(2)
  expect(servers()[0]?.status).toBe('active')
})

test('a worker that dies between the button and the start: the guest is not left off', async () => {
  const name = freshName()
  await define(name)
  const { driver, here, zone } = stage
  zone.habits.obeysMs = 1_000
  const { key } = ticketFor(name)
  expect(await driver.power(here, ticketFor(name, key), { again: 'reboot' })).toMatchObject({ state: 'running' })
  expect(servers()[0]?.obeysAt).not.toBeNull()
  zone.advance(1_000)
  const woken = stage.another()
  await through(stage, () => woken.power(here, ticketFor(name, key), { again: 'reboot' }))
  expect(servers()[0]?.status).toBe('active')
  expect(zone.asked.filter((one) => /\/(?:shutdown|start)$/.test(one)).map((one) => one.split('/').at(-1))).toEqual([
    'shutdown',
    'start',
  ])
})

test.each([
  { what: 'answers', status: 401, code: 'auth' },
  { what: 'answers', status: 302 },
  { what: 'answers', status: 204 },
  { what: 'answers', status: 200, body: 'Service unavailable' },
  { what: 'garbage', body: '' },
  { what: 'garbage', body: '[{"server":"no id","status":"active"}]' },
  { what: 'garbage', body: '[{"ser' },
  { what: 'cut before' },
  { what: 'silent' },
] as const)('a list that went wrong is never an empty one: %j', async (trouble) => {
  await define(freshName())
  stage.zone.troubles.add({ on: /servers\/info/, trouble })
  const fault = asFault(await stage.driver.list(stage.here).catch((thrown: unknown) => thrown))
  expect(['unreachable', 'timeout']).toContain(fault.kind)
  if ('status' in trouble && trouble.status === 401) expect(fault.detail.reason).toBe('not-authenticated')
})

test('nothing that is thrown holds the key', async () => {
  const { zone, driver, here } = stage
  const thrown: unknown[] = []
  for (const what of ['cut before', 'silent'] as const) {
    zone.troubles.add({ on: /./, trouble: { what } })
    thrown.push(await driver.list(here).catch((one: unknown) => one))
  }
  for (const status of [400, 401, 404, 500]) {
    zone.troubles.add({ on: /./, trouble: { what: 'answers', status } })
    thrown.push(await driver.list(here).catch((one: unknown) => one))
  }
  const { key, user } = zone.account
  const header = Buffer.from(`${user}:${key}`).toString('base64')
  expect(thrown.map((one) => asFault(one).kind)).toHaveLength(6)
  const shown = inspect(thrown, { depth: 20, showHidden: true })
  for (const secret of [key, header]) expect(shown).not.toContain(secret)
})
