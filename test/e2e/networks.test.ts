/** A project's network, links to it, a security group and a public address by OCCI, with curl over one `up`; EC2 shows the same. */
import {
  describeWithAws,
  newData,
  plainEnvironment,
  removeData,
  run,
  startUp,
  tenantEnvironment,
  type Up,
} from '../support/gateway-process'
import { until } from '../support/until'

const SCHEME = 'scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'
const data = newData()
let up: Up
let network = ''
let compute = ''

beforeAll(async () => {
  up = await startUp(data)
})
afterAll(async () => {
  await up.end('SIGINT')
  removeData(data)
})

async function curl(path: string, ...words: string[]): Promise<string> {
  const { occiUrl, user, password } = up.session()
  const url = occiUrl.replace(/\/$/, '') + path
  const all = ['-sS', '-w', '\n%{http_code}', '-u', `${user}:${password}`, url, ...words]
  const { stdout, stderr } = await run('curl', all, plainEnvironment())
  if (stdout === '') throw new Error(stderr)
  return stdout
}
const post = (kind: string, attributes: Readonly<Record<string, string>>): Promise<string> =>
  curl(
    `/${kind}/`,
    '-H',
    'Content-Type: text/occi',
    '-H',
    `Category: ${kind}; ${SCHEME}`,
    '-H',
    `X-OCCI-Attribute: ${Object.entries(attributes)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(', ')}`,
    '-X',
    'POST',
  )
/** The path of what a 201 made. */
async function made(answer: Promise<string>): Promise<string> {
  const text = await answer
  const path = /X-OCCI-Location: http:\/\/[^/]+(\/\S+)\n201$/.exec(text)?.[1]
  if (path === undefined) throw new Error(text)
  return path
}
const shows = (path: string, text: string) =>
  until(async () => (await curl(path)).includes(text), { timeoutMs: 20_000 })

test('a network of one’s own comes up on a host', async () => {
  network = await made(
    post('network', {
      'occi.core.title': 'back end',
      'occi.network.address': '10.9.0.0/24',
      'occi.network.label': 'back',
    }),
  )
  await shows(network, 'occi.network.state="active"')
  expect(await post('network', { 'occi.network.address': '10.9.0.128/25' })).toMatch(
    /occi\.network\.address: .*overlaps.*\n409$/,
  )
})

test('a running machine is linked to it, hot, and the network is in use then', async () => {
  compute = await made(post('compute', { 'occi.core.title': 'web' }))
  await shows(compute, 'occi.compute.state="active"')
  const ends = { 'occi.core.source': compute, 'occi.core.target': network }
  const link = await made(post('networkinterface', { ...ends, 'occi.networkinterface.address': '10.9.0.77' }))
  await shows(link, 'occi.networkinterface.state="active"')
  expect(await curl(compute)).toContain('occi.networkinterface.interface="eth1"')
  expect(await curl(network, '-X', 'DELETE')).toMatch(/is used by i-[0-9a-f]+\n409$/)
})

test('a security group and a public address are linked to it', async () => {
  const group = await made(post('securitygroup', { 'occi.core.title': 'web' }))
  const first = await made(post('securitygrouplink', { 'occi.core.source': compute, 'occi.core.target': group }))
  await shows(first, 'occi.securitygrouplink.state="active"')
  const address = await made(post('ipreservation', { 'occi.core.title': 'www' }))
  const second = await made(post('networkinterface', { 'occi.core.source': compute, 'occi.core.target': address }))
  await shows(second, 'occi.networkinterface.state="active"')
  await shows(address, 'occi.ipreservation.used=true')
})

describeWithAws('EC2', (aws) => {
  const ec2 = async (...words: string[]): Promise<string> => {
    const all = ['ec2', ...words, '--endpoint-url', up.session().ec2Url, '--output', 'json']
    const { code, stdout, stderr } = await run(aws, all, tenantEnvironment(up.session()))
    if (code !== 0) throw new Error(stderr)
    return stdout
  }

  test('shows all of it as its own, and launches into the subnet', async () => {
    const subnets = await ec2('describe-subnets', '--filters', 'Name=cidr-block,Values=10.9.0.0/24')
    const subnet = /"SubnetId": "(subnet-[0-9a-f]{17})"/.exec(subnets)?.[1] ?? ''
    expect(subnet).not.toBe('')
    const interfaces = await ec2('describe-network-interfaces', '--filters', `Name=subnet-id,Values=${subnet}`)
    expect(interfaces).toContain('10.9.0.77')
    expect(await ec2('describe-instances')).toContain('"GroupName": "web"')
    expect(await ec2('describe-addresses')).toContain('"AssociationId"')
    const [image = ''] = /ami-[0-9a-f]{17}/.exec(await ec2('describe-images')) ?? []
    const ran = await ec2('run-instances', '--image-id', image, '--subnet-id', subnet)
    expect(ran).toContain('"PrivateIpAddress": "10.9.0.')
  })
})
