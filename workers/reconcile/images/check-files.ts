import { createHash } from 'node:crypto'
import type { ImageStore } from '../../../src/images/image-store'
import type { ImageFile } from '../../../src/model/images'

/** Reads the files from end to end. What is wrong, as a text; null: each is what its name says. */
export async function checkFiles(images: ImageStore, files: readonly ImageFile[]): Promise<string | null> {
  for (const { sha256, bytes } of files) {
    const found = await images.stat(sha256)
    if (!found) return `the file ${sha256} is not in the image store`
    if (found.bytes !== bytes) return `the file ${sha256} has ${found.bytes} bytes, not ${bytes}`
    const hash = createHash('sha256')
    for await (const chunk of await images.read(sha256)) hash.update(chunk)
    if (hash.digest('hex') !== sha256) return `the file ${sha256} has other contents than its name says`
  }
  return null
}
