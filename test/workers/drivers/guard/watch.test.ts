/**
 * The watch of a real host, its script run here: it keeps what the pure rule says, ends what is marked when its time is over and
 * nothing else, whoever called it is long gone, and lets nobody start anything meanwhile.
 */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { type Epoch, parseEpoch } from '../../../../src/model/epoch'
import { type WatchOrder, type WatchState, watched } from '../../../../src/model/fencing'
import { assemble } from '../../../../workers/drivers/guard/script'
import { parseMarks, parseWatch, watchWords } from '../../../../workers/drivers/guard/watch'
import { testWith } from '../../../support/host-tools'
import { until } from '../../../support/until'

const SITE = 'local-1'
const DEEDS = readFileSync(join(__dirname, '..', '..', '..', 'fixtures', 'guard', 'watch-deeds.sh'), 'utf8')
const BOOT = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

let folder: string
let mark: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'))
  mark = `OCCI_TEST_WATCH=${folder}`
})
afterEach(() => {
  for (const pid of processes()) endNow(pid)
  rmSync(folder, { recursive: true, force: true })
})

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended meanwhile: what watches sleeps by a program of its own.
  }
}

/** Processes that watch: those that hold the lock. What one of them just forked holds it too and is no second watch. */
function watchers(): readonly number[] {
  const holders = processes().filter((pid) => {
    try {
      const fds = readdirSync(`/proc/${pid}/fd`)
      return fds.some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === record('watch.alive'))
    } catch {
      return false
    }
  })
  return holders.filter((pid) => !holders.includes(parentOf(pid)))
}

/** proc(5): the second word behind the command's name. 0: it is gone. */
function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}

/** Everything of this test's host that outlives its call. */
const processes = (): readonly number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)
      } catch {
        return false
      }
    })

const record = (...parts: readonly string[]): string => join(folder, 'guard', 'records', SITE, ...parts)
const epoch = (text: string): Epoch => parseEpoch(text) ?? { era: 0, number: 0 }
const uptimeMs = (): number => Math.round(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000)

/** Runs the guard as its way in does. */
function call(words: readonly string[], deeds = DEEDS, shell: readonly string[] = ['sh']): string {
  const script = assemble([deeds])
  const versions = join(folder, 'guard', 'versions')
  mkdirSync(versions, { recursive: true })
  writeFileSync(join(versions, script.version), script.text)
  const enter = join(__dirname, '..', '..', '..', '..', 'workers', 'drivers', 'guard', 'host', 'enter.sh')
  writeFileSync(join(folder, 'guard', 'enter'), readFileSync(enter))
  const [program = 'sh', ...more] = shell
  const ran = spawnSync(program, [...more, join(folder, 'guard', 'enter'), script.version, ...words], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, OCCI_TEST_WATCH: folder },
  })
  if (ran.stderr) throw new Error(ran.stderr)
  return ran.stdout
}

function probe(order: WatchOrder | undefined, deeds = DEEDS) {
  const [, said = '', ...marks] = call(['free', SITE, 'probe', ...watchWords(order)], deeds).split('\n')
  return { watch: parseWatch(said), marks: parseMarks(marks.join('\n')) }
}
const effect = (name: string, at: string, key: string, ...deed: readonly string[]): string =>
  call(['effect', SITE, name, ...at.split('.'), '5', key, 'attached', 'none', ...deed])
const on = (at: string, lastsMs: number, grantedMs: number | null = null, floor: string | null = null): WatchOrder => ({
  state: 'on',
  epoch: epoch(at),
  floor: floor === null ? null : epoch(floor),
  lastsMs,
  granted: grantedMs === null ? null : { boot: BOOT, uptimeMs: grantedMs, lastsMs },
})

/** A machine that runs, marked or not. */
function runs(name: string, as: 'restartable' | 'plain' = 'restartable'): void {
  effect(name, '1.1', `${name}/mark`, 'watch_mark', as)
  effect(name, '1.1', `${name}/start`, 'start')
}

test('a host that nobody ordered to watch says so, and ends nothing', () => {
  runs('i-1')
  expect(probe(undefined)).toMatchObject({
    watch: { isOn: false, endsMs: null },
    marks: { restartable: new Set(['i-1']) },
  })
  expect(watchers()).toEqual([])
})

test('what is marked ends when its time is over, without anybody; the rest runs on', async () => {
  runs('i-1')
  runs('i-2', 'plain')
  const { watch } = probe(on('1.2', 1500))
  expect(watch.isOn).toBe(true)
  expect((watch.endsMs ?? 0) - watch.uptimeMs).toBeGreaterThan(1000)
  expect(watchers()).toHaveLength(1)
  await until(() => !existsSync(join(folder, 'runs', 'i-1')), { what: 'the end of what is marked' })
  expect(uptimeMs()).toBeGreaterThanOrEqual(watch.endsMs ?? 0)
  expect(existsSync(join(folder, 'runs', 'i-2'))).toBe(true)
  expect(probe(undefined).marks.ended).toEqual(new Set(['i-1']))
  // Nothing that is marked starts meanwhile: what came of it is not known, the same key tries again.
  expect(effect('i-1', '1.3', 'again', 'start')).toContain('og1 unknown')
  const again = probe(on('1.4', 60_000, uptimeMs()))
  expect(again.watch.endsMs).toBeGreaterThan(uptimeMs())
  expect(effect('i-1', '1.5', 'again', 'start')).toContain('og1 done')
  expect(probe(undefined).marks.ended).toEqual(new Set())
})

test('time that is handed back keeps it running', async () => {
  runs('i-1')
  // Long enough for a busy machine to hand time back before it is over.
  const { watch } = probe(on('1.2', 6000))
  for (let number = 3; uptimeMs() < (watch.endsMs ?? 0) + 1500; number += 1) {
    probe(on(`1.${number}`, 6000, uptimeMs()))
    await until(() => uptimeMs() % 300 < 50)
  }
  expect(existsSync(join(folder, 'runs', 'i-1'))).toBe(true)
  expect(watchers()).toHaveLength(1)
})

test('it says which order it goes by: of an older one it takes nothing, and tells by that', () => {
  expect(probe(undefined).watch.epoch).toBeUndefined()
  expect(probe(on('1.5', 60_000)).watch.epoch).toEqual(epoch('1.5'))
  const before = probe(on('1.7', 60_000, uptimeMs())).watch
  expect(before.epoch).toEqual(epoch('1.7'))
  const late = probe(on('1.6', 90_000, uptimeMs())).watch
  expect(late).toMatchObject({ isOn: true, epoch: epoch('1.7'), endsMs: before.endsMs })
  expect(probe({ state: 'off', epoch: epoch('1.6'), floor: null }).watch).toMatchObject({
    isOn: true,
    epoch: epoch('1.7'),
  })
  const era = probe(on('2.1', 90_000, uptimeMs())).watch
  expect(era.epoch).toEqual(epoch('2.1'))
  expect(era.endsMs).toBeGreaterThan(before.endsMs ?? 0)
})

test('ordered off, it ends nothing and its process goes', async () => {
  runs('i-1')
  probe(on('1.2', 60_000))
  expect(probe({ state: 'off', epoch: epoch('1.3'), floor: null }).watch).toMatchObject({ isOn: false, endsMs: null })
  await until(() => watchers().length === 0)
  // An order that a frozen worker still had in its hands.
  expect(existsSync(record('watch'))).toBe(false)
})

test('its process is started again by the next probe when it was killed, or when the guard is another version', async () => {
  probe(on('1.2', 60_000))
  // Never 0, which would be our own group.
  for (const pid of watchers()) process.kill(pid, 'SIGKILL')
  await until(() => watchers().length === 0)
  expect(probe(undefined).watch.isOn).toBe(false)
  expect(probe(on('1.3', 60_000, uptimeMs())).watch.isOn).toBe(true)
  const before = watchers()
  expect(before).toHaveLength(1)
  expect(probe(on('1.4', 60_000, uptimeMs()), `${DEEDS}\n# another version`).watch.isOn).toBe(true)
  await until(() => !watchers().some((pid) => before.includes(pid)))
  expect(watchers()).toHaveLength(1)
})

test('a floor stops every claim made before it, of resources that are here, that left, and that never were', () => {
  effect('i-1', '1.5', 'k', 'start')
  const gone = `i-gone 1.4 ${Math.floor(Date.now() / 1000)}\n`
  writeFileSync(record('ledger'), gone)
  probe(on('1.9', 60_000, null, '1.9'))
  for (const name of ['i-1', 'i-gone', 'i-new']) {
    expect(call(['look', SITE, name, '1', '8', '5', 'nothing'])).toMatch(/^og1 stale 1\.9/)
    expect(call(['look', SITE, name, '1', '10', '5', 'nothing'])).toMatch(/^og1 seen/)
  }
})

const BOOTS = ['another-boot', BOOT]
const order = fc.record({
  number: fc.integer({ min: 1, max: 6 }),
  state: fc.constantFrom('on', 'on', 'on', 'off'),
  lastsMs: fc.constantFrom(15_000, 60_000),
  boot: fc.constantFrom(...BOOTS),
  /** Of the uptime; more than all of it is a time that has not come. */
  part: fc.constantFrom(0.2, 0.4, 0.6, 2),
  isGranted: fc.boolean(),
})

test('it keeps what the pure rule keeps, order by order', () => {
  fc.assert(
    fc.property(fc.array(order, { minLength: 1, maxLength: 6 }), fc.constantFrom(...BOOTS), (orders, before) => {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(record('resources'), { recursive: true })
      // As after a restart, or as of this boot; there is no process to watch, and none is needed for the rule.
      let kept: WatchState | null = { epoch: epoch('1.2'), boot: before, uptimeMs: 100, lastsMs: 15_000 }
      writeFileSync(record('watch'), `1 2 ${before} 100 15000\n`)
      const here = { boot: BOOT, uptimeMs: uptimeMs() }
      for (const { number, state, lastsMs, boot, part, isGranted } of orders) {
        const granted = isGranted ? { boot, uptimeMs: Math.round(here.uptimeMs * part), lastsMs } : null
        const head = { epoch: { era: 1, number }, floor: null }
        const told: WatchOrder = state === 'off' ? { ...head, state } : { ...head, state: 'on', lastsMs, granted }
        if (kept === null && state === 'on') break // begins with the uptime of that moment
        kept = watched(kept, told, here)
        call(['free', SITE, 'taken', ...watchWords(told)], `${DEEDS}\nfree_taken() { og_watch_taken "$@"; }`)
        const written = existsSync(record('watch')) ? readFileSync(record('watch'), 'utf8').trim() : ''
        const wanted = kept && `${kept.epoch.era} ${kept.epoch.number} ${kept.boot} ${kept.uptimeMs} ${kept.lastsMs}`
        expect(written).toBe(wanted ?? '')
      }
    }),
    { numRuns: 25 },
  )
})

testWith('busybox', 'busybox alone runs it too', async () => {
  const ask = (...words: readonly string[]): string => call(words, DEEDS, ['busybox', 'sh'])
  ask('effect', SITE, 'i-1', '1', '1', '5', 'm', 'attached', 'none', 'watch_mark', 'restartable')
  ask('effect', SITE, 'i-1', '1', '1', '5', 's', 'attached', 'none', 'start')
  ask('free', SITE, 'probe', ...watchWords(on('1.2', 1000)))
  await until(() => !existsSync(join(folder, 'runs', 'i-1')), { what: 'the end of what is marked' })
})

test('words that are no answer are told as such', () => {
  expect(() => parseWatch('4 maybe -')).toThrow('which is no answer')
  expect(() => parseWatch('4 on - newest')).toThrow('which is no answer')
  expect(parseWatch('12340 on -')).toEqual({ uptimeMs: 12_340, isOn: true, endsMs: null })
  expect(parseWatch('12340 off - 7.9')).toEqual({ uptimeMs: 12_340, isOn: false, endsMs: null, epoch: epoch('7.9') })
})
