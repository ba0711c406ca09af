import { randomBytes } from 'node:crypto'
import { seal, unseal } from '../../../src/store/sealed'

const key = (id: string) => ({ id, key: randomBytes(32) })

describe('sealed secrets', () => {
  const old = key('k1')
  const ring = { keys: [old] }

  test('open for the record they were sealed for', () => {
    expect(unseal(ring, 'rec-1', seal(ring, 'rec-1', 'geheim ü'))).toBe('geheim ü')
  })
  test('are worth nothing in another record', () => {
    expect(() => unseal(ring, 'rec-2', seal(ring, 'rec-1', 'x'))).toThrow(/cannot be opened/)
  })
  test('show nothing of the secret and never repeat', () => {
    const [one, two] = [seal(ring, 'r', 'swordfish'), seal(ring, 'r', 'swordfish')]
    expect(one).not.toBe(two)
    expect(Buffer.from(one, 'base64url').includes('swordfish')).toBe(false)
  })
  test('survive the rotation of the ring', () => {
    const sealed = seal(ring, 'r', 'x')
    expect(unseal({ keys: [key('k2'), old] }, 'r', sealed)).toBe('x')
    expect(() => unseal({ keys: [key('k2')] }, 'r', sealed)).toThrow(/no key/)
  })
  test('a changed byte is noticed', () => {
    const sealed = seal(ring, 'r', 'x'.repeat(20))
    const broken = `${sealed.slice(0, -3)}${sealed.slice(-3) === 'AAA' ? 'BBB' : 'AAA'}`
    expect(() => unseal(ring, 'r', broken)).toThrow(/cannot be opened/)
  })
  test.each([4, 8, 12, 15])('with %i bytes of their tag only, they do not open', (bytes) => {
    const [version, id, iv, tag = '', text] = seal(ring, 'r', 'x').split('.')
    const short = Buffer.from(tag, 'base64url').subarray(0, bytes).toString('base64url')
    expect(() => unseal(ring, 'r', [version, id, iv, short, text].join('.'))).toThrow(/cannot be opened/)
  })
})
