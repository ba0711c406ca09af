import { framesOf } from './frames'

const record = (...words: readonly string[]): Buffer => {
  const bytes = Buffer.from(words.join(''), 'hex')
  const head = Buffer.alloc(16)
  head.writeUInt32LE(bytes.length, 8)
  head.writeUInt32LE(bytes.length, 12)
  return Buffer.concat([head, bytes])
}
const TO = 'ffffffffffff'
const FROM = '02000000000a'

test('tagged, untagged, too short and cut off', () => {
  const tagged = record(TO, FROM, '8100', '6007', '0806', '0001')
  const plain = record(TO, FROM, '0800', '45000000')
  const pcap = Buffer.concat([Buffer.alloc(24), tagged, plain, record(TO), plain])
  const frames = [
    { from: '02:00:00:00:00:0a', vlan: 7, type: 0x0806 },
    { from: '02:00:00:00:00:0a', vlan: null, type: 0x0800 },
  ]
  expect(framesOf(pcap)).toEqual([...frames, frames[1]])
  expect(framesOf(pcap.subarray(0, -1))).toEqual(frames)
  expect(framesOf(Buffer.alloc(24))).toEqual([])
})
