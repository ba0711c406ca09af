/** Journals of one effect at a time: whatever comes of their effects, in whatever order. */
import fc from 'fast-check'
import {
  announced,
  done,
  EFFECT_TRIES,
  refused,
  stuckFor,
  troubled,
  underWay,
} from '../../../workers/reconcile/effect-journal'

interface Intent {
  readonly key: string
  readonly of: string
  readonly outcome: 'open' | 'running' | 'done' | 'failed'
}
type Journal = Parameters<typeof done<Intent>>[0]
const NOTHING: Journal = { intent: null, attempts: 0, failures: 0, trouble: null, stuck: null }

/** As a job does it: an intent whose outcome is unknown is repeated. */
const announce = (journal: Journal, of: string) => {
  const { intent } = journal
  const isUnknown = intent?.of === of && (intent.outcome === 'open' || intent.outcome === 'running')
  return announced<Intent>(journal, {
    repeated: isUnknown ? intent : undefined,
    draw: (attempt) => ({ key: `${of}/${attempt}`, of, outcome: 'open' }),
    isSame: (former) => former.of === of,
  })
}

const EVENTS = ['done', 'running', 'silent', 'refused', 'unsupported'] as const
function after(journal: Journal, event: (typeof EVENTS)[number], now: number): Journal {
  switch (event) {
    case 'done':
      return done(journal)
    case 'running':
      return underWay(journal)
    case 'silent':
      return troubled(journal, { kind: 'timeout', message: 'no answer' }, now)
    case 'refused':
    case 'unsupported':
      return refused(journal, { kind: event, message: 'no' }, now)
  }
}

const story = fc.array(fc.tuple(fc.constantFrom('make', 'grow'), fc.constantFrom(...EVENTS)), { maxLength: 30 })

test('a key is drawn once, and repeated only while nobody knows what came of it', () => {
  fc.assert(
    fc.property(story, (steps) => {
      const known = new Set<string>()
      let journal = NOTHING
      for (const [now, [of, event]] of steps.entries()) {
        const before = journal
        const { journal: told, intent } = announce(before, of)
        expect(told.intent).toBe(intent)
        expect(intent.outcome).toBe('open')
        expect(known.has(intent.key)).toBe(false)
        const isNew = intent.key !== before.intent?.key
        expect(told.attempts).toBe(before.attempts + (isNew ? 1 : 0))
        journal = after(told, event, now)
        // An intent is left for another decision only by a job that has looked: nobody repeats it after.
        if (isNew && before.intent) known.add(before.intent.key)
        if (journal.intent?.outcome === 'done' || journal.intent?.outcome === 'failed') known.add(intent.key)
      }
    }),
  )
})

test('refusals in a row count for one decision; a success, or another decision, ends their count and what is told', () => {
  fc.assert(
    fc.property(story, (steps) => {
      let [journal, inARow, of] = [NOTHING, 0, '']
      for (const [now, [decision, event]] of steps.entries()) {
        const { journal: told } = announce(journal, decision)
        if (decision !== of) inARow = 0
        of = decision
        journal = after(told, event, now)
        if (event === 'done') inARow = 0
        if (event === 'refused' || event === 'unsupported') inARow += 1
        expect(journal.failures).toBe(inARow)
        if (inARow === 0 && event !== 'silent') expect(journal.stuck).toBeNull()
        if (inARow >= EFFECT_TRIES) expect(journal.stuck).toMatchObject({ message: 'no' })
      }
    }),
  )
})

test('what is stuck is so since the first time that it was told', () => {
  const once = stuckFor(NOTHING, 'it is gone', 5)
  expect(stuckFor(once, 'it is still gone', 9)).toEqual(once)
})
