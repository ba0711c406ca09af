/** Log files of the processes that `up` starts: appended to, and set aside at a start when they have grown. */
import { mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A file that is larger than this at a start becomes `<name>.1.log`; what was that is dropped. */
export const LARGEST_LOG = 16 * 1024 * 1024

/** Where a process's log goes. */
export const logFile = (folder: string, name: string): string => join(folder, `${name}.log`)

/** Opens a log for appending, making its folder; returns the file descriptor. */
export function openLogFile(folder: string, name: string, largest = LARGEST_LOG): number {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = logFile(folder, name)
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > largest) renameSync(file, join(folder, `${name}.1.log`))
  return openSync(file, 'a', 0o600)
}

/** The last lines of a log, for telling why a process does not start. */
export function lastLines(file: string, count: number): readonly string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count)
  } catch {
    return []
  }
}
