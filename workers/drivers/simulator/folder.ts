/** Small JSON files, each replaced whole by a rename: a kill at any moment leaves the old one or the new one. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import { fault } from '../../../src/faults'

const TEMPORARY = '.new'

/** Writes a value so that it is there, whole, when this returns. Survives the process, not the machine's power. */
export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path + TEMPORARY, JSON.stringify(value), { mode: 0o600 })
  renameSync(path + TEMPORARY, path)
}

export const removeFile = (path: string): void => rmSync(path, { force: true })

/** A file's value, checked; undefined where there is none; 'internal' for one that is not what it should be. */
export function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw fault('internal', `${path} is not the simulator's`, { cause })
  }
}

/** Names of entries in a folder; none where there is no folder. What a kill left half written is swept away. */
export function listFolder(path: string): readonly string[] {
  let names: string[]
  try {
    names = readdirSync(path)
  } catch {
    return []
  }
  for (const name of names) if (name.endsWith(TEMPORARY)) removeFile(join(path, name))
  return names.filter((name) => !name.endsWith(TEMPORARY)).sort()
}
