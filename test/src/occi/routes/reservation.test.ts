/** Reserved capacity at its paths and on computes, in every rendering, over the real operations: the same records as EC2's. */
import { type ComputeId, isUuid, type ReservationId } from '../../../../src/model/ids'
import { texts } from '../../../support/ec2-call'
import { BASE, COMPUTE_KIND } from '../../../support/occi-app'
import { type Answered, expectAnswer } from '../../../support/occi-golden'
import { useOcciSite } from '../../../support/occi-site'
import { inText, RENDERINGS } from '../../../support/occi-text'

const here = useOcciSite()
const { send, shown } = inText(() => here.ask)
const zone = () => `${here.site.site}a`

const KIND = 'Category: reservation; scheme="http://occi-gateway.org/occi/infrastructure#"; class="kind"'
const MIXIN = 'Category: reserved; scheme="http://occi-gateway.org/occi/infrastructure/compute#"; class="mixin"'
const FRESH = '/reservation/77777777-2222-4333-8444-555555555555'
const COMPUTE = '/compute/77777777-2222-4333-8444-666666666666'
const ID = FRESH.slice('/reservation/'.length) as ReservationId
// The site's clock stands at 2027-01-15T08:00:00Z.
const says = (name: string, value: string | number) =>
  `X-OCCI-Attribute: org.occi-gateway.reservation.${name}=${JSON.stringify(value)}`
const wants = (name: '' | '.use', value: string) =>
  `X-OCCI-Attribute: org.occi-gateway.compute.reservation${name}=${JSON.stringify(value)}`
const type = 'Category: t2_nano; scheme="http://occi-gateway.org/occi/infrastructure/resource_tpl#"; class="mixin"'
const attributesOf = async (path: string) =>
  Object.fromEntries(
    Object.entries((await shown(path)).attributes).map(([name, value]) => [
      name.replace(/^org\.occi-gateway\.(?:compute\.)?reservation\.?/, ''),
      value,
    ]),
  )
const put = async (...lines: readonly string[]): Promise<void> => {
  const { status, body } = await send('put', FRESH, KIND, says('zone', zone()), ...lines)
  expect([status, status === 201 ? '' : body]).toEqual([201, ''])
}
const reservations = async () =>
  (await here.site.first.operations.listReservations(here.ann)).filter(({ state }) => state !== 'cancelled')

const scrub = (text: string) =>
  text
    .replace(/\b(cr|i|ami)([-_])[0-9a-f]{17}/g, '$1$20000000000000000a')
    .replaceAll(here.site.site, 'the-site')
    .replace(
      /\b(networkinterface|securitygrouplink|network|securitygroup|storagelink|storage)\/[0-9a-f-]{36}/g,
      '$1/an-id',
    )
    .replace(/urn:uuid:(?!77777777)[0-9a-f-]{36}/g, 'urn:uuid:an-id')
    .replace(/02(?::[0-9a-f]{2}){5}/g, '02:00:00:00:00:01')

describe.each(RENDERINGS)('%s', (accept, extension) => {
  const golden = (name: string, answer: Answered) => expectAnswer(`${name}.${extension}`, answer, scrub)
  const asked = (method: 'get' | 'put' | 'delete', path: string) =>
    here.ask(method, path).set('Content-Type', 'text/plain').set('Accept', accept)

  test('made, shown, listed, used by a compute, deleted', async () => {
    const lines = [
      ...[KIND, says('type', 't2.nano'), says('count', 2), says('zone', zone()), says('timezone', 'Europe/Berlin')],
      ...[says('start', '2027-01-15 09:00'), says('end', '2027-01-15T10:00:00Z')],
      ...[says('match', 'targeted'), 'X-OCCI-Attribute: occi.core.title="release day"'],
    ]
    golden('reservation-created', await asked('put', FRESH).send(lines.join('\n')))
    golden('reservation', await asked('get', FRESH))
    golden('reservations', await asked('get', '/reservation/'))
    expect((await send('put', COMPUTE, COMPUTE_KIND, type, MIXIN, wants('', FRESH))).status).toBe(201)
    golden('compute-reserved', await asked('get', COMPUTE))
    const [{ record } = { record: undefined }] = await here.site.first.operations.listReservations(here.ann)
    const its = { id: ID, name: record?.wish.name ?? '', type: 't2.nano' }
    await here.site.run(COMPUTE.slice('/compute/'.length) as ComputeId, { place: { reservation: its } })
    expect(await attributesOf(COMPUTE)).toMatchObject({ current: FRESH, use: 'only', '': FRESH })
    expect(await attributesOf(FRESH)).toMatchObject({ used: 1, state: 'active' })
    golden('reservation-deleted', await asked('delete', FRESH))
    expect((await asked('get', FRESH)).status).toBe(404)
    expect((await asked('delete', FRESH)).status).toBe(404)
    expect((await here.ask('get', COMPUTE)).status).toBe(200)
  })
})

test('EC2 shows the same reservation, and the other way round', async () => {
  await put(says('type', 't2.micro'), says('count', 3), says('end', '2027-01-16T08:00:00Z'))
  const described = await here.ec2('DescribeCapacityReservations')
  expect(texts(described, 'instanceType')).toEqual(['t2.micro'])
  expect(texts(described, 'totalInstanceCount')).toEqual(['3'])
  expect(texts(described, 'endDate')).toEqual(['2027-01-16T08:00:00.000Z'])
  const [name] = texts(described, 'capacityReservationId')
  expect((await attributesOf(FRESH)).name).toBe(name)
  await here.ask('delete', FRESH)
  expect(texts(await here.ec2('DescribeCapacityReservations'), 'state')).toEqual(['cancelled'])
  await here.ec2('CreateCapacityReservation', {
    ...{ InstanceType: 't2.nano', InstancePlatform: 'Linux/UNIX', AvailabilityZone: zone(), InstanceCount: '2' },
  })
  const [listed = ''] = String((await here.ask('get', '/reservation/').set('Accept', 'text/uri-list')).body).split(
    /\r?\n/,
  )
  const path = listed.slice(BASE.length)
  expect(isUuid(path.slice('/reservation/'.length))).toBe(true)
  expect(await attributesOf(path)).toMatchObject({
    type: 't2.nano',
    count: 2,
    zone: zone(),
    match: 'open',
    state: 'active',
  })
  expect((await here.ask('delete', path)).status).toBe(200)
  expect(await reservations()).toEqual([])
})

test('what is not said is as for a new compute: its type, one place, from now, until it is deleted', async () => {
  await put()
  expect(await attributesOf(FRESH)).toMatchObject({ type: 't2.nano', count: 1, start: '2027-01-15T08:00:00Z' })
  expect(await attributesOf(FRESH)).not.toHaveProperty('end')
  const missing = await send('post', '/reservation/', KIND)
  expect([missing.status, String(missing.body)]).toEqual([
    400,
    expect.stringMatching(/reservation\.zone \(allowed: .*d/),
  ])
})

test('the type may be said by the term of its template', async () => {
  await put(says('type', 't2_micro'))
  expect(await attributesOf(FRESH)).toMatchObject({ type: 't2.micro' })
})

test.each([
  ['in UTC', [says('start', '2027-03-01 09:00')], '2027-03-01T09:00:00Z'],
  ['in winter', [says('start', '2027-03-01 09:00'), says('timezone', 'Europe/Berlin')], '2027-03-01T08:00:00Z'],
  ['in summer', [says('start', '2027-07-01 09:00'), says('timezone', 'Europe/Berlin')], '2027-07-01T07:00:00Z'],
  ['with an offset', [says('start', '2027-07-01T09:00:00+02:00')], '2027-07-01T07:00:00Z'],
])('a time %s', async (_name, lines, start) => {
  await put(...lines)
  expect(await attributesOf(FRESH)).toMatchObject({ start, state: 'scheduled' })
})

test.each<[string, number, RegExp, readonly string[]]>([
  [
    'a time that clocks leave out',
    400,
    /reservation\.start: .*leave out/,
    [says('start', '2027-03-28 02:30'), says('timezone', 'Europe/Berlin')],
  ],
  [
    'a time that they show twice',
    400,
    /reservation\.end: .*twice: say 2027-10-31 00:30Z or 2027-10-31 01:30Z/,
    [says('end', '2027-10-31 02:30'), says('timezone', 'Europe/Berlin')],
  ],
  ['no time', 400, /reservation\.start: .*is no time/, [says('start', 'tomorrow')]],
  [
    'no zone of time',
    400,
    /reservation\.timezone: .*is no time zone/,
    [says('start', '2027-03-28 02:30'), says('timezone', 'Mars')],
  ],
  ['no zone of time, and no time', 400, /reservation\.timezone: .*is no time zone/, [says('timezone', 'Mars')]],
  ['a start in the past', 400, /reservation\.start: /, [says('start', '2026-01-01T00:00:00Z')]],
  ['an end before its start', 400, /reservation\.end: /, [says('end', '2027-01-01T00:00:00Z')]],
  ['no such type', 400, /reservation\.type: there is no instance type x9/, [says('type', 'x9')]],
  ['no places', 400, /reservation\.count/, [says('count', 0)]],
  ['half a place', 400, /reservation\.count/, [says('count', 1.5)]],
  ['another match', 400, /reservation\.match/, [says('match', 'closed')]],
  ['more than there is', 409, /reservation\.count: .*room/, [says('count', 500)]],
  ['a summary', 409, /occi\.core\.summary/, ['X-OCCI-Attribute: occi.core.summary="x"']],
  ['a mixin of computes', 403, /cannot be put on/, [MIXIN]],
])('a reservation is refused, naming what is wrong, and nothing is made: %s', async (_name, status, message, lines) => {
  const answer = await send('put', FRESH, KIND, says('zone', zone()), ...lines)
  expect([answer.status, String(answer.body)]).toEqual([status, expect.stringMatching(message)])
  expect(await here.site.first.operations.listReservations(here.ann)).toEqual([])
})

test('another zone of the site, and none, are refused by name', async () => {
  const answer = await send('put', FRESH, KIND, says('zone', 'mars-1a'))
  expect([answer.status, String(answer.body)]).toEqual([400, expect.stringMatching(/reservation\.zone: .*mars-1a/)])
})

test.each<[string, number, RegExp, readonly string[]]>([
  ['the mixin alone', 400, /compute\.reservation/, [MIXIN]],
  ['another word', 400, /reservation\.use/, [wants('.use', 'perhaps')]],
  ['named, and not to be used', 400, /cannot be given together/, [wants('', FRESH), wants('.use', 'none')]],
  ['no location', 404, /no reservation at/, [wants('', 'nowhere')]],
  ['one that is not there', 404, /no reservation 88888888/, [wants('', FRESH.replaceAll('7', '8'))]],
  ['another size', 400, /is for t2\.nano/, [wants('', FRESH), type.replace('t2_nano', 't2_micro')]],
  [
    'one without a place in any',
    409,
    /no open reservation/,
    [wants('.use', 'only'), type.replace('t2_nano', 't2_micro')],
  ],
])('a compute is refused, and none is made: %s', async (_name, status, message, lines) => {
  await put()
  const answer = await send('post', '/compute/', COMPUTE_KIND, ...lines)
  expect([answer.status, String(answer.body)]).toEqual([status, expect.stringMatching(message)])
  expect(await here.site.first.operations.listComputes(here.ann)).toEqual([])
})

test.each(['open', 'none', 'only'] as const)('a compute says how it uses reservations: %s', async (use) => {
  await put()
  expect((await send('put', COMPUTE, COMPUTE_KIND, type, wants('.use', use))).status).toBe(201)
  const [{ wish } = { wish: undefined }] = await here.site.first.operations.listComputes(here.ann)
  expect(wish?.capacity).toEqual({ use })
  expect(await attributesOf(COMPUTE)).toMatchObject({ use })
  const preference = use === 'only' ? 'capacity-reservations-only' : use
  expect(texts(await here.ec2('DescribeInstances'), 'capacityReservationPreference')).toEqual([preference])
  // What GET gave can be sent back, whatever it has a place of by then.
  const { body } = await here.ask('get', COMPUTE).set('Accept', 'text/plain')
  const its = { id: ID, name: 'cr-1', type: 't2.nano' }
  await here.site.run(COMPUTE.slice('/compute/'.length) as ComputeId, { place: { reservation: its } })
  const again = await send('put', COMPUTE, body)
  expect([again.status, again.status === 200 ? '' : again.body]).toEqual([200, ''])
})

test('a compute that came into an open reservation by itself may be sent back after it has left', async () => {
  await put()
  await send('put', COMPUTE, COMPUTE_KIND, type)
  const id = COMPUTE.slice('/compute/'.length) as ComputeId
  await here.site.run(id, { place: { reservation: { id: ID, name: 'cr-1', type: 't2.nano' } } })
  const { body } = await here.ask('get', COMPUTE).set('Accept', 'application/json')
  expect(body).toContain('compute#reserved')
  await here.site.run(id)
  const sent = here.ask('put', COMPUTE).set('Content-Type', 'application/occi+json')
  expect((await sent.send(body)).status).toBe(200)
})

test('places, end, match and title are changed; all else is refused by name', async () => {
  await put(says('end', '2027-01-16T08:00:00Z'), 'X-OCCI-Attribute: occi.core.title="a"')
  const { body } = await here.ask('get', FRESH).set('Accept', 'text/plain')
  const again = await here.ask('put', FRESH).set('Content-Type', 'text/plain').set('Accept', 'text/plain').send(body)
  expect([again.status, again.body]).toEqual([200, body])
  const lines = [says('count', 3), says('match', 'targeted'), says('end', '2027-01-17T08:00:00Z')]
  expect((await send('post', FRESH, ...lines, 'X-OCCI-Attribute: occi.core.title="b"')).status).toBe(200)
  expect(await attributesOf(FRESH)).toMatchObject({ count: 3, match: 'targeted', end: '2027-01-17T08:00:00Z' })
  expect((await shown(FRESH)).attributes['occi.core.title']).toBe('b')
  expect((await send('post', FRESH, says('end', ''))).status).toBe(200)
  expect(await attributesOf(FRESH)).not.toHaveProperty('end')
  for (const line of [
    says('type', 't2.micro'),
    says('zone', 'x'),
    says('start', '2027-02-01T00:00:00Z'),
    says('timezone', 'UTC'),
  ]) {
    const answer = await send('post', FRESH, line)
    const name = /reservation\.[a-z]+/.exec(line)?.[0] ?? '-'
    expect([answer.status, String(answer.body)]).toEqual([409, expect.stringContaining(name)])
  }
  const tooMany = await send('post', FRESH, says('count', 999))
  expect([tooMany.status, String(tooMany.body)]).toEqual([409, expect.stringContaining('reservation.count')])
  expect((await send('post', `${FRESH}?action=start`)).status).toBe(404)
  expect((await reservations())[0]?.record.wish).toMatchObject({ count: 3, endsAt: null, title: 'b' })
})

test('ids: taken ones, no UUID, another project’s; all of a collection go', async () => {
  await put()
  const asBob = (method: 'get' | 'put' | 'delete', path: string) =>
    here.ask(method, path).set('x-test-user', 'bob').set('Content-Type', 'text/plain')
  expect((await asBob('get', FRESH)).status).toBe(404)
  expect((await asBob('delete', FRESH)).status).toBe(404)
  const words: string[] = []
  for (const path of [FRESH, '/reservation/mine']) {
    const answer = await asBob('put', path).send([KIND, says('zone', zone())].join('\n'))
    expect(answer.status).toBe(400)
    words.push(String(answer.body))
  }
  expect(words[0]).toBe(words[1])
  expect((await send('post', '/reservation/', KIND, says('zone', zone()), says('count', 2))).status).toBe(201)
  const two = '/reservation/?attribute=org.occi-gateway.reservation.count&value=2'
  expect((await here.ask('delete', two)).status).toBe(200)
  expect(await reservations()).toHaveLength(1)
  expect((await here.ask('delete', '/reservation/')).status).toBe(200)
  expect(await reservations()).toEqual([])
  // Its id is not free again: who is told of it later must not take another one for it.
  expect((await send('put', FRESH, KIND, says('zone', zone()))).status).toBe(409)
})

test('one whose time is over is gone', async () => {
  await put(says('end', '2027-01-15T09:00:00Z'))
  here.site.clock.at += 3_600_000
  expect((await here.ask('get', FRESH)).status).toBe(404)
  expect(String((await here.ask('get', '/reservation/').set('Accept', 'text/uri-list')).body).trim()).toBe('')
})
