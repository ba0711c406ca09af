/**
 * A short folder for unix sockets (their names may have 107 bytes, data folders may be longer). Its name follows from the
 * data folder, so the next start finds, and cleans, what a killed one left.
 */
import { createHash } from 'node:crypto'
import { accessSync, constants, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fault } from '../../faults'

const LONGEST_FOLDER = 80

function base(env: NodeJS.ProcessEnv): string {
  const fits = (folder: string | undefined): folder is string => {
    if (folder === undefined || folder.length > LONGEST_FOLDER - 30) return false
    try {
      accessSync(folder, constants.W_OK)
      return true
    } catch {
      return false
    }
  }
  return [env.XDG_RUNTIME_DIR, tmpdir()].find(fits) ?? '/tmp'
}

/** Its name for a data folder (absolute) and this user. */
export function runtimeFolder(data: string, env: NodeJS.ProcessEnv = process.env): string {
  const digest = createHash('sha256').update(data).digest('hex').slice(0, 10)
  return join(base(env), `occi-gateway-${process.getuid?.() ?? 0}-${digest}`)
}

/** Makes it, ours alone (0700). 'in-use' when somebody else made it: their sockets are not to be trusted. */
export function makeRuntimeFolder(folder: string): void {
  // What is not a folder was made by somebody else too, and is refused below.
  if (!lstatSync(folder, { throwIfNoEntry: false })) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  const mine = found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid)
  if (!mine || (found.mode & 0o077) !== 0)
    throw fault(
      'in-use',
      `the folder ${folder} is not ours alone (0700): remove it, or set XDG_RUNTIME_DIR to another place`,
    )
}

/** Removes what a killed start left, but for the names to keep. */
export function cleanRuntimeFolder(folder: string, keep: readonly string[]): void {
  for (const name of readdirSync(folder))
    if (!keep.includes(name)) rmSync(join(folder, name), { recursive: true, force: true })
}
