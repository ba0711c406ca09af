import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endpoints, readSession, type Session, shellExports, writeSession } from '../../../src/cli/session'
import { Fault } from '../../../src/faults'

const session: Session = {
  ...endpoints('http://127.0.0.1:8787'),
  user: 'first',
  password: `it's "quoted" $HOME \`x\``,
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'a/b+c=',
  accountId: '123456789012',
  region: 'local-1',
  imageId: 'ami-1',
  instanceType: 't2.nano',
}
let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'og-session-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

test('the endpoints of a gateway', () => {
  expect(session).toMatchObject({ occiUrl: 'http://127.0.0.1:8787/', ec2Url: 'http://127.0.0.1:8787/ec2/' })
})

test('is written for its owner alone, whole, and read again', () => {
  expect(readSession(data)).toBeUndefined()
  writeSession(data, session)
  expect(statSync(join(data, 'first-session.json')).mode & 0o777).toBe(0o600)
  expect(readdirSync(data)).toEqual(['first-session.json'])
  expect(readSession(data)).toEqual(session)
})

test.each(['', '{', '{}', '[1]'])('what is none is named: %j', (text) => {
  writeFileSync(join(data, 'first-session.json'), text)
  expect(() => readSession(data)).toThrow(Fault)
  expect(() => readSession(data)).toThrow(/first-session.json/)
})

test('a shell takes the exports as they were meant, whatever is in them', () => {
  const asked = 'printf "%s\\n" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$OCCI_USER" "$OCCI_PASSWORD"'
  const { stdout } = spawnSync('sh', ['-c', `${shellExports(session)}${asked}`], { encoding: 'utf8' })
  expect(stdout.trimEnd().split('\n')).toEqual([
    session.accessKeyId,
    session.secretAccessKey,
    session.user,
    session.password,
  ])
})
