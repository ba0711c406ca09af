/** The sessions of docs/occi.md, and those of other pages that speak OCCI, pasted into a shell as they stand, against a gateway that `up` started. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newData, plainEnvironment, ROOT, removeData, run, startUp, type Up } from '../support/gateway-process'

const page = readFileSync(join(ROOT, 'docs', 'occi.md'), 'utf8')
const part = page.slice(page.indexOf('## Sessions'), page.indexOf('## Listings'))
const sessions = [...part.matchAll(/^### (\S+)\n\n```sh\n([\s\S]*?)```$/gm)].map(
  ([, name = '', text = '']) => [name, text] as const,
)

const others = ['placement.md', 'reservations.md'].map((name) => {
  const [, text = ''] = /^```sh\n(occi\(\) [\s\S]*?)```$/m.exec(readFileSync(join(ROOT, 'docs', name), 'utf8')) ?? []
  return [name, text] as const
})

const data = newData()
let up: Up
beforeAll(async () => {
  up = await startUp(data)
})
afterAll(async () => {
  await up.end('SIGINT')
  removeData(data)
})

test('there is one in each rendering', () => {
  expect(sessions.map(([name]) => name)).toEqual(['text/plain', 'text/occi', 'application/occi+json', 'text/uri-list'])
})

test.each([...sessions, ...others])(
  '%s',
  async (_name, text) => {
    const { occiUrl, user, password } = up.session()
    const env = { ...plainEnvironment(), OCCI_ENDPOINT: occiUrl, OCCI_USER: user, OCCI_PASSWORD: password }
    const { code, stdout, stderr } = await run('bash', ['-euo', 'pipefail', '-c', text], env)
    expect([code, code === 0 ? '' : `${stdout}\n${stderr}`]).toEqual([0, ''])
    expect(stdout.length).toBeGreaterThan(50)
  },
  120_000,
)
