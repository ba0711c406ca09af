/**
 * A stage of the build: a folder in the cache that is made whole or not at all, under a key of everything that it was made
 * from. A changed recipe has another key, so it is made anew; checkouts with other recipes keep theirs beside it.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { labCache } from './place'
import { step } from './progress'

export interface Stage {
  readonly name: string
  /** For the progress line. */
  readonly says: string
  /** All that decides what comes out: names of packages, keys of the stages it is built from. */
  readonly inputs: readonly string[]
  /** The recipe's own files: this stage's source, scripts that go in. */
  readonly files: readonly string[]
  /** Fills an empty folder. */
  build(folder: string): Promise<void>
}

const KEY_LENGTH = 16
const KEPT_MS = 14 * 24 * 3_600_000

export function keyOf({ name, inputs, files }: Pick<Stage, 'name' | 'inputs' | 'files'>): string {
  const hash = createHash('sha256').update(JSON.stringify([name, inputs]))
  for (const file of files) hash.update('\0').update(readFileSync(file))
  return hash.digest('hex').slice(0, KEY_LENGTH)
}

/** The stage's folder in the cache, whether it is there or not. */
export const folderOf = (stage: Pick<Stage, 'name' | 'inputs' | 'files'>): string =>
  join(labCache(), `${stage.name}-${keyOf(stage)}`)

/** Makes the stage if it is not in the cache; returns its folder. */
export async function make(stage: Stage): Promise<string> {
  const folder = folderOf(stage)
  if (!existsSync(folder)) await step(stage.says, () => makeWhole(stage, folder))
  const now = new Date()
  utimesSync(folder, now, now)
  forgetOld(stage.name)
  return folder
}

async function makeWhole(stage: Stage, folder: string): Promise<void> {
  const part = `${folder}.part-${process.pid}`
  mkdirSync(part, { recursive: true })
  try {
    await stage.build(part)
    // Another builder was quicker: its folder is as good.
    if (!existsSync(folder)) renameSync(part, folder)
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

/** Folders of the same stage that no recipe asked for in a fortnight. */
function forgetOld(name: string): void {
  for (const entry of readdirSync(labCache())) {
    const folder = join(labCache(), entry)
    if (!entry.startsWith(`${name}-`)) continue
    const used = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - used > KEPT_MS) rmSync(folder, { recursive: true, force: true })
  }
}
