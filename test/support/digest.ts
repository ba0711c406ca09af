import { createHash } from 'node:crypto'

/** SHA-256 in small letters of hex, as images and their files are named by. */
export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
