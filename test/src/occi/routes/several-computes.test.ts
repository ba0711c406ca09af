/** Several computes in one request, on a real Redis: each is asked what it is asked alone, and all are made or none. */
import { useOcciSite } from '../../../support/occi-site'

const OCCI = 'http://schemas.ogf.org/occi/infrastructure#'
const LEASE = 'http://occi-gateway.org/occi/infrastructure/compute#lease'
const term = (name: string) => `org.occi-gateway.lease.${name}`
const PAST = '2020-01-01T00:00:00Z'
const used = useOcciSite()

const plain = { kind: `${OCCI}compute` }
const leased = (attributes: object, more: object = {}) => ({ ...plain, mixins: [LEASE], attributes, ...more })
const post = (...resources: readonly object[]) =>
  used.ask('post', '/compute/').set('Content-Type', 'application/json').send(JSON.stringify({ resources }))
const made = () => used.site.first.operations.listComputes(used.ann)

test.each<[string, object, number, string]>([
  ['that begins in the past', leased({ [term('start')]: PAST }), 400, 'it lies in the past'],
  [
    'in a group larger than all hosts',
    leased({ [term('group')]: 'all', [term('members')]: 999 }),
    409,
    'the group has 999',
  ],
])(
  'one with a lease %s is refused by the same words as alone, and none is made',
  async (_name, wrong, status, says) => {
    const alone = await post(wrong)
    const [first, last] = [await post(wrong, plain), await post(plain, wrong)]
    for (const answer of [alone, first, last]) {
      expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(says)])
      expect(answer.body).toBe(alone.body)
    }
    expect(await made()).toEqual([])
  },
)

test('for a time at which nothing is free: refused among others too', async () => {
  const startsAt = used.site.clock.now() + 10 * 3_600_000
  const zones = await used.site.first.operations.listZones(used.ann)
  for (const { name: zone } of zones)
    await used.site.first.operations.createReservation(used.ann, {
      ...{ type: 't2.nano', count: 8, zone, startsAt, endsAt: startsAt + 3_600_000 },
    })
  const wrong = leased({ [term('start')]: new Date(startsAt).toISOString(), [term('duration')]: '60s' })
  const answer = await post(plain, wrong)
  expect([answer.status, answer.body]).toEqual([409, expect.stringContaining('there is no room')])
  expect(await made()).toEqual([])
  expect((await post(plain, leased({ [term('duration')]: '60s' }))).status).toBe(201)
  expect((await made()).map(({ wish }) => wish.lease?.seconds)).toEqual([undefined, 60])
})
