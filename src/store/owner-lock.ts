/**
 * Which process owns a folder, and whether it still lives. A pid alone is not enough, pids come again; with the start time
 * it names one process for ever. Where there is no /proc, the pid alone decides.
 */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { fault } from '../faults'

export interface ProcessName {
  readonly pid: number
  /** Clock ticks since the machine's boot; '' where the system does not tell. */
  readonly started: string
}

/** Names a living process; undefined when there is none with that pid. A zombie is none. */
export function nameProcess(pid: number): ProcessName | undefined {
  try {
    // Field 2 is the name in brackets and may hold anything; state is field 3, the start time field 22.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return fields[0] === 'Z' ? undefined : { pid, started: fields[19] ?? '' }
  } catch {
    return process.platform === 'linux' ? undefined : alive(pid) ? { pid, started: '' } : undefined
  }
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Whether that very process still lives. */
export const lives = (name: ProcessName): boolean => nameProcess(name.pid)?.started === name.started

/** Takes the lock file for this process; returns the way to give it back. 'in-use' when another living process holds it. */
export function takeLock(file: string): () => void {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (written(file)) return () => rmSync(file, { force: true })
    const owner = ownerOf(file)
    if (owner && lives(owner)) throw fault('in-use', `the data folder is in use by process ${owner.pid} (${file})`)
    rmSync(file, { force: true }) // its owner is gone
  }
  throw fault('in-use', `the lock file cannot be taken: ${file}`)
}

function written(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600)
    writeSync(descriptor, `${process.pid} ${nameProcess(process.pid)?.started ?? ''}`)
    closeSync(descriptor)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw fault('unavailable', `the lock file cannot be written: ${file}`, { cause: error })
  }
}

function ownerOf(file: string): ProcessName | undefined {
  try {
    const [pid = '', started = ''] = readFileSync(file, 'utf8').split(' ')
    return /^\d+$/.test(pid) ? { pid: Number(pid), started } : undefined
  } catch {
    return undefined
  }
}
