/** A launch by a template: whatever is said in the request counts, and what it does not say is the template's. */
import fc from 'fast-check'
import type { Said } from '../../src/ec2/templates/data'
import { merged } from '../../src/ec2/templates/merged'

const word = fc.constantFrom('a', 'b', 'c')
const tagsArb = fc
  .uniqueArray(word, { maxLength: 3 })
  .chain((keys) => fc.tuple(...keys.map((Key) => word.map((Value) => ({ Key, Value })))))
const saidArb: fc.Arbitrary<Said> = fc.record(
  {
    ImageId: word,
    KeyName: word,
    UserData: word,
    EbsOptimized: fc.boolean(),
    SecurityGroups: fc.array(word, { minLength: 1, maxLength: 2 }),
    SecurityGroupIds: fc.array(word, { minLength: 1, maxLength: 2 }),
    Placement: fc.record({ AvailabilityZone: word, GroupName: word }, { requiredKeys: [] }),
    BlockDeviceMappings: fc.uniqueArray(
      fc.record({ DeviceName: word, Ebs: fc.record({ VolumeSize: fc.integer({ min: 1, max: 9 }) }) }),
      { selector: ({ DeviceName }) => DeviceName, minLength: 1, maxLength: 3 },
    ),
    TagSpecifications: tagsArb.map((Tags) => [{ ResourceType: 'instance' as const, Tags: [...Tags] }]),
  },
  { requiredKeys: [] },
)

const tagsOf = ({ TagSpecifications = [] }: Said) =>
  Object.fromEntries(TagSpecifications.flatMap(({ Tags = [] }) => Tags.map(({ Key = '', Value }) => [Key, Value])))
const disksOf = ({ BlockDeviceMappings = [] }: Said) =>
  Object.fromEntries(BlockDeviceMappings.map(({ DeviceName = '', Ebs }) => [DeviceName, Ebs?.VolumeSize]))
const SIMPLE = ['ImageId', 'KeyName', 'UserData', 'EbsOptimized'] as const

test('each parameter, tag, disk and part of the placement: the request, else the template', () => {
  fc.assert(
    fc.property(saidArb, saidArb, (template, said) => {
      const whole = merged(template, said)
      for (const name of SIMPLE) expect(whole[name]).toBe(name in said ? said[name] : template[name])
      expect(tagsOf(whole)).toEqual({ ...tagsOf(template), ...tagsOf(said) })
      expect(disksOf(whole)).toEqual({ ...disksOf(template), ...disksOf(said) })
      expect({ ...whole.Placement }).toEqual({ ...template.Placement, ...said.Placement })
    }),
  )
})

test('a tag and a device are never there twice', () => {
  fc.assert(
    fc.property(saidArb, saidArb, (template, said) => {
      const { TagSpecifications = [], BlockDeviceMappings = [] } = merged(template, said)
      const keys = TagSpecifications.flatMap(({ Tags = [] }) => Tags.map(({ Key }) => Key))
      const devices = BlockDeviceMappings.map(({ DeviceName }) => DeviceName)
      expect([new Set(keys).size, new Set(devices).size]).toEqual([keys.length, devices.length])
    }),
  )
})

test("groups are the request's as soon as it names one, by id or by name", () => {
  fc.assert(
    fc.property(saidArb, saidArb, (template, said) => {
      const { SecurityGroups, SecurityGroupIds } = merged(template, said)
      const of = said.SecurityGroups || said.SecurityGroupIds ? said : template
      expect([SecurityGroups, SecurityGroupIds]).toEqual([of.SecurityGroups, of.SecurityGroupIds])
    }),
  )
})

test('nothing said, or nothing in the template, changes nothing', () => {
  fc.assert(
    fc.property(saidArb, (one) => {
      expect(merged(one, {})).toEqual(one)
      expect(merged({}, one)).toEqual(one)
    }),
  )
})
