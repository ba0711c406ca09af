import { fault } from '../../src/faults'
import { openLog } from '../../src/log'

function lines(level = 'info') {
  const written: Record<string, unknown>[] = []
  const log = openLog('test', level, { write: (line) => void written.push(JSON.parse(line)) })
  return { log, written }
}

test('an event is one line with its fields, its process and its time', () => {
  const { log, written } = lines()
  log.info({ event: 'tried', vm: 'i-1', ms: 1.5, none: undefined, at: new Date(0), list: [1, { a: 2 }] }, 'said')
  log.debug('not at this level')
  expect(written).toEqual([
    {
      ...{ level: 30, process: 'test', pid: process.pid, msg: 'said', time: expect.stringMatching(/^\d{4}-.*Z$/) },
      ...{ event: 'tried', vm: 'i-1', ms: 1.5, at: '1970-01-01T00:00:00.000Z', list: [1, { a: 2 }] },
    },
  ])
})

test.each([
  ...['password', 'secret', 'secretAccessKey', 'authorization', 'userData', 'seed', 'token', 'privateKey'],
  ...['UserData', 'SecretAccessKey', 'SessionToken', 'KeyMaterial', 'Password', 'PASSWORD', 'passwordData'],
  ...['user_data', 'X-Amz-Security-Token', 'LaunchTemplateData.UserData', 'UserData.Value', 'occi.compute.userdata'],
])('a field named %s is cut out, wherever it lies', (name) => {
  const { log, written } = lines()
  const secret = { [name]: 'hush' }
  log.info({ ...secret, kept: 1, order: { ...secret, kept: 2, deep: { ...secret, kept: 3 } }, list: [secret] }, 'said')
  log.error({ err: Object.assign(fault('conflict', 'no', { field: 'x' }), secret, { inner: secret }) }, 'failed')
  expect(JSON.stringify(written)).not.toContain('hush')
  expect(written[0]).toMatchObject({ kept: 1, order: { kept: 2, deep: { kept: 3 } } })
  expect(written[1]).toMatchObject({
    err: { type: 'Fault', message: 'no', kind: 'conflict', detail: { field: 'x' } },
  })
})

test('a field whose name only holds a secret one is kept', () => {
  const { log, written } = lines()
  const plain = { ClientToken: 't-1', passwordAge: 3, tokens: 2, PublicKeyMaterial: 'ssh-ed25519 AAAA', 'seeded.at': 1 }
  log.info(plain, 'said')
  expect(written[0]).toMatchObject(plain)
})

test('an error is told with its stack and what it was caused by; its fields stay as they were', () => {
  const { log, written } = lines()
  const cause = new Error('deeper')
  const err = Object.assign(new Error('outer', { cause }), { password: 'hush' })
  log.warn({ err }, 'failed')
  expect(written[0]).toMatchObject({ err: { type: 'Error', message: expect.stringContaining('outer') } })
  expect(JSON.stringify(written)).toContain('deeper')
  expect(err.password).toBe('hush')
})
