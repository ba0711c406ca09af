/**
 * One process that `up` keeps running: started again with back-off when it dies, ended in order when `up` ends.
 *
 * It lives in a session of its own, so a Ctrl-C in the terminal reaches `up` alone, which ends all in the right order. Its
 * standard input is a pipe that only we hold: when we are killed it closes, and the child ends itself (bin/occi-gateway.js).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { openLogFile } from './log-file'

export interface ChildOptions {
  readonly name: string
  /** Words behind `occi-gateway`. */
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly logs: string
  /** One line for the person at the screen. */
  readonly tell: (line: string) => void
  /** Called whenever it was started. */
  readonly started?: (pid: number) => void
  /** What it says over its channel. */
  readonly message?: (message: unknown) => void
}

export interface Child {
  readonly name: string
  /** undefined while none runs. */
  readonly pid: number | undefined
  /** Deaths in a row. */
  readonly deaths: number
  /** Asks it to end, kills it after `graceMs`; resolves when it is gone. */
  stop(graceMs: number): Promise<void>
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
/** One that ran so long begins with the shortest pause again. */
const STEADY_MS = 30_000

/** How long to wait before the next start, after so many deaths in a row. */
export const pauseAfter = (deaths: number): number => Math.min(FIRST_PAUSE_MS * 2 ** (deaths - 1), LONGEST_PAUSE_MS)

/** Starts a process and keeps it running until `stop`. */
export function keepRunning(program: string, options: ChildOptions): Child {
  let current: ChildProcess | undefined
  let deaths = 0
  let ending = false
  let timer: NodeJS.Timeout | undefined

  const start = () => {
    const startedAt = performance.now()
    const child = launch(program, options)
    current = child
    child.on('message', (message) => options.message?.(message))
    child.once('error', (error) => options.tell(`${options.name} cannot be started: ${error.message}`))
    child.once('exit', (code, signal) => {
      current = undefined
      if (ending) return
      deaths = performance.now() - startedAt > STEADY_MS ? 1 : deaths + 1
      const pause = pauseAfter(deaths)
      options.tell(`${options.name} ended (${signal ?? `exit code ${code}`}); starting it again in ${pause / 1000} s`)
      timer = setTimeout(start, pause)
    })
    if (child.pid !== undefined) options.started?.(child.pid)
  }
  start()

  return {
    name: options.name,
    get pid() {
      return current?.pid
    },
    get deaths() {
      return deaths
    },
    async stop(graceMs) {
      ending = true
      clearTimeout(timer)
      if (current) await end(current, graceMs)
    },
  }
}

function launch(program: string, options: ChildOptions): ChildProcess {
  const log = openLogFile(options.logs, options.name)
  try {
    return spawn(process.execPath, [program, ...options.words], {
      env: { ...process.env, ...options.env, OCCI_GATEWAY_PARENT: '1' },
      stdio: ['pipe', log, log, 'ipc'],
      detached: true,
    })
  } finally {
    closeSync(log)
  }
}

const end = (child: ChildProcess, graceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const killer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    child.once('exit', () => {
      clearTimeout(killer)
      resolve()
    })
    child.kill('SIGTERM')
  })
