import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { reconcile } from '../../../workers/reconcile/dispatch'
import { Crash } from '../../support/pump'
import { type Site, startSite } from '../../support/site'
import { until } from '../../support/until'

const AUDIT = { kind: 'audit', id: 'site' } as const
let site: Site
beforeEach(async () => {
  site = await startSite({ hosts: 1 })
})
afterEach(() => site.close())

const lines = (folder: string): string[] =>
  readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'))
const numbers = (folder: string) => lines(folder).map((line) => (JSON.parse(line) as { number: number }).number)

test('every event is written once, and the position kept', async () => {
  const work = site.work()
  await reconcile(work, AUDIT)
  await site.order(3)
  await reconcile(work, AUDIT)
  const written = numbers(work.auditFolder)
  expect(written).toEqual(written.map((_number, index) => index + 1))
  expect((await site.store.read('audit', 'site'))?.seen?.upTo).toMatch(/^\d+-\d+$/)
  const before = lines(work.auditFolder).length
  await reconcile(work, AUDIT)
  expect(lines(work.auditFolder)).toHaveLength(before)
})

test('a worker that dies between the files and the position writes nothing twice', async () => {
  const crashing = site.work({
    at: (point) => {
      if (point === 'before:result') throw new Crash(point)
    },
  })
  await expect(reconcile(crashing, AUDIT)).rejects.toThrow(Crash)
  await reconcile(site.work(), AUDIT)
  const written = numbers(crashing.auditFolder)
  expect(new Set(written).size).toBe(written.length)
})

test('a worker puts it on the agenda, where it stays', async () => {
  await site.worker()
  const { auditFolder } = site.work()

  await until(() => readdirSync(auditFolder).length > 0, { what: 'an audit file' })
  await until(async () => (await site.store.agendaSize()) >= 2, { what: 'host and audit on the agenda' })
})
