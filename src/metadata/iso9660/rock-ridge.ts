/** Rock Ridge's entries (SUSP 1.12, RRIP 1.12): names as they are, and whose the files are. */
import { both32 } from './fields'

const entry = (signature: string, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from(signature, 'latin1'), Buffer.from([payload.length + 4, 1]), payload])

const IDENTIFIER = 'RRIP_1991A'

/** In the root's first record only: that such entries are there (SP), and whose they are (ER). */
export const NAME_SPACE = Buffer.concat([
  entry('SP', Buffer.from([0xbe, 0xef, 0])),
  entry('ER', Buffer.concat([Buffer.from([IDENTIFIER.length, 0, 0, 1]), Buffer.from(IDENTIFIER, 'latin1')])),
])

/** POSIX modes, links, user and group (PX). A seed holds secrets, so it is root's alone. */
const MODES = { directory: [0o040500, 2], file: [0o100400, 1] } as const

/** The PX entry of a file or directory. */
export function owner(what: keyof typeof MODES): Buffer {
  const [mode, links] = MODES[what]
  return entry('PX', Buffer.concat([both32(mode), both32(links), both32(0), both32(0)]))
}

/** The NM entry: the name as it is. */
export const realName = (name: string): Buffer =>
  entry('NM', Buffer.concat([Buffer.from([0]), Buffer.from(name, 'latin1')]))
