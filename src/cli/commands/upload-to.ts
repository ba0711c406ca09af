/** `image upload-to`: an image brought to a provider by a worker; this only watches. */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { fault } from '../../faults'
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

const LOOK_MS = 300
const MOVING: readonly string[] = ['waiting', 'sending', 'completed', 'cancelling']

/** What goes wrong while it is tried again. */
const why = ({ state, message }: Pick<Sent, 'state' | 'message'>): string =>
  message !== null && MOVING.includes(state) ? ` (${message}; it is tried again)` : ''

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
    let now = sent.parse(options.cancel ? await admin.get(one) : await admin.post(all, { image }))
    const tell = tellProgress()
    // commander: `--no-wait` is `wait: false`, which no other option here is.
    while (String(options.wait) !== 'false' && MOVING.includes(now.state)) {
      tell(`${now.image} to ${now.provider}${now.state === 'cancelling' ? ', cancelling' : ''}${why(now)}`, now.percent)
      await pause(LOOK_MS)
      now = sent.parse(await admin.get(one))
    }
    if (now.state === 'failed') throw fault('refused', `${now.image} did not come to ${now.provider}: ${now.message}`)
    return now
  },
  show: ({ image, provider, theirs, state, percent, message }) =>
    theirs === null
      ? `${image} to ${provider}: ${state}${state === 'sending' ? `, ${percent} %` : ''}${why({ state, message })}\n`
      : `${image} is at ${provider}: ${theirs}\n`,
}
