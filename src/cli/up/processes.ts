/**
 * `<data>/up.json`: which processes a start has, so that the next one, after this one was killed, waits for them to end, and
 * a person can see what runs.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { reachableUrl } from '../../reachable-url'
import { lives, nameProcess, type ProcessName } from '../../store/owner-lock'

export interface Running {
  readonly pid: number
  readonly port: number
  /** Where this machine's own tools reach its gateway; older starts did not write it. */
  readonly url?: string
  readonly runtime: string
  readonly processes: Readonly<Record<string, ProcessName>>
}

const fileIn = (data: string): string => join(data, 'up.json')

/** Keeps the list on disk up to date; `remove` when all have ended. */
export function processList(data: string, site: Pick<Running, 'port' | 'url' | 'runtime'>) {
  const processes: Record<string, ProcessName> = {}
  const write = () =>
    writeFileSync(fileIn(data), `${JSON.stringify({ pid: process.pid, ...site, processes }, null, 2)}\n`, {
      mode: 0o600,
    })
  write()
  return {
    add(name: string, pid: number): void {
      const named = nameProcess(pid)
      if (named) processes[name] = named
      write()
    },
    remove: () => rmSync(fileIn(data), { force: true }),
  }
}

/** What an earlier start wrote; undefined when it ended in order. */
export function readProcesses(data: string): Running | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(fileIn(data), 'utf8'))
    return isRunning(found) ? found : undefined
  } catch {
    return undefined
  }
}

const isRunning = (value: unknown): value is Running =>
  typeof value === 'object' &&
  value !== null &&
  'port' in value &&
  typeof value.port === 'number' &&
  'pid' in value &&
  typeof value.pid === 'number' &&
  (!('url' in value) || typeof value.url === 'string') &&
  'processes' in value &&
  typeof value.processes === 'object' &&
  value.processes !== null &&
  Object.values(value.processes).every((it) => typeof it?.pid === 'number' && typeof it?.started === 'string')

/** Where the `up` that runs on this data folder answers, without a slash at its end; undefined when none does. */
export function runningUrl(data: string): string | undefined {
  const found = readProcesses(data)
  if (!found || !nameProcess(found.pid)) return undefined
  return found.url ?? reachableUrl('127.0.0.1', found.port)
}

const LEAVE_MS = 6_000

/** Processes of a killed start end by themselves; those that do not are killed. The Redis server itself is adopted instead. */
export async function awaitLeftovers(data: string): Promise<void> {
  const left = Object.values(readProcesses(data)?.processes ?? {}).filter(lives)
  const giveUpAt = performance.now() + LEAVE_MS
  while (left.some(lives)) {
    if (performance.now() > giveUpAt) for (const process_ of left) kill(process_)
    await pause(25)
  }
}

function kill(named: ProcessName): void {
  try {
    if (lives(named)) process.kill(named.pid, 'SIGKILL')
  } catch {
    // it ended in between
  }
}
