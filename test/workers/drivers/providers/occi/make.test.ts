/** What is asked of a server that chooses paths itself, where what it made is listed late. */
import { fault } from '../../../../../src/faults'
import type { OurCompute } from '../../../../../workers/drivers/providers/occi/account'
import type { Client } from '../../../../../workers/drivers/providers/occi/api/client'
import { DONE, type Habits, type Making, make, SOON } from '../../../../../workers/drivers/providers/occi/make'
import { settingsOf } from '../../../../../workers/drivers/providers/occi/settings'
import { faultOf } from '../../../../contract/driver/bench'
import { loudlyLacking } from '../../../../support/loudly-lacking'

const MIXINS = ['http://c.example/os#tiny', 'http://c.example/type#t2_nano']
const BASES = [
  'http://schemas.ogf.org/occi/infrastructure#os_tpl',
  'http://schemas.ogf.org/occi/infrastructure#resource_tpl',
]
const model = new Map(
  MIXINS.map((id, index) => [
    id,
    { id, depends: [BASES[index] ?? ''], location: null, title: null, defaults: new Map() },
  ]),
)
const NAME = 'i-00000000000000001'
const nothing = { name: NAME, compute: null, surplus: [] }
const running = {
  ...nothing,
  compute: { state: 'active', actions: new Set<string>(), start: null } as unknown as OurCompute,
}

interface Server {
  /** Where each order was put. */
  readonly orders: (string | undefined)[]
  readonly looks: string[]
  readonly client: Client
  /** What it shows at its place. */
  shows: 'it' | 'nothing' | 'no answer'
}

/** It takes no path of ours, and puts each order where it likes. */
function server(location: string | undefined = '/compute/1'): Server {
  const orders: (string | undefined)[] = []
  const looks: string[] = []
  const of: Server = {
    ...{ orders, looks, shows: 'it' },
    client: loudlyLacking({
      spoken: async () => ({
        version: '1.1',
        rendering: 'text/plain',
        lists: 'text/plain',
        model,
        collection: '/compute/',
      }),
      forget: () => undefined,
      makeAtItsId: async () => 'not there',
      makeAnywhere: async () => {
        orders.push(location)
        return location
      },
      look: async (path: string) => {
        looks.push(path)
        if (of.shows === 'no answer') throw fault('unreachable', 'away')
        return of.shows === 'it' ? { location: path } : undefined
      },
    } as unknown as Client),
  }
  return of
}

const MINUTE = 60_000
const fresh = (): Habits => ({ ids: 'may be ours', made: new Map() })
const definition = {
  ...{ name: NAME, id: '00000000-0000-4000-8000-000000000001', site: 'local-1' },
  order: { type: { name: 't2.nano' }, image: 'tiny', hostname: null, publicKey: null, userData: null },
} as unknown as Making['definition']
/** One job; `shown`: what the look after its order finds. */
const job = (
  { client }: Server,
  habits: Habits,
  now: number,
  key = 'k/1',
  shown = nothing as typeof nothing | typeof running,
) => {
  const ticket = { resource: NAME, epoch: { era: 1, number: 1 }, key }
  return make(
    { client, settings: settingsOf({ settings: {} }), definition, ticket, now, habits },
    nothing,
    async () => shown,
  )
}

test('an order that was answered is not given again while what it made is not listed, nor as long as it is shown at its place', async () => {
  const [there, habits] = [server(), fresh()]
  for (const now of [0, 1_000, MINUTE - 1]) expect(await job(there, habits, now)).toBe(SOON)
  expect([there.orders.length, there.looks]).toEqual([1, []])
  for (const now of [MINUTE, 10 * MINUTE]) expect(await job(there, habits, now)).toBe(SOON)
  expect([there.orders.length, there.looks]).toEqual([1, ['/compute/1', '/compute/1']])
  there.shows = 'no answer'
  await faultOf(job(there, habits, 11 * MINUTE), 'unreachable')
  expect(there.orders).toHaveLength(1)
})

test('it is given again once that is gone, or where nobody knows where it was put, and by another key at once', async () => {
  for (const location of ['/compute/1', undefined]) {
    const [there, habits] = [server(location), fresh()]
    there.shows = 'nothing'
    await job(there, habits, 0)
    await job(there, habits, 1_000)
    expect(there.orders).toHaveLength(1)
    await job(there, habits, 1_000, 'k/2')
    expect(there.orders).toHaveLength(2)
    await job(there, habits, MINUTE)
    expect(there.orders).toHaveLength(3)
    await job(there, habits, MINUTE + 1)
    expect(there.orders).toHaveLength(3)
  }
})

test('an order that was not answered is given again', async () => {
  const [there, habits] = [server(), fresh()]
  const cut = { ...there.client, makeAnywhere: () => Promise.reject(fault('timeout', 'no answer')) }
  await faultOf(job({ ...there, client: cut }, habits, 0), 'timeout')
  expect(await job(there, habits, 1)).toBe(SOON)
  expect(there.orders).toHaveLength(1)
})

test('what is listed needs not to be kept in mind; and of very many the oldest is forgotten', async () => {
  const [there, habits] = [server(), fresh()]
  expect(await job(there, habits, 0, 'k/1', running)).toEqual(DONE)
  expect(habits.made.size).toBe(0)
  for (let order = 0; order < 1_001; order += 1) await job(there, habits, 0, `k/${order}`)
  expect([habits.made.size, habits.made.has('k/0'), habits.made.has('k/1000')]).toEqual([1_000, false, true])
})
