/**
 * Blobs in a folder. A blob is written beside, brought to disk and then linked or renamed to its name, so that a kill at any
 * moment leaves the blob whole or not there; what is left over beside is removed when it is a day old.
 */
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, opendir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { codeOf } from '../errno'
import { Fault, fault } from '../faults'
import { type Blob, type Blobs, LEFT_OVER_MS } from './blobs'

/** `folder` is made when first written to. Faults: 'unavailable' with the reason (full, not writable). */
export function folderBlobs(folder: string): Blobs {
  const path = (key: string): string => join(folder, ...key.split('/'))
  const beside = join(folder, 'incoming')

  const put: Blobs['put'] = async (bytes, name, how) => {
    await makeFolder(beside)
    await removeLeftOvers(beside)
    const temporary = join(beside, randomUUID())
    try {
      await writeWhole(temporary, bytes)
      const key = name()
      if (key === '') return false
      await makeFolder(dirname(path(key)))
      if (how === 'replace') await rename(temporary, path(key))
      else if (!(await linked(temporary, path(key)))) return false
      await syncFolder(dirname(path(key)))
      return true
    } finally {
      await rm(temporary, { force: true })
    }
  }

  return {
    mostBytes: Number.POSITIVE_INFINITY,
    stat: (key) => told(() => lookAt(path(key), key)),
    read: (key, { from, to }) =>
      told(async () => {
        const found = await lookAt(path(key), key)
        if (!found) return undefined
        const end = Math.min(to ?? found.bytes, found.bytes)
        if (from >= end) return emptyStream()
        return createReadStream(path(key), { start: from, end: end - 1, highWaterMark: 1024 * 1024 })
      }),
    put: (bytes, name, how) => told(() => put(bytes, name, how)),
    async *list(prefix) {
      const below = path(prefix.replace(/\/$/, ''))
      for (const name of (await told(() => namesIn(below))).sort()) {
        const found = await told(() => lookAt(join(below, name), prefix + name))
        if (found) yield found
      }
    },
    remove: (key) =>
      told(async () => {
        await rm(path(key), { force: true })
        // The folder of an upload goes with its last piece; others are not empty, or wanted again.
        if (key.startsWith('uploads/')) await rmdir(dirname(path(key))).catch(() => undefined)
      }),
    close: () => undefined,
  }
}

const emptyStream = (): Readable => Readable.from([], { objectMode: false })

async function lookAt(path: string, key: string): Promise<Blob | undefined> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { key, bytes: size, writtenAt: mtimeMs }
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return []
    throw thrown
  }
}

const makeFolder = (folder: string) => mkdir(folder, { recursive: true, mode: 0o700 })

async function writeWhole(path: string, bytes: Readable): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of bytes) await file.writeFile(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false
    throw thrown
  }
}

/** A name is on disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function removeLeftOvers(folder: string): Promise<void> {
  for await (const { name } of await opendir(folder)) {
    const found = await lookAt(join(folder, name), name)
    if (found && Date.now() - found.writtenAt > LEFT_OVER_MS) await rm(join(folder, name), { force: true })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'it is full',
  EDQUOT: 'its quota is used up',
  EACCES: 'it may not be written to',
  EROFS: 'it is read-only',
  EIO: 'its disk fails',
  ENOTDIR: 'it is no folder',
  EEXIST: 'it is no folder',
}

async function told<T>(deed: () => Promise<T>): Promise<T> {
  try {
    return await deed()
  } catch (thrown) {
    const code = codeOf(thrown)
    const known = typeof code === 'string' && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined
    if (thrown instanceof Fault || known === undefined) throw thrown
    throw fault('unavailable', `the image store cannot be used now: ${known}`, { cause: thrown })
  }
}
