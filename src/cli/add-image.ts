/** From words of the command line to an image that is there: the order, its files sent, and the wait until it is usable. */
import { basename } from 'node:path'
import { z } from 'zod'
import { fault } from '../faults'
import { catalogued } from '../images/catalogue'
import type { AdminClient } from './admin-client'
import { askUntil, STALLED_MS } from './ask-until'
import { isFile, type LocalFile, localFile, sendFile, type Tell } from './send-file'

export const image = z.looseObject({
  id: z.string(),
  ami: z.string(),
  name: z.string(),
  title: z.string(),
  sizeGiB: z.number(),
  architecture: z.string(),
  state: z.string(),
  message: z.string().nullable(),
  simulated: z.boolean(),
  imports: z.array(
    z.looseObject({
      id: z.string(),
      part: z.string(),
      source: z.string(),
      percent: z.number(),
      state: z.string(),
      message: z.string().nullable(),
      sent: z.boolean(),
    }),
  ),
})
export type Image = z.output<typeof image>

/** Options of `image add` and `image upload`. */
export const IMAGE_OPTIONS: readonly (readonly [string, string])[] = [
  ['--name <name>', 'its name; that of the file or of the catalogue when nothing is said'],
  ['--title <title>', 'as people see it'],
  ['--description <text>', 'what more there is to say'],
  ['--kernel <file|url>', 'a kernel that it is started with'],
  ['--initramfs <file|url>', "the kernel's initramfs"],
  ['--cmdline <text>', "the kernel's command line"],
  ['--mode <pv|pvh|hvm>', 'how Xen starts it: hvm for a disk that boots by itself, pvh with a kernel'],
  ['--size <gib>', 'least size of the root disk, GiB'],
  ['--root-device <device>', 'where the guest sees its root disk (/dev/sda1)'],
  ['--architecture <architecture>', 'x86_64 or arm64'],
  ['--sha256 <hex>', 'refuse the disk (or, without one, the kernel) if it is another'],
]

type Options = Readonly<Record<string, string | true | undefined>>
const textOf = (options: Options, name: string): string | undefined => {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

const isUrl = (word: string): boolean => /^https?:\/\//i.test(word)

type FileOrder = Readonly<Record<string, unknown>>
interface Planned {
  readonly order: FileOrder
  readonly local?: LocalFile
  readonly name?: string
  readonly title?: string
  readonly architecture?: string
}

async function plan(
  word: string,
  sha256: string | undefined,
  mayCatalogue: 'catalogue' | 'files',
  tell: Tell,
): Promise<Planned> {
  const wanted = sha256 === undefined ? {} : { digest: sha256.toLowerCase() }
  if (isUrl(word)) return { order: { url: word, ...wanted }, name: basename(new URL(word).pathname) }
  if (mayCatalogue === 'catalogue' && !(await isFile(word))) {
    const { name, title, architecture, url, checksums, digest } = catalogued(word)
    const known = digest === undefined ? {} : { digest }
    return { order: { url, ...(checksums ? { checksums } : {}), ...known, ...wanted }, name, title, architecture }
  }
  const local = await localFile(word, tell)
  if (sha256 !== undefined && local.sha256 !== sha256.toLowerCase())
    throw fault('refused', `${word} has the SHA-256 ${local.sha256}, not ${sha256}`)
  return { order: { bytes: local.bytes, digest: local.sha256 }, local, name: basename(word) }
}

/** Sends what is local, then waits until the image is available. Faults: what the gateway says; 'refused' when it failed. */
export async function addImage(
  client: AdminClient,
  {
    source,
    options,
    from,
    tell,
  }: {
    readonly source: string | undefined
    readonly options: Options
    readonly from: 'catalogue' | 'files'
    readonly tell: Tell
  },
): Promise<Image> {
  const words = { disk: source, kernel: textOf(options, 'kernel'), initramfs: textOf(options, 'initramfs') }
  const sha256 = textOf(options, 'sha256')
  const parts: Record<string, Planned> = {}
  for (const [part, word] of Object.entries(words)) {
    if (word === undefined) continue
    const isFirst = Object.keys(parts).length === 0
    parts[part] = await plan(word, isFirst ? sha256 : undefined, part === 'disk' ? from : 'files', tell)
  }
  const [first] = Object.values(parts)
  if (first === undefined) throw fault('invalid', 'name a disk, or a kernel with --kernel', { field: 'source' })
  const made = image.parse(await client.post('/images', orderOf(parts, first, options)))
  for (const one of made.imports) {
    const local = parts[one.part]?.local
    if (local && !one.sent) await sendFile(client, local, one.id, tell)
  }
  return available(client, made, tell)
}

function orderOf(parts: Readonly<Record<string, Planned>>, first: Planned, options: Options) {
  const size = textOf(options, 'size')
  if (size !== undefined && !/^\d{1,5}$/.test(size))
    throw fault('invalid', `--size ${size}: it takes whole GiB`, { field: 'size' })
  const said = {
    name: textOf(options, 'name') ?? first.name,
    title: textOf(options, 'title') ?? first.title,
    description: textOf(options, 'description'),
    mode: textOf(options, 'mode'),
    cmdline: textOf(options, 'cmdline'),
    rootDevice: textOf(options, 'rootDevice'),
    architecture: textOf(options, 'architecture') ?? first.architecture,
    sizeGiB: size === undefined ? undefined : Number(size),
  }
  const given = Object.entries(said).filter(([, value]) => value !== undefined)
  const files = Object.entries(parts).map(([part, { order }]) => [part, order])
  return { ...Object.fromEntries(given), parts: Object.fromEntries(files) }
}

const isUntouched = ({ imports }: Image): boolean =>
  imports.every(({ state, message }) => (state === 'waiting' || state === 'completed') && message === null)

async function available(client: AdminClient, { ami, id }: Image, tell: Tell): Promise<Image> {
  const it = await askUntil({
    ask: async () => image.parse(await client.get(`/images/${id}`)),
    isDone: ({ state }) => state === 'available' || state === 'failed',
    // Nothing shows of one that waits for its turn: a worker fetches and stores few at a time, of a project fewer still.
    patienceMs: STALLED_MS,
    howFar: ({ state, imports }) => ({ state, imports }),
    tell: ({ imports }) => {
      for (const { part, source, state, percent } of imports)
        tell(`${part} (${source === 'upload' ? state : `${state} ${source}`})`, percent)
    },
    late: (now, seconds) =>
      isUntouched(now)
        ? `nothing began with ${ami} within ${seconds} s: it waits for its turn, or no worker runs. The order stands`
        : `nothing more of ${ami} came for ${seconds} s; it goes on by itself, image show ${ami} tells how far it is`,
  })
  if (it.state === 'failed') throw fault('refused', `${ami} failed: ${it.message}`)
  return it
}
