import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { writeAudit } from '../../../src/store/audit'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, createOf, openTestSite, type TestSite } from '../../support/store'

let redis: TestRedis
let site: TestSite
let folder: string
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
  folder = join(mkdtempSync(join(tmpdir(), 'og-audit-')), 'audit')
})
afterEach(async () => {
  rmSync(dirname(folder), { recursive: true, force: true })
  await site.close()
})

const DAY = Date.UTC(2025, 10, 21)
const actor = { user: 'ann', key: 'AKIA1', source: '10.0.0.9', requestId: 'r-1' }
let made = 0
async function happen(times: number, at = DAY): Promise<void> {
  for (let i = 0; i < times; i++)
    await site.store.change(changeOf({ actor, what: 'run-compute', creates: [createOf(`c${++made}`)] }), at)
}
const write = (after = '0', keep?: number) =>
  writeAudit({ store: site.store, folder, after, ...(keep === undefined ? {} : { keep }) })
const path = (name = '2025-11-21.jsonl') => join(folder, name)
const lines = (name?: string) =>
  readFileSync(path(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { number: number })
const numbers = (name?: string) => lines(name).map(({ number }) => number)

describe('writeAudit', () => {
  test('writes who did what to which record, readable by its owner only', async () => {
    made = 0
    await happen(1)
    await write()
    expect(lines()).toEqual([
      {
        streamId: expect.stringMatching(/^\d+-\d+$/),
        number: 1,
        at: '2025-11-21T00:00:00.000Z',
        what: 'run-compute',
        ...actor,
        refs: ['compute:c1@1'],
      },
    ])
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })

  test("goes on from its position, into the file of each event's day", async () => {
    await happen(2)
    const position = await write()
    await happen(1, DAY + 1_000)
    await happen(2, DAY + 86_400_000)
    await write(position)
    expect(numbers()).toEqual([1, 2, 3])
    expect(numbers('2025-11-22.jsonl')).toEqual([4, 5])
    expect(readdirSync(folder).sort()).toEqual(['2025-11-21.jsonl', '2025-11-22.jsonl'])
  })

  test('nothing new writes nothing and stays where it is', async () => {
    await happen(1)
    const position = await write()
    expect(await write(position)).toBe(position)
    expect(numbers()).toEqual([1])
    expect(await write('0')).toBe(position)
  })

  test('after a crash before its position was kept, no event is there twice', async () => {
    await happen(3)
    await write()
    await happen(2)
    await write('0')
    expect(numbers()).toEqual([1, 2, 3, 4, 5])
  })

  test('a line that a crash left half written is written whole', async () => {
    await happen(2)
    await write()
    truncateSync(path(), statSync(path()).size - 20)
    await write('0')
    expect(numbers()).toEqual([1, 2])
    appendFileSync(path(), '{"streamId":"9')
    await happen(1)
    await write('0')
    expect(numbers()).toEqual([1, 2, 3])
  })

  test('trims what is written, and keeps the newest for the mirrors', async () => {
    await happen(10)
    await write('0', 4)
    expect((await site.store.eventsAfter('0', 100)).map(({ number }) => number)).toEqual([7, 8, 9, 10])
    expect(numbers()).toHaveLength(10)
  })

  test('keeps 100,000 events when it is not told otherwise', async () => {
    await happen(5)
    await write()
    expect(await site.store.eventsAfter('0', 100)).toHaveLength(5)
  })

  test('drops nothing from the stream where the disk refuses', async () => {
    await happen(3)
    writeFileSync(folder, 'a file stands in the way')
    await expect(write('0', 0)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await site.store.eventsAfter('0', 100)).toHaveLength(3)
  })

  test('many events in one go', async () => {
    await Promise.all(Array.from({ length: 1_100 }, () => happen(1)))
    await write('0', 0)
    expect(numbers()).toEqual(Array.from({ length: 1_100 }, (_, i) => i + 1))
    expect(await site.store.eventsAfter('0', 10)).toEqual([])
  })
})
