import { closeInTime } from '../../../src/queue/close-in-time'

describe('closing in time', () => {
  test('ends as soon as what is closed has ended', async () => {
    let ended = false
    const closing = Promise.resolve().then(() => {
      ended = true
    })
    await closeInTime(closing, 60_000)
    expect(ended).toBe(true)
  })

  test('does not wait for what never ends', async () => {
    await expect(closeInTime(new Promise(() => undefined), 5)).resolves.toBeUndefined()
  })

  test('tells what went wrong', async () => {
    await expect(closeInTime(Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no')
  })
})
