import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Log } from '../../../src/log'
import { openKeyRingFile } from '../../../src/store/key-ring'
import { type KeyRing, seal } from '../../../src/store/sealed'
import { openUnsealing } from '../../../src/store/unsealing'

let folder: string
let file: string
const lines: string[] = []
const log: Log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ring-'))
  file = join(folder, 'keys')
  lines.length = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (ring: KeyRing) => {
  const keys = ring.keys.map(({ id, key }) => ({ id, key: key.toString('base64') }))
  writeFileSync(file, JSON.stringify({ keys }))
  chmodSync(file, 0o600)
}
const key = (id: string) => ({ id, key: randomBytes(32) })

test('what a gateway sealed is opened with its ring', () => {
  const sealed = seal(openKeyRingFile(file), 'record-1', 'hello')
  expect(openUnsealing(file, log)('record-1', sealed)).toBe('hello')
})

test('without a ring it is told where it is looked for, and none is made', () => {
  const sealed = seal({ keys: [key('a')] }, 'record-1', 'hello')
  expect(() => openUnsealing(file, log)('record-1', sealed)).toThrow(expect.objectContaining({ kind: 'unavailable' }))
  expect(existsSync(file)).toBe(false)
  expect(lines.join('')).toContain(file)
  expect(lines.join('')).toContain('OCCI_GATEWAY_KEYS')
})

test('a ring that is brought later, and a key that is added to it, are found without a restart', () => {
  const [old, fresh] = [key('old'), key('fresh')]
  const open = openUnsealing(file, log)
  const first = seal({ keys: [old] }, 'record-1', 'one')
  const second = seal({ keys: [fresh] }, 'record-1', 'two')
  expect(() => open('record-1', first)).toThrow(expect.objectContaining({ kind: 'unavailable' }))
  write({ keys: [old] })
  expect(open('record-1', first)).toBe('one')
  expect(() => open('record-1', second)).toThrow(expect.objectContaining({ kind: 'unavailable' }))
  write({ keys: [fresh, old] })
  expect([open('record-1', second), open('record-1', first)]).toEqual(['two', 'one'])
})

test('a file that is no ring leaves the one that was read before', () => {
  const ring = openKeyRingFile(file)
  const open = openUnsealing(file, log)
  const sealed = seal(ring, 'record-1', 'one')
  expect(open('record-1', sealed)).toBe('one')
  writeFileSync(file, 'nonsense')
  expect(() => open('record-1', seal({ keys: [key('z')] }, 'record-1', 'x'))).toThrow(
    expect.objectContaining({ kind: 'unavailable' }),
  )
  expect(lines.join('')).toContain('cannot be read')
  expect(open('record-1', sealed)).toBe('one')
})

test("another record's text is not opened", () => {
  const sealed = seal(openKeyRingFile(file), 'record-1', 'hello')
  expect(() => openUnsealing(file, log)('record-2', sealed)).toThrow(expect.objectContaining({ kind: 'internal' }))
})
