/**
 * Things sent to where many at once cost little more than one. One sending is under way at a time; what comes meanwhile goes with the
 * next one, which begins after it came.
 *
 * Where telling late costs nothing and telling often does, there is a rest after each sending: what comes alone still goes at once.
 */

interface Waiting<T> {
  readonly things: readonly T[]
  readonly sent: () => void
  readonly fail: (thrown: unknown) => void
}

/** Gathers what is given into sendings; each promise is that of the sending that its things went with. */
export function gather<T>(
  send: (things: readonly T[]) => Promise<void>,
  rest?: () => Promise<void>,
): (things: readonly T[]) => Promise<void> {
  let waiting: Waiting<T>[] = []
  let isSending = false

  async function sendAll(): Promise<void> {
    isSending = true
    while (waiting.length > 0) {
      const going = waiting
      waiting = []
      try {
        await send(going.flatMap(({ things }) => things))
        for (const { sent } of going) sent()
      } catch (thrown) {
        // Those who came meanwhile would only wait as long once more.
        for (const { fail } of [...going, ...waiting.splice(0)]) fail(thrown)
      }
      if (rest) await rest()
    }
    isSending = false
  }

  return (things) =>
    new Promise<void>((sent, fail) => {
      waiting.push({ things, sent, fail })
      if (!isSending) void sendAll()
    })
}
