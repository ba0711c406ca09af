/**
 * The key ring in a file: JSON, mode 0600, made at the first start. Whoever has it and Redis has every secret; whoever loses it
 * loses them. Newest key first.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { codeOf } from '../errno'
import { fault } from '../faults'
import { jsonOf } from '../model/json'
import type { KeyRing } from './sealed'

const KEY_BYTES = 32
const shape = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9]{1,32}$/),
        key: z
          .base64()
          .transform((text) => Buffer.from(text, 'base64'))
          .refine((key) => key.length === KEY_BYTES),
      }),
    )
    .min(1),
})

/** Where the ring of a process with that data folder is: OCCI_GATEWAY_KEYS (an empty one is none), else `<folder>/keys`. */
export const keyRingFile = (folder: string, env: NodeJS.ProcessEnv = process.env): string =>
  env.OCCI_GATEWAY_KEYS || join(folder, 'keys')

/** Reads the ring, making it first where there is none. Faults: 'invalid' for a file that is no key ring or that others can read. */
export function openKeyRingFile(file: string): KeyRing {
  return readKeyRingFile(file) ?? makeRing(file)
}

/** Reads the ring; undefined where there is none. Faults: 'invalid' as above. */
export function readKeyRingFile(file: string): KeyRing | undefined {
  let text: string
  try {
    const { mode } = statSync(file)
    if ((mode & 0o077) !== 0) throw fault('invalid', `others can read the key ring ${file}; chmod 600 it`)
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
  const parsed = shape.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  // Its content is secret, so not even what is wrong with it is told.
  throw fault('invalid', `${file} is no key ring; bring back the right one from a backup`)
}

/** Written whole before it bears its name, so that of two that start at once both use the first one's. */
function makeRing(file: string): KeyRing {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const ring = { keys: [{ id: randomBytes(4).toString('hex'), key: randomBytes(KEY_BYTES).toString('base64') }] }
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, `${JSON.stringify(ring, null, 2)}\n`)
    fsyncSync(handle)
    linkSync(draft, file)
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown
  } finally {
    closeSync(handle)
    rmSync(draft, { force: true })
  }
  const made = readKeyRingFile(file)
  if (!made) throw fault('internal', `the key ring ${file} vanished while it was made`)
  return made
}
