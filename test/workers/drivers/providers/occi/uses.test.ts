/** What a gateway of our own kind tells of our uses, page by page. */
import { fault } from '../../../../../src/faults'
import { statementOf } from '../../../../../workers/drivers/providers/occi/api/uses'

const use = (name: string, until: string | null = null) => ({
  ...{ order: '2b1d3a52-1f0e-4b0a-9f7e-0c5d6a3e7f0c', name, type: 't2.nano', price: 5_800 },
  ...{ from: '2026-11-21T12:00:00Z', until },
})
const page = (parts: object) => ({
  month: '2026-11',
  at: '2026-11-21T13:00:00Z',
  currency: 'EUR',
  uses: [],
  next: null,
  ...parts,
})

const client = (...pages: readonly unknown[]) => {
  const asked: string[] = []
  return {
    asked,
    page: async (location: string) => {
      asked.push(location)
      return pages[asked.length - 1]
    },
  }
}

test('all pages, each use once: what ended meanwhile has its end', async () => {
  const server = client(
    page({ uses: [use('i-1'), use('i-2')], next: '2026-11.2._a' }),
    page({ uses: [use('i-1', '2026-11-21T12:30:00Z')], at: '2026-11-21T13:00:01Z' }),
  )
  const { at, currency, uses } = await statementOf(server, '2026-11')
  expect(server.asked).toEqual(['/federation/uses?month=2026-11', '/federation/uses?month=2026-11&after=2026-11.2._a'])
  expect([new Date(at).toISOString(), currency]).toEqual(['2026-11-21T13:00:01.000Z', 'EUR'])
  expect(uses.map(({ name, until }) => [name, until && new Date(until).toISOString()])).toEqual([
    ['i-1', '2026-11-21T12:30:00.000Z'],
    ['i-2', null],
  ])
})

test('a server that has no such page, and an account that is no partner, tell nothing', async () => {
  const missing = { page: () => Promise.reject(fault('refused', 'no', { reason: 'missing' })) }
  await expect(statementOf(missing, '2026-11')).rejects.toMatchObject({
    kind: 'refused',
    message: /no gateway of this kind/,
  })
})

test.each([
  ['no JSON of ours', 'hello'],
  ['a time that is none', page({ uses: [{ ...use('i-1'), from: 'yesterday' }] })],
  ['a price that is none', page({ uses: [{ ...use('i-1'), price: -1 }] })],
  ['an end before its begin', page({ uses: [use('i-1', '2026-11-21T11:59:59Z')] })],
  ['a name that moves a terminal', page({ uses: [use('i-1\u001b[2J')] })],
  ['a name that never ends', page({ uses: [use('i'.repeat(256))] })],
  ['a currency that is none', page({ currency: 'money' })],
])('%s is no statement', async (_what, answer) => {
  await expect(statementOf(client(answer), '2026-11')).rejects.toMatchObject({ kind: 'unreachable' })
})

test('a server that tells more than there can be is not followed', async () => {
  let told = 0
  const endless = async () => {
    told += 1
    const uses = [use(`i-${told}-a`), use(`i-${told}-b`)]
    return page({ uses, next: `more-${told}` })
  }
  await expect(statementOf({ page: endless }, '2026-11', 5)).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('more than 5 uses'),
  })
  expect(told).toBe(3)
})

test('a server that goes round is not followed', async () => {
  const round = page({ next: 'again' })
  await expect(statementOf({ page: async () => round }, '2026-11')).rejects.toMatchObject({ kind: 'unreachable' })
})
