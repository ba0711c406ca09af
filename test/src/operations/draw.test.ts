import { isAccountId, isShortName, isUuid } from '../../../src/model/ids'
import {
  drawAccessKeyId,
  drawAccount,
  drawId,
  drawMac,
  drawName,
  drawPassword,
  drawSecret,
  drawTokenId,
} from '../../../src/operations/draw'

const many = (draw: () => string): readonly string[] => Array.from({ length: 500 }, draw)

it.each([
  ['ids', drawId, isUuid],
  ['names of machines', () => drawName('compute'), (text: string) => isShortName('compute', text)],
  ['names of volumes', () => drawName('storage'), (text: string) => /^vol-[0-9a-f]{17}$/.test(text)],
  ['accounts', drawAccount, (text: string) => isAccountId(text) && !text.startsWith('0')],
  ['access key ids', drawAccessKeyId, (text: string) => /^AKIA[A-Z2-7]{16}$/.test(text)],
  ['secrets', drawSecret, (text: string) => /^[A-Za-z0-9+/]{40}$/.test(text)],
  ['passwords', drawPassword, (text: string) => /^[\w-]{24}$/.test(text)],
  ['tokens', drawTokenId, (text: string) => /^op-[0-9a-f]{12}$/.test(text)],
])('%s have their form and do not repeat', (_name, draw: () => string, fits) => {
  const drawn = many(draw)
  expect(drawn.filter((text) => !fits(text))).toEqual([])
  expect(new Set(drawn).size).toBe(drawn.length)
})

it('MAC addresses are unicast and locally administered (IEEE 802)', () => {
  for (const mac of many(drawMac)) {
    expect(mac).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/)
    expect(Number.parseInt(mac.slice(0, 2), 16) & 0b11).toBe(0b10)
  }
})
