import { openModel } from '../../../../src/occi/model'
import { type Offers, openCatalogue } from '../../../../src/occi/model/catalogue'
import {
  FEDERATION_OFFER,
  FEDERATION_OFFER_SCHEME,
  FEDERATION_ORDER,
  IPRESERVATION,
  toTerm,
  toTitle,
} from '../../../../src/occi/model/names'
import { at } from '../../../support/fake-offers'
import { ann, fakeOperations } from '../../../support/fake-operations'
import { providerRecord } from '../../../support/provider-record'

const model = openModel()
const OURS = 'http://occi-gateway.org/occi/infrastructure/'

test('images, types and zones become templates of the three bases', async () => {
  const { mixins } = await openCatalogue(model, fakeOperations(), ann)
  const templates = mixins.filter(({ gives }) => gives !== null)
  expect(templates.map(({ id }) => id.slice(OURS.length))).toEqual([
    'os_tpl#ami-00000000000000001',
    'os_tpl#ami-00000000000000002',
    'resource_tpl#t2_nano',
    'resource_tpl#t2_micro',
    'resource_tpl#m1_small',
    'availability_zone#local-1a',
    'availability_zone#local-1b',
    'availability_zone#local-1c',
    'availability_zone#local-1d',
  ])
  expect(templates[2]).toMatchObject({
    location: '/mixin/resource_tpl/t2_nano/',
    depends: ['http://schemas.ogf.org/occi/infrastructure#resource_tpl'],
    applies: ['http://schemas.ogf.org/occi/infrastructure#compute'],
    gives: { what: 'type', name: 't2.nano' },
  })
  expect(templates[2]?.attributes.get('occi.compute.memory')?.default).toBe(0.5)
})

test('the defaults come first, wherever they are in the list', async () => {
  const operations = fakeOperations()
  const [first] = operations.images
  operations.images.reverse()
  const catalogue = await openCatalogue(
    model,
    {
      ...operations,
      defaults: () => ({ ...operations.defaults(), image: first }),
      listImages: operations.listImages,
      listTypes: operations.listTypes,
      listMixins: operations.listMixins,
      listZones: operations.listZones,
    },
    ann,
  )
  expect(catalogue.mixins.find(({ gives }) => gives?.what === 'image')?.term).toBe(first?.wish.ami)
})

test('images that are gone or not ready and zones that are off are not offered', async () => {
  const operations = fakeOperations()
  const [one, two] = operations.images
  if (one === undefined || two === undefined) throw new Error('the fake has two images')
  operations.images.splice(
    0,
    2,
    { ...one, wish: { ...one.wish, exists: false } },
    { ...two, seen: { state: 'pending' } },
  )
  const offers = {
    listImages: operations.listImages,
    listTypes: operations.listTypes,
    listMixins: operations.listMixins,
    listZones: async () => [{ name: 'x', enabled: false, hosts: 1 }],
    defaults: operations.defaults,
    publicNetworks: operations.publicNetworks,
    providerPools: operations.providerPools,
    listPartnerOffers: operations.listPartnerOffers,
  }
  const { mixins } = await openCatalogue(model, offers, ann)
  expect(mixins.filter(({ gives }) => gives?.what === 'image' || gives?.what === 'zone')).toEqual([])
})

test('a provider of which addresses may be leased is a pool by its zone; of two in a zone the first is', async () => {
  const operations = fakeOperations()
  const [one, same, other] = ['1', '2', '3'].map((id) => providerRecord(id, { settings: { addresses: '2' } }))
  if (!one || !same || !other) throw new Error('three were made')
  const inZone = { ...other, wish: { ...other.wish, zone: 'ec2-eu' } }
  const offers = { ...operations, providerPools: () => [one, same, inZone] }
  const pools = (await openCatalogue(model, offers, ann)).mixins.filter(({ gives }) => gives?.what === 'pool')
  expect(
    pools.filter(({ gives }) => gives?.what === 'pool' && [one, same, inZone].some(({ id }) => id === gives.id)),
  ).toMatchObject([
    { term: 'cloud', gives: { id: one.id }, applies: [IPRESERVATION] },
    { term: 'ec2-eu', gives: { id: inZone.id }, applies: [IPRESERVATION] },
  ])
})

test('a record has one mixin for life', async () => {
  const operations = fakeOperations()
  const find = async () => (await openCatalogue(model, operations, ann)).find(`${OURS}os_tpl#ami-00000000000000001`)
  expect(await find()).toBe(await find())
})

test('names become terms and titles that every known client takes', () => {
  expect(toTerm('M5.Large zone/1')).toBe('m5_large_zone_1')
  expect(toTitle('Debian; 12, "x"\n\\y')).toBe('Debian 12 x y')
})

test("a partner's gateway is told of where orders come from and of what it is offered; nobody else is", async () => {
  const operations = fakeOperations()
  const offer = { type: 't2.nano', price: 5_800, currency: 'EUR', cores: 1, memoryMiB: 512, free: 3, validUntil: at }
  const ids = async (listPartnerOffers: Offers['listPartnerOffers']) => {
    const { mixins } = await openCatalogue(model, { ...operations, listPartnerOffers }, ann)
    return mixins.map(({ id }) => id).filter((id) => id.includes('/federation'))
  }
  expect(await ids(async () => null)).toEqual([])
  const told = [FEDERATION_ORDER, FEDERATION_OFFER]
  expect(await ids(async () => [])).toEqual(told)
  expect(await ids(async () => [offer])).toEqual([...told, `${FEDERATION_OFFER_SCHEME}t2_nano`])
})
