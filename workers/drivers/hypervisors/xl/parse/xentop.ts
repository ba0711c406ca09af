/** `xentop -b -f`: what each domain used since it was started. Of several samples the last. */
import { linesOf } from './answer'

export interface Use {
  readonly name: string
  readonly cpuSeconds: number
  readonly memoryKiB: number
  /** As the guest sees it: what it sent is its interfaces' backends' received; xentop counts for the guest. KiB. */
  readonly sentKiB: number
  readonly receivedKiB: number
  readonly readSectors: number
  readonly writtenSectors: number
}

/** Bytes of a sector, whatever the disk's own is. */
export const SECTOR_BYTES = 512

const NUMBER = /^\d+$/

/** Domains whose line came whole: what was cut off, or is not xentop's, tells nothing. */
export function parseXentop(text: string): readonly Use[] {
  const lines = linesOf(text)
  const from = lines.findLastIndex((line) => /^\s*NAME\s+STATE\s/.test(line))
  if (from < 0) return []
  const titles = columnsOf(lines[from] ?? '')
  return lines.slice(from + 1).flatMap((line) => useOf(titles, line) ?? [])
}

function useOf(titles: readonly string[], line: string): Use | undefined {
  // A limit may be `no limit`, which is two words for one column.
  const words = columnsOf(line.replace(/no limit/g, 'n/a'))
  const extra = words.length - titles.length
  if (extra < 0) return undefined
  const value = (title: string): number => {
    const at = titles.indexOf(title)
    const word = at < 0 ? '' : (words[extra + at] ?? '')
    return NUMBER.test(word) ? Number(word) : Number.NaN
  }
  const used = {
    cpuSeconds: value('CPU(sec)'),
    memoryKiB: value('MEM(k)'),
    sentKiB: value('NETTX(k)'),
    receivedKiB: value('NETRX(k)'),
    readSectors: value('VBD_RSECT'),
    writtenSectors: value('VBD_WSECT'),
  }
  if (Object.values(used).some(Number.isNaN)) return undefined
  return { name: words.slice(0, extra + 1).join(' '), ...used }
}

const columnsOf = (line: string): string[] => line.trim().split(/\s+/)
