/** Others' readers of seed disks: cloud-init itself, bsdtar and isoinfo. Tests that need one are skipped, loudly, without it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

interface Program {
  readonly bin: string
  readonly env: NodeJS.ProcessEnv
}
const { findSeedReaders } = require('../../scripts/setup/seed-readers') as {
  findSeedReaders: () => { bsdtar?: Program; isoinfo?: Program; python?: string }
}
const there = findSeedReaders()

/** Declares tests that need that reader. */
export function describeWithReader(name: keyof typeof there, title: string, tests: () => void): void {
  if (there[name] !== undefined) {
    describe(title, tests)
    return
  }
  process.stderr.write(`SKIPPED: ${title}: ${name} could not be had; run "node scripts/setup.js test"\n`)
  // What is tested is that this program reads our disks; the name and the line above say how to get it.
  describe.skip(`${title} (no ${name})`, tests)
}

function run(bin: string, words: readonly string[], env: NodeJS.ProcessEnv): Buffer {
  const done = spawnSync(bin, words, { env, maxBuffer: 64 * 1024 * 1024, timeout: 120_000 })
  if (done.status !== 0) throw new Error(`${bin} ended with ${done.status}: ${done.stderr}`)
  return done.stdout
}

const program = (name: 'bsdtar' | 'isoinfo'): Program => there[name] ?? { bin: name, env: {} }

/** Calls with a folder that is gone afterwards. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'seed-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export type Files = Readonly<Record<string, Buffer>>

/** Its files by name, as libarchive unpacks them. */
export const unpackedByBsdtar = (disk: Buffer): Files =>
  inFolder((folder) => {
    const [image, out] = [join(folder, 'disk.iso'), join(folder, 'out')]
    writeFileSync(image, disk)
    mkdirSync(out)
    const { bin, env } = program('bsdtar')
    run(bin, ['-xf', image, '-C', out], env)
    return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]))
  })

/** What isoinfo says of it; `-R` Rock Ridge, `-J` Joliet, nothing: as ISO 9660 has it. */
export const toldByIsoinfo = (disk: Buffer, words: readonly string[]): Buffer =>
  inFolder((folder) => {
    const image = join(folder, 'disk.iso')
    writeFileSync(image, disk)
    const { bin, env } = program('isoinfo')
    return run(bin, [...words, '-i', image], env)
  })

const readings = z.array(
  z.object({
    taken: z.boolean(),
    instanceId: z.string(),
    hostname: z.string(),
    publicKeys: z.array(z.string()),
    userData: z.base64().or(z.literal('')),
    network: z.record(z.string(), z.string()).nullable(),
  }),
)
export type Reading = z.infer<typeof readings>[number]

/** What cloud-init's NoCloud source makes of each disk's files; `with-network`: also what its renderers write for systems. */
export const readByCloudInit = (
  disks: readonly Files[],
  network: 'with-network' | 'without-network' = 'without-network',
): readonly Reading[] =>
  inFolder((folder) => {
    const folders = disks.map((files, index) => {
      const own = join(folder, String(index))
      mkdirSync(own)
      for (const [name, data] of Object.entries(files)) writeFileSync(join(own, name), data)
      return own
    })
    const script = join(__dirname, '..', 'src', 'metadata', 'cloud-init-reads.py')
    return readings.parse(
      JSON.parse(run(there.python ?? 'python3', [script, network, ...folders], process.env).toString('utf8')),
    )
  })
