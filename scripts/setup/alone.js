/** One set-up at a time in a folder: two at once would take each other's half-made files away. Works wherever Node does, so no flock(1). */
const { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { cache } = require('./place')
const { giveUp, say } = require('./say')

const LOCK = join(cache, 'setup.lock')
const LOOK_MS = 100
/** Downloads and a first build on a slow machine. */
const PATIENCE_MS = 20 * 60_000
/** For so long a lock without a name may still be being written. */
const UNNAMED_MS = 5_000

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** Whose it is, as it says; undefined: it is free by now. */
function holderOf(lock) {
  try {
    return readFileSync(lock, 'utf8')
  } catch {
    return undefined
  }
}

/** Whether whoever took it has ended without giving it back. */
function isLeft(lock, holder) {
  const pid = Number(holder)
  if (!Number.isInteger(pid) || pid <= 0) {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
    return since !== undefined && Date.now() - since > UNNAMED_MS
  }
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** Takes a left lock away: by its new name it is seen whether another one did so first and the lock is whose by now. */
function clear(lock, holder) {
  const aside = `${lock}.${process.pid}`
  try {
    renameSync(lock, aside)
    if (readFileSync(aside, 'utf8') === holder) rmSync(aside)
    else renameSync(aside, lock)
  } catch {
    // somebody else cleared it
  }
}

/** Runs `work` while no other set-up runs in this folder; waits for one that does. */
function alone(work, lock = LOCK) {
  mkdirSync(dirname(lock), { recursive: true })
  const since = performance.now()
  let told = ''
  while (!take(lock)) {
    const holder = holderOf(lock)
    if (holder === undefined) continue
    if (isLeft(lock, holder)) clear(lock, holder)
    else if (performance.now() - since > PATIENCE_MS)
      giveUp([`another set-up (process ${holder}) does not end; end it, or remove ${lock}`])
    else {
      if (told !== holder) say(`waiting for another set-up in this folder (process ${holder}) …`)
      told = holder
      sleep(LOOK_MS)
    }
  }
  try {
    return work()
  } finally {
    rmSync(lock, { force: true })
  }
}

module.exports = { alone }
