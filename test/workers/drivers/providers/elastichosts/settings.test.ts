/** What an operator may say of an account. */
import { CHOICES, SETTINGS } from '../../../../../src/model/providers/record'
import { imageOf, settingsOf } from '../../../../../workers/drivers/providers/elastichosts/settings'

const refusal = (settings: Readonly<Record<string, string>>) => () => settingsOf({ settings })

test('every setting is known by name, and has a value where nothing is said', () => {
  const usual = settingsOf({ settings: {} })
  expect(Object.keys(usual).toSorted()).toEqual(Object.keys(SETTINGS.elastichosts).toSorted())
  expect(usual).toEqual({ format: 'json', mhzPerCore: 2000, address: 'auto', nic: 'virtio', bus: 'ide', vlan: null })
})

test('of each choice that is offered every word is taken, the first is the usual one, and no other word is', () => {
  const usual: Record<string, unknown> = { ...settingsOf({ settings: {} }) }
  for (const [name, words] of Object.entries(CHOICES.elastichosts ?? {})) {
    expect(usual[name]).toBe(words[0])
    for (const word of words) expect(settingsOf({ settings: { [name]: word } })).toMatchObject({ [name]: word })
    expect(refusal({ [name]: 'other' })).toThrow(
      expect.objectContaining({ kind: 'refused', message: expect.stringContaining(name) }),
    )
  }
})

test.each(['0', '-1', '1e3', '20001', '', 'fast'])('%j is no mhzPerCore', (mhzPerCore) => {
  expect(refusal({ mhzPerCore })).toThrow(expect.objectContaining({ kind: 'refused' }))
})

test('an image is a drive, packed or not', () => {
  const drive = '980cf63c-f21e-4382-997b-6541d5809629'
  expect(imageOf(drive)).toEqual({ drive })
  expect(imageOf(`${drive.toUpperCase()}/gunzip`)).toEqual({ drive, how: 'gunzip' })
  for (const wrong of ['debian', '', `${drive}/gzip`, `${drive}/gunzip/x`, `../${drive}`])
    expect(() => imageOf(wrong)).toThrow(expect.objectContaining({ kind: 'refused', detail: { reason: 'elsewhere' } }))
})
