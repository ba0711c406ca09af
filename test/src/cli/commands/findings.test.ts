/** `host check`, `host add --dry-run` and `provider check`: what was found is shown, and what is missing ends them as a refusal. */
import { exitCodeOf } from '../../../../src/cli/tell-fault'
import { asFault } from '../../../../src/faults'
import type { HostCheckSeen } from '../../../../src/model/records'
import { OPERATOR } from '../../../support/gateways'
import { startApp, type TestApp } from '../../../support/http'
import { startRedis, type TestRedis } from '../../../support/redis'
import { endCli, operatorAt } from '../../../support/run-cli'
import { until } from '../../../support/until'

const well = { what: 'xen', verdict: 'ok', detail: 'Xen 4.17', mend: null } as const
const warning = { what: 'hap', verdict: 'warning', detail: 'no live migration', mend: null } as const
const lacks = { what: 'tools', verdict: 'missing', detail: 'there is no tar', mend: 'apt-get install tar' } as const

let redis: TestRedis
let app: TestApp
beforeAll(async () => {
  redis = await startRedis()
  app = await startApp(redis)
  await app.operations.addProvider(OPERATOR, {
    ...{ name: 'amazon-eu', kind: 'ec2', endpoint: 'https://ec2.eu-west-1.amazonaws.com', region: 'eu-west-1' },
    ...{ zone: 'ec2-eu', account: 'AKIAEXAMPLE', secret: 'secret' },
  })
  jest.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterAll(async () => {
  jest.restoreAllMocks()
  await app.close()
  await redis.stop()
})

/** As a worker: writes what it found into the check that nobody answered yet. */
async function found(findings: HostCheckSeen['findings']): Promise<void> {
  const { store } = app.site
  const asked = await until(async () => (await store.readAll('hostcheck')).find(({ seen }) => seen === null), {
    what: 'a check',
  })
  const claim = await store.claim('hostcheck', asked.id, 1)
  if (!claim) throw new Error('no check')
  const seen = { at: 1, findings, hostKeys: [], fit: findings.every(({ verdict }) => verdict !== 'missing') }
  await store.observe(claim, { seen, what: 'host-checked' }, 1)
}

/** What a command prints while a worker finds that, and how it ends. */
async function checked(words: readonly string[], findings: HostCheckSeen['findings']) {
  const ending = endCli(operatorAt(app), ...words)
  await found(findings)
  const { said, failed } = await ending
  return failed === null
    ? { said, code: 0, why: '' }
    : { said, code: exitCodeOf(asFault(failed)), why: asFault(failed).message }
}

const NEW = ['host', 'add', 'xen-1', '--zone', 'a', '--address', 'ssh://root@xen-1', '--dry-run']

describe.each([
  ['host check', ['host', 'check', 'sim-1']],
  ['host add --dry-run', NEW],
  ['provider check', ['provider', 'check', 'amazon-eu']],
])('%s', (_name, words) => {
  test('all is well, but for what is told only', async () => {
    const { code, said } = await checked(words, [well, warning])
    expect(code).toBe(0)
    expect(said).toMatch(/^ok {7}xen {2}Xen 4\.17\nwarning {2}hap {2}no live migration\n/)
  })

  test('what is missing is shown with all else, and fails it', async () => {
    const { code, why, said } = await checked(words, [well, lacks])
    expect([code, why]).toEqual([1, 'something is missing: tools'])
    expect(said).toMatch(/^ok +xen[\s\S]*MISSING {2}tools {2}there is no tar\n[\s\S]*apt-get install tar\n/)
  })

  test('--json prints what was found, in either case', async () => {
    const { code, said } = await checked([...words, '--json'], [lacks])
    expect(code).toBe(1)
    expect(JSON.parse(said)).toMatchObject({ findings: [lacks] })
  })
})
