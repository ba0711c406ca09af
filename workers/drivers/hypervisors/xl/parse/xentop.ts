/** `xentop -b -f`: what each domain used since it was started. Of several samples the last. */
import { linesOf, notAnAnswer } from './answer'

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

export function parseXentop(text: string): readonly Use[] {
  const lines = linesOf(text)
  const from = lines.findLastIndex((line) => /^\s*NAME\s+STATE\s/.test(line))
  if (from < 0) throw notAnAnswer('xentop', lines[0] ?? '')
  const titles = columnsOf(lines[from] ?? '')
  return lines.slice(from + 1).flatMap((line) => {
    // Details of a domain, with -n, -v and -x.
    if (/^(?:VCPUs\(sec\)|Net\d|VBD|vbd)/.test(line)) return []
    // A limit may be `no limit`, which is two words for one column.
    const words = line
      .replace(/no limit/g, 'n/a')
      .trim()
      .split(/\s+/)
    const extra = words.length - titles.length
    if (extra < 0) throw notAnAnswer('a domain of xentop', line)
    const value = (title: string): number => {
      const word = words[extra + titles.indexOf(title)]
      if (word === undefined || !NUMBER.test(word)) throw notAnAnswer(`${title} of xentop`, line)
      return Number(word)
    }
    return [
      {
        name: words.slice(0, extra + 1).join(' '),
        cpuSeconds: value('CPU(sec)'),
        memoryKiB: value('MEM(k)'),
        sentKiB: value('NETTX(k)'),
        receivedKiB: value('NETRX(k)'),
        readSectors: value('VBD_RSECT'),
        writtenSectors: value('VBD_WSECT'),
      },
    ]
  })
}

const columnsOf = (title: string): string[] => title.trim().split(/\s+/)
