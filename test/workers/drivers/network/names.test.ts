import fc from 'fast-check'
import { bridgeOf, deviceOf } from '../../../../workers/drivers/network/names'

const bridge = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}$/)
const vlan = fc.integer({ min: 1, max: 4094 })

test('an untagged network is on the operator’s bridge, one with a VLAN on ours', () => {
  expect(bridgeOf({ bridge: 'xenbr0', vlan: null })).toBe('xenbr0')
  expect(bridgeOf({ bridge: 'xenbr0', vlan: 7 })).toMatch(/^og7-[0-9a-f]{6}$/)
  expect(deviceOf({ bridge: 'xenbr0', vlan: 7 })).toMatch(/^ov7-[0-9a-f]{6}$/)
})

test('names fit into a network device’s 15 characters, and are the same for the same wire only', () => {
  fc.assert(
    fc.property(bridge, vlan, bridge, vlan, (a, m, b, n) => {
      for (const name of [bridgeOf({ bridge: a, vlan: m }), deviceOf({ bridge: a, vlan: m })])
        expect(name).toMatch(/^[a-z0-9-]{1,15}$/)
      const isSame = bridgeOf({ bridge: a, vlan: m }) === bridgeOf({ bridge: b, vlan: n })
      expect(isSame).toBe(a === b && m === n)
      expect(bridgeOf({ bridge: a, vlan: m })).not.toBe(deviceOf({ bridge: a, vlan: m }))
    }),
  )
})
