import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operatorFile } from '../../src/operator-file'

let data: string
beforeEach(() => {
  data = join(mkdtempSync(join(tmpdir(), 'og-operator-')), 'data')
})
afterEach(() => {
  rmSync(join(data, '..'), { recursive: true, force: true })
})
const content = () => JSON.parse(readFileSync(join(data, 'operator.json'), 'utf8'))

it('keeps token and URL for its owner only, written whole', () => {
  const file = operatorFile(data)
  expect(file.read()).toBeUndefined()
  file.write('op-1.secret')
  file.setUrl('http://127.0.0.1:8787')
  expect(content()).toEqual({ url: 'http://127.0.0.1:8787', token: 'op-1.secret' })
  expect(statSync(join(data, 'operator.json')).mode & 0o777).toBe(0o600)
  expect(readdirSync(data)).toEqual(['operator.json'])
  expect(operatorFile(data).read()).toBe('op-1.secret')
})

it('follows the gateway to another port, and is not made for a URL alone', () => {
  const file = operatorFile(data)
  file.setUrl('http://127.0.0.1:1')
  expect(file.read()).toBeUndefined()
  file.write('op-1.secret')
  file.setUrl('http://127.0.0.1:1')
  file.setUrl('http://127.0.0.1:2')
  expect(content()).toEqual({ url: 'http://127.0.0.1:2', token: 'op-1.secret' })
})

it.each(['no JSON', '{}', '{"url":"x","token":""}'])('%j is refused and left alone', (text) => {
  operatorFile(data).write('op-1.secret')
  writeFileSync(join(data, 'operator.json'), text)
  expect(() => operatorFile(data).read()).toThrow(expect.objectContaining({ kind: 'invalid' }))
  expect(readFileSync(join(data, 'operator.json'), 'utf8')).toBe(text)
})
