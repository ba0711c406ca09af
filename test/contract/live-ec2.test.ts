/**
 * `npm run live:ec2` as a process of its own, with the EC2 front of a gateway of ours in Amazon's place: the whole round, and that
 * nothing is left of one that is cut short.
 */
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { MARK } from '../live/ec2/stage'
import { STEPS } from '../live/ec2/steps'
import { type Partner, startPartner } from '../support/partner'
import { type StartedProcess, startProcess } from '../support/process'
import { type ProviderWire, startWire, type WireRequest } from '../support/provider-wire'

/** ms for one round: a process is started, and a guest stops and starts. */
const ROUND_MS = 90_000

let partner: Partner
let wire: ProviderWire
let client: EC2Client
beforeAll(async () => {
  partner = await startPartner()
  wire = await startWire(partner.url)
  const { url: endpoint, region, account } = partner
  client = new EC2Client({ region, endpoint, credentials: account })
}, 60_000)
afterEach(() => wire.calm())
afterAll(async () => {
  client?.destroy()
  await wire?.close()
  await partner?.close()
})

const live = (): StartedProcess =>
  startProcess('test/live/ec2/run.ts', [], {
    AWS_ACCESS_KEY_ID: partner.account.accessKeyId,
    AWS_SECRET_ACCESS_KEY: partner.account.secretAccessKey,
    AWS_SESSION_TOKEN: '',
    LIVE_EC2_REGION: partner.region,
    LIVE_EC2_ENDPOINT: wire.url,
    LIVE_EC2_IMAGE: partner.image,
    LIVE_EC2_TYPE: 't2.nano',
    LIVE_EC2_SUBNET: '',
    LIVE_EC2_MOST_USD: '0.50',
    LIVE_EC2_AGREED: 'yes',
  })

const asks = (action: string) => (request: WireRequest) => request.body.includes(`Action=${action}`)
const made = (): number => wire.requests.filter(asks('RunInstances')).length

/** States of all that bears the mark and is not terminated. */
async function left(): Promise<readonly string[]> {
  const Filters = [{ Name: `tag:${MARK.tag}`, Values: [MARK.site] }]
  const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ Filters }))
  const states = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name ?? ''))
  return states.filter((state) => state !== 'terminated')
}

test(
  'the whole round passes, one machine is made, and nothing is left',
  async () => {
    const before = made()
    const process = live()
    expect({ code: await process.ended, output: process.output() }).toEqual({
      code: 0,
      output: expect.stringMatching(new RegExp(`\n${STEPS.length + 1} passed, 0 failed\n$`)),
    })
    for (const { name } of STEPS) expect(process.output()).toContain(`ok      ${name}: `)
    expect(process.output()).not.toContain(partner.account.secretAccessKey)
    expect(made()).toBe(before + 1)
    expect(await left()).toEqual([])
  },
  ROUND_MS,
)

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s in the middle of the order, whose answer is lost: the machine that it made is ended',
  async (signal) => {
    const before = made()
    const process = live()
    const interrupt = (request: WireRequest): boolean => {
      if (!asks('RunInstances')(request)) return false
      process.signal(signal)
      return true
    }
    wire.next({ kind: 'cut-after' }, interrupt)
    expect(await process.ended).toBe(1)
    expect(process.output()).toContain(`${signal}: now it ends what it made`)
    expect(process.output()).toMatch(/ok {6}end all that bears the mark: ended i-\w+\n/)
    expect(process.output()).toMatch(/\n4 passed, 1 failed, 5 skipped\n$/)
    expect(made()).toBe(before + 1)
    expect(await left()).toEqual([])
  },
  ROUND_MS,
)

test(
  'what fails is told, and its machine is ended',
  async () => {
    const refusal =
      '<Response><Errors><Error><Code>UnsupportedOperation</Code><Message>never</Message></Error></Errors></Response>'
    wire.next({ kind: 'answer', status: 400, body: refusal }, asks('StopInstances'))
    const process = live()
    expect(await process.ended).toBe(1)
    expect(process.output()).toMatch(/FAILED {2}stop it: .*UnsupportedOperation.*never/)
    expect(process.output()).toMatch(/\n6 passed, 1 failed, 3 skipped\n$/)
    expect(await left()).toEqual([])
  },
  ROUND_MS,
)

test(
  'what one that was killed left is ended by the next one first',
  async () => {
    const killed = live()
    await killed.says('ok      make the machine', 60_000)
    await killed.kill()
    expect(await left()).toHaveLength(1)
    const next = live()
    expect(await next.ended).toBe(0)
    expect(next.output()).toMatch(/ok {6}end what an earlier run left: ended i-\w+\n/)
    expect(await left()).toEqual([])
  },
  ROUND_MS,
)
