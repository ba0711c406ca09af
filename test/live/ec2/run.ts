/**
 * `npm run live:ec2`: our EC2 driver against Amazon itself, for a person with an account (docs/bursting.md). Exit code 0: all passed;
 * 1: something failed; 2: not begun, and why.
 */
import { fault } from '../../../src/faults'
import { MOST_USD } from './cost'
import { byHand, planLines } from './plan'
import { play } from './play'
import { type LiveSettings, readSettings } from './settings'
import { openStage } from './stage'
import { STEPS } from './steps'

// As `npm test` sums up.
const { summary } = require('../../../scripts/test') as { summary: (results: readonly object[]) => string }

/** ms for all steps; what runs then is ended. */
const MOST_MS = 20 * 60_000
const NOT_BEGUN = 2

const tell = (line: string): void => void process.stdout.write(`${line}\n`)

/** Aborted by whatever would end this process but `kill -9`, so that it ends what it made first. */
function interruption(): AbortSignal {
  const control = new AbortController()
  const interrupt = (by: string): void => {
    tell(`${by}: ${control.signal.aborted ? 'it is ending what it made; wait' : 'now it ends what it made'}`)
    control.abort(fault('unavailable', `interrupted by ${by}`))
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt(name))
  process.on('uncaughtException', ({ message }) => interrupt(message))
  process.on('unhandledRejection', (reason) => interrupt(String(reason)))
  setTimeout(() => interrupt(`${MOST_MS / 60_000} minutes are over`), MOST_MS).unref()
  // Nobody reads any more: that is no reason to leave a machine behind.
  process.stdout.on('error', () => undefined)
  return control.signal
}

async function playAll(settings: LiveSettings): Promise<number> {
  const signal = interruption()
  const stage = openStage(settings)
  const sums = await play({ steps: STEPS, stage, signal, tell })
  await stage.driver.close()
  if (sums.failed > 0) tell(byHand(settings))
  tell(summary([sums]))
  return sums.failed > 0 ? 1 : 0
}

async function main(): Promise<number> {
  const read = readSettings(process.env)
  if (!('settings' in read)) {
    for (const problem of read.problems) tell(problem)
    tell('Nothing was asked of Amazon. docs/bursting.md says what these are.')
    return NOT_BEGUN
  }
  const { settings } = read
  for (const line of planLines(settings)) tell(line)
  if (MOST_USD > settings.mostUsd) {
    tell('That is over LIVE_EC2_MOST_USD: not begun.')
    return NOT_BEGUN
  }
  if (settings.agreed === 'yes') return playAll(settings)
  tell('Say LIVE_EC2_AGREED=yes to begin.')
  return NOT_BEGUN
}

void main().then((code) => {
  process.exitCode = code
})
