/** A worker compares both sides' books: what it asks, what it keeps, and what it cannot compare. */
import type { StatedUse, Use } from '../../../../src/model/accounts'
import type { HostId } from '../../../../src/model/ids'
import { MOST_DIFFERENCES, type ReconcileAsk } from '../../../../src/model/records'
import type { SettledTime } from '../../../../src/store/used'
import { answerReconcile } from '../../../../workers/reconcile/studies/answer-reconcile'
import type { Work } from '../../../../workers/reconcile/work'
import { providerRecord } from '../../../support/provider-record'
import { HOUR_MS, useOf } from '../../../support/use'

const NOON = Date.UTC(2026, 10, 21, 12)
const NORTH = providerRecord('n')
const ASK: ReconcileAsk = {
  ...{ kind: 'reconcile', provider: NORTH.id, providerName: 'north', month: '2026-11', withinSeconds: 600 },
}
const ours = (id: string, parts: Partial<Use> = {}): Use =>
  useOf({ id, host: NORTH.id, offer: { type: 'small', price: 40_000 }, from: NOON, until: NOON + HOUR_MS, ...parts })
const theirs = (order: string | null, name = `i-${order}`): StatedUse => ({
  ...{ order, name, type: 't2.nano', price: null, from: NOON + 2_000, until: NOON + HOUR_MS },
})

interface World {
  readonly used?: readonly Use[]
  readonly stated?: readonly StatedUse[]
  readonly host?: typeof NORTH | undefined
  readonly tells?: 'books' | 'nothing'
}

function worldOf({ used = [], stated = [], tells = 'books', ...given }: World) {
  const kept: SettledTime[] = []
  const asked: string[] = []
  const statement = async (_host: unknown, month: string) => {
    asked.push(month)
    return { at: NOON + 2 * HOUR_MS, currency: 'EUR', uses: stated }
  }
  const store = {
    read: async () => ('host' in given ? given.host : NORTH),
    readAll: async () => [],
    used: async (_month: string, after: number, limit: number) => used.slice(after, after + limit),
    settled: {
      keep: async (times: readonly SettledTime[]) => void kept.push(...times),
      told: async (all: unknown) => all,
    },
  }
  const driver = () => (tells === 'books' ? { statement } : {})
  const work = { store, driver, clock: { now: () => NOON + 2 * HOUR_MS }, unseal: () => 'secret' }
  return { work: work as unknown as Work, kept, asked }
}

test('machines of this provider alone are compared, and its times are kept', async () => {
  const elsewhere = ours('b', { host: 'other' as HostId })
  const volume = ours('c', { kind: 'volume' })
  const { work, kept, asked } = worldOf({ used: [ours('a'), elsewhere, volume], stated: [theirs('a')] })
  expect(await answerReconcile(work, ASK)).toEqual({
    ...{ kind: 'reconcile', at: NOON + 2 * HOUR_MS, agreed: 1, seconds: 3598, taken: 1, differences: [], more: 0 },
  })
  expect(asked).toEqual(['2026-11'])
  expect(kept).toEqual([{ use: ours('a'), end: 'from', at: NOON + 2_000 }])
})

test('where everything agrees, or nothing is to be taken over, nothing is kept', async () => {
  const { work, kept } = worldOf({ used: [ours('a')], stated: [theirs('a')] })
  expect(await answerReconcile(work, { ...ASK, withinSeconds: 0 })).toMatchObject({ agreed: 0, taken: 0, more: 0 })
  expect(kept).toEqual([])
})

test('of very many differences some are told, and how many more there are', async () => {
  const stated = Array.from({ length: MOST_DIFFERENCES + 7 }, (_, nth) => theirs(null, `i-${nth}`))
  const { differences, more } = await answerReconcile(worldOf({ stated }).work, ASK)
  expect([differences.length, more]).toEqual([MOST_DIFFERENCES, 7])
})

test('a provider that is gone, or whose kind tells nobody, is said', async () => {
  await expect(answerReconcile(worldOf({ host: undefined }).work, ASK)).rejects.toMatchObject({ kind: 'refused' })
  const silent = answerReconcile(worldOf({ tells: 'nothing' }).work, ASK)
  await expect(silent).rejects.toMatchObject({ kind: 'unsupported', message: /of the kind ec2 tell nobody/ })
})
