/** `image …`: what machines start from. */
import { z } from 'zod'
import { fault } from '../../faults'
import { imageCatalogue } from '../../images/catalogue'
import { addImage, IMAGE_OPTIONS, image } from '../add-image'
import { type AdminClient, jsonClient } from '../admin-client'
import { askUntil, PATIENCE_MS } from '../ask-until'
import { addLeaf, type Cli, type Family, type Leaf, pathTo } from '../leaf'
import { asJson, fields, harmless, table } from '../output'
import { tellProgress } from '../send-file'
import { uploadTo } from './upload-to'

const listed = image.omit({ imports: true }).extend({ default: z.boolean(), project: z.string().nullable() })
const images = z.object({ images: z.array(listed) })

const file = z.looseObject({ sha256: z.string(), bytes: z.number(), format: z.string() })
const whole = image.extend({
  snapshots: z.array(
    z.looseObject({
      name: z.string(),
      part: z.string().nullable(),
      state: z.string(),
      percent: z.number(),
      message: z.string().nullable(),
    }),
  ),
  project: z.string().nullable(),
  description: z.string(),
  rootDevice: z.string().nullable(),
  files: z.record(z.string(), file),
  boot: z.object({ mode: z.string(), cmdline: z.string().nullable() }).nullable(),
  sharedWith: z.array(z.string()),
  checks: z.number(),
  checked: z.object({ checks: z.number(), at: z.string().nullable(), wrong: z.string().nullable() }),
})
type Whole = z.output<typeof whole>

const details = (it: Whole): string =>
  fields({
    image: it.ami,
    name: it.name,
    title: it.title,
    description: it.description,
    project: it.project,
    state: it.state,
    message: it.message,
    simulated: it.simulated,
    size: it.rootDevice === null ? 'no root disk' : `${it.sizeGiB} GiB`,
    'root device': it.rootDevice,
    architecture: it.architecture,
    mode: it.boot?.mode,
    'command line': it.boot?.cmdline,
    'shared with': it.sharedWith.join(', '),
    ...Object.fromEntries(
      Object.entries(it.files).map(([part, { sha256, bytes, format }]) => [
        part,
        `${format}, ${bytes} bytes, sha256 ${sha256}`,
      ]),
    ),
    ...Object.fromEntries(
      it.imports
        .filter(({ state }) => state !== 'completed')
        .map((one) => [`${one.part} comes`, `${one.state}, ${one.percent} % of ${one.source} ${one.message ?? ''}`]),
    ),
    ...Object.fromEntries(
      it.snapshots
        .filter(({ state }) => state !== 'completed')
        .map((one) => [`${one.part} comes`, `${one.state}, ${one.percent} % of ${one.name} ${one.message ?? ''}`]),
    ),
    checked: it.checked.at === null ? null : `${it.checked.at}: ${it.checked.wrong ?? 'all is well'}`,
  })

const isThere = (it: { ami: string; name: string }): string => `${it.ami} (${it.name}) is available\n`

const add: Leaf<z.output<typeof image>> = {
  usage: 'add [source]',
  description: 'an image for all, from a file, an address or the catalogue',
  options: IMAGE_OPTIONS,
  run: (admin, { args: [source], options }) =>
    addImage(admin, { source, options, from: 'catalogue', tell: tellProgress() }),
  show: isThere,
}

/** The least that a store gives in a ms when a file is read from it: 10 MiB in a second. */
const BYTES_A_MS = 10_486

const bytesOf = ({ files }: Whole): number => Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0)

const check: Leaf<Whole> = {
  usage: 'check <image>',
  description: 'read its files and compare them with their checksums',
  run: async (admin, { args: [name = ''] }) => {
    const path = pathTo('images', name)
    const { checks } = whole.parse(await admin.post(`${path}/check`))
    const it = await askUntil({
      ask: async () => whole.parse(await admin.get(path)),
      isDone: ({ checked }) => checked.checks >= checks,
      patienceMs: (now) => PATIENCE_MS + Math.ceil(bytesOf(now) / BYTES_A_MS),
      late: ({ ami }, seconds) =>
        `no worker has read ${ami} within ${Math.round(seconds)} s: does one run? image show tells when it is checked`,
    })
    if (it.checked.wrong !== null) throw fault('refused', `${it.ami}: ${it.checked.wrong}`)
    return it
  },
  show: (it) => `${it.ami}: all files are as they should be\n`,
}

/** With a tenant's credentials, as `env` prints them. */
function tenantClient({ env }: Cli): AdminClient {
  const { OCCI_ENDPOINT: url = '', OCCI_USER: user, OCCI_PASSWORD: password, OCCI_TOKEN: token } = env
  if (!/^https?:\/\/[^/]/.test(url) || (!token && (!user || !password)))
    throw fault(
      'unauthenticated',
      'set OCCI_ENDPOINT, and OCCI_USER with OCCI_PASSWORD or OCCI_TOKEN: eval "$(occi-gateway env)" does',
    )
  const basic = Buffer.from(`${user}:${password}`, 'utf8').toString('base64')
  const authorization = token ? `Bearer ${token}` : `Basic ${basic}`
  return jsonClient({ url: url.replace(/\/+$/, ''), base: '/images/v1', authorization })
}

export const imageCommands: Family = (root, cli) => {
  const family = root.command('image').description('images that machines start from')
  addLeaf(family, cli, add)
  addUpload(family, cli)
  addLeaf(family, cli, uploadTo)
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all images',
    run: async (admin) => images.parse(await admin.get('/images')).images,
    show: (found) =>
      table(
        ['image', 'name', 'title', 'project', 'size', 'architecture', 'state', 'default'],
        found.map((it) => [
          it.ami,
          it.simulated ? `${it.name} (simulated)` : it.name,
          ...[it.title, it.project, `${it.sizeGiB} GiB`, it.architecture, it.state, it.default],
        ]),
        'no images',
      ),
  })
  addLeaf(family, cli, {
    usage: 'show <image>',
    description: 'one image, with its files',
    run: async (admin, { args: [name = ''] }) => whole.parse(await admin.get(pathTo('images', name))),
    show: details,
  })
  addLeaf(family, cli, check)
  addLeaf(family, cli, {
    usage: 'remove <image>',
    description: 'no new machines of it; refused while there are some',
    options: [['--force', 'also while there are machines of it: it stays hidden until they are gone']],
    run: async (admin, { args: [name = ''], options }) => {
      await admin.delete(pathTo('images', name), options.force ? { force: 'true' } : {})
      return { removed: name }
    },
    show: ({ removed }) => `${removed} is removed\n`,
  })
  addCatalogue(family, cli)
}

function addUpload(family: Parameters<Family>[0], cli: Cli): void {
  const command = family
    .command('upload [file]')
    .description("an image of one's own project, with a tenant's credentials")
    .option('--json', 'print JSON')
  for (const [flags, description] of IMAGE_OPTIONS) command.option(flags, description)
  command.action(async (source: string | undefined, options: Record<string, string | true | undefined>) => {
    const found = await addImage(tenantClient(cli), { source, options, from: 'files', tell: tellProgress() })
    cli.print(options.json ? asJson(found) : harmless(isThere(found)))
  })
}

function addCatalogue(family: Parameters<Family>[0], cli: Cli): void {
  family
    .command('catalogue')
    .description("vendors' cloud images that `image add` knows by name")
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => {
      const all = imageCatalogue()
      const rows = all.map(({ name, title, architecture, url }) => [name, title, architecture, url])
      cli.print(
        options.json
          ? `${JSON.stringify(all, null, 2)}\n`
          : table(['name', 'title', 'architecture', 'from'], rows, 'nothing'),
      )
    })
}
