/**
 * Cursors of which values are drawn in blocks while they are asked for often.
 *
 * A cursor only grows and says where to look for something free; skipping some of its values costs nothing but looking further. So a
 * gateway whose orders come thick draws more than it was asked for and gives them out by itself: an order need not wait until Redis has
 * a number on its disk. One that is asked now and then draws what it is asked for. What is left of a block is given next.
 */

/** Draws so many values; the first of them. */
export type Draw = (cursor: string, by: number) => Promise<number>

interface Cursor {
  /** What is left of the last block: from `next`, `end` not included. */
  next: number
  end: number
  /** How many were drawn beyond what was asked for, the last time. */
  ahead: number
  drawnAt: number
  readonly waiting: Asked[]
  isDrawing: boolean
}

interface Asked {
  readonly by: number
  readonly most: number
  readonly give: (first: number) => void
  readonly fail: (thrown: unknown) => void
}

/** Drawn again within so long, a block was too small. */
const OFTEN_MS = 200

/** `by` values in a row; up to `most` more may be drawn along. Faults: those of `draw`. */
export type DrawAhead = (cursor: string, by: number, most: number) => Promise<number>

/** Over `draw`; `now` is monotonous time in ms. */
export function openCursors(draw: Draw, now: () => number = () => performance.now()): DrawAhead {
  const cursors = new Map<string, Cursor>()

  async function drawAll(name: string, cursor: Cursor): Promise<void> {
    cursor.isDrawing = true
    while (cursor.waiting.length > 0) {
      const asked = cursor.waiting.splice(0)
      try {
        await drawFor(name, cursor, asked)
      } catch (thrown) {
        for (const { fail } of asked) fail(thrown)
      }
    }
    cursor.isDrawing = false
  }

  async function drawFor(name: string, cursor: Cursor, asked: readonly Asked[]): Promise<void> {
    const wanted = asked.reduce((sum, { by }) => sum + by, 0)
    const most = Math.min(...asked.map((one) => one.most))
    const isOften = now() - cursor.drawnAt < OFTEN_MS
    const ahead = isOften ? Math.min(most, Math.max(1, 2 * cursor.ahead)) : 0
    let first = await draw(name, wanted + ahead)
    for (const { by, give } of asked) {
      give(first)
      first += by
    }
    Object.assign(cursor, { next: first, end: first + ahead, ahead, drawnAt: now() })
  }

  return (name, by, most) => {
    const cursor = cursors.get(name) ?? {
      ...{ next: 0, end: 0, ahead: 0, drawnAt: Number.NEGATIVE_INFINITY, waiting: [], isDrawing: false },
    }
    cursors.set(name, cursor)
    if (cursor.end - cursor.next >= by) {
      cursor.next += by
      return Promise.resolve(cursor.next - by)
    }
    return new Promise((give, fail) => {
      cursor.waiting.push({ by, most, give, fail })
      if (!cursor.isDrawing) void drawAll(name, cursor)
    })
  }
}
