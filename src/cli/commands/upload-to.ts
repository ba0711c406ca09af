/** `image upload-to`: an image brought to a provider by a worker; this only watches. */
import { z } from 'zod'
import { fault } from '../../faults'
import { askUntil, PATIENCE_MS, STALLED_MS } from '../ask-until'
import { type Leaf, pathTo } from '../leaf'
import { tellProgress } from '../send-file'

const sent = z.object({
  image: z.string(),
  provider: z.string(),
  theirs: z.string().nullable(),
  state: z.string(),
  percent: z.number(),
  message: z.string().nullable(),
})
type Sent = z.output<typeof sent>

const MOVING: readonly string[] = ['waiting', 'sending', 'completed', 'cancelling']

/** What goes wrong while it is tried again. */
const why = ({ state, message }: Pick<Sent, 'state' | 'message'>): string =>
  message !== null && MOVING.includes(state) ? ` (${message}; it is tried again)` : ''

const isUntouched = ({ state, message }: Sent): boolean => state === 'waiting' && message === null

export const uploadTo: Leaf<Sent> = {
  usage: 'upload-to <provider> <image>',
  description: 'bring an image to a provider and register it there; goes on by itself when this is interrupted',
  options: [
    ['--cancel', 'no longer; what came there is removed'],
    ['--no-wait', 'order it, and do not watch'],
  ],
  async run(admin, { args: [provider = '', image = ''], options }) {
    const all = `${pathTo('providers', provider)}/images`
    const one = `${all}/${encodeURIComponent(image)}`
    if (options.cancel) await admin.delete(one, {})
    const first = sent.parse(options.cancel ? await admin.get(one) : await admin.post(all, { image }))
    const tell = tellProgress()
    // commander: `--no-wait` is `wait: false`, which no other option here is.
    const isWatched = (it: Sent): boolean => String(options.wait) !== 'false' && MOVING.includes(it.state)
    const now = await askUntil({
      first,
      ask: async () => sent.parse(await admin.get(one)),
      isDone: (it) => !isWatched(it),
      patienceMs: (it) => (isUntouched(it) ? PATIENCE_MS : STALLED_MS),
      howFar: (it) => it,
      tell: (it) => {
        const cancelling = it.state === 'cancelling' ? ', cancelling' : ''
        if (isWatched(it)) tell(`${it.image} to ${it.provider}${cancelling}${why(it)}`, it.percent)
      },
      late: (it, seconds) =>
        isUntouched(it)
          ? `no worker began with ${it.image} within ${seconds} s: does one run? The order stands`
          : `nothing more of ${it.image} came to ${it.provider} for ${seconds} s${why(it)}; it goes on by itself`,
    })
    if (now.state === 'failed') throw fault('refused', `${now.image} did not come to ${now.provider}: ${now.message}`)
    return now
  },
  show: ({ image, provider, theirs, state, percent, message }) =>
    theirs === null
      ? `${image} to ${provider}: ${state}${state === 'sending' ? `, ${percent} %` : ''}${why({ state, message })}\n`
      : `${image} is at ${provider}: ${theirs}\n`,
}
