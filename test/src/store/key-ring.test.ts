import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyRingFile, openKeyRingFile } from '../../../src/store/key-ring'
import { seal, unseal } from '../../../src/store/sealed'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'og-keys-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('is made at the first start, for its owner only, and found again', () => {
  const made = openKeyRingFile(keyRingFile(join(folder, 'data'), {}))
  const file = join(folder, 'data', 'keys')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(folder, 'data'))).toEqual(['keys'])
  const again = openKeyRingFile(keyRingFile(join(folder, 'data'), {}))
  expect(unseal(again, 'r', seal(made, 'r', 'secret'))).toBe('secret')
})

it('what an older key sealed is still opened, the newest seals', () => {
  const file = join(folder, 'keys')
  const old = openKeyRingFile(file)
  const sealed = seal(old, 'r', 'secret')
  const { keys } = JSON.parse(readFileSync(file, 'utf8'))
  const newest = { id: 'new1', key: Buffer.alloc(32, 7).toString('base64') }
  writeFileSync(file, JSON.stringify({ keys: [newest, ...keys] }))
  const ring = openKeyRingFile(file)
  expect(unseal(ring, 'r', sealed)).toBe('secret')
  expect(seal(ring, 'r', 'x')).toMatch(/^v1\.new1\./)
})

it('is where the environment says, or in the data folder', () => {
  expect(keyRingFile('/data', {})).toBe('/data/keys')
  expect(keyRingFile('/data', { OCCI_GATEWAY_KEYS: '' })).toBe('/data/keys')
  expect(keyRingFile('/data', { OCCI_GATEWAY_KEYS: '/run/secrets/keys' })).toBe('/run/secrets/keys')
})

it('is refused when others can read it', () => {
  const file = join(folder, 'keys')
  openKeyRingFile(file)
  chmodSync(file, 0o640)
  expect(() => openKeyRingFile(file)).toThrow(expect.objectContaining({ kind: 'invalid' }))
})

it.each([
  ['no JSON', 'abc'],
  ['no keys', '{"keys":[]}'],
  ['a short key', JSON.stringify({ keys: [{ id: 'a', key: Buffer.alloc(16).toString('base64') }] })],
  ['more than keys', JSON.stringify({ keys: [{ id: 'a', key: Buffer.alloc(32).toString('base64'), x: 1 }] })],
])('is refused with %s, and never made anew over it', (_name, text) => {
  const file = join(folder, 'keys')
  writeFileSync(file, text, { mode: 0o600 })
  expect(() => openKeyRingFile(file)).toThrow(expect.objectContaining({ kind: 'invalid' }))
  expect(readFileSync(file, 'utf8')).toBe(text)
})
