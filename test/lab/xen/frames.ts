/** Ethernet frames as QEMU's filter-dump writes them: a file of pcap's classic form, in the byte order of this machine. */
import { readFileSync } from 'node:fs'

export interface Frame {
  /** `02:00:…` */
  readonly from: string
  /** Of its 802.1Q tag; null: it bears none. */
  readonly vlan: number | null
  /** EtherType behind the tag: 0x0800 is IPv4, 0x0806 ARP. */
  readonly type: number
}

const HEAD = 24
const RECORD = 16
const TAG = 0x8100
/** Two addresses, a tag and the type behind it. */
const SHORTEST = 18

const macOf = (bytes: Buffer): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':')

function frameOf(bytes: Buffer): Frame {
  const from = macOf(bytes.subarray(6, 12))
  const type = bytes.readUInt16BE(12)
  if (type !== TAG) return { from, vlan: null, type }
  return { from, vlan: bytes.readUInt16BE(14) & 0xfff, type: bytes.readUInt16BE(16) }
}

/** The frames that were written whole so far; what is too short to be one is left out. */
export function framesOf(pcap: Buffer): readonly Frame[] {
  const frames: Frame[] = []
  for (let at = HEAD; at + RECORD <= pcap.length; ) {
    const end = at + RECORD + pcap.readUInt32LE(at + 8)
    const bytes = pcap.subarray(at + RECORD, end)
    if (end <= pcap.length && bytes.length >= SHORTEST) frames.push(frameOf(bytes))
    at = end
  }
  return frames
}

export const framesIn = (file: string): readonly Frame[] => framesOf(readFileSync(file))
