/** The one place where words become a shell line: each in single quotes, in which a shell knows no special character but their end. */
import { fault } from '../../../src/faults'

/** sh's own limit is 128 KiB for one argument, and the whole line is one of the login shell's. */
const LONGEST_LINE = 120_000

/**
 * The line that a POSIX shell takes apart into exactly these words. Always in the same form (`'word' 'it'\''s'`), which the
 * guard's forced command reads without a shell. Fault: 'refused' for a zero byte or more than 120,000 bytes.
 */
export function quote(words: readonly string[]): string {
  const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  if (line.includes('\0')) throw fault('refused', 'a command cannot hold a zero byte')
  if (Buffer.byteLength(line) > LONGEST_LINE) throw fault('refused', `a command has at most ${LONGEST_LINE} bytes`)
  return line
}
