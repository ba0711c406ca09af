/** A qcow2 disk is made larger only while no guest has it open, and none opens it meanwhile: the deeds by dash and by busybox's shell, over an xl that is a file. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { sightingOf, surveyOf } from '../../../../../workers/drivers/hypervisors/xl/sighting'
import { type DiskStage, GIB, openDiskStage } from '../../../../support/disk-stage'
import { describeByShell } from '../../../../support/host-tools'

const FAKE = `
xl_try() { [ "$2" != list ] || cat "$(site_root)/domains"; }
xl_watched() { [ -f "$(site_root)/watched" ]; }
`
/** The only thing that is asked of it: its words are `resize -q -f qcow2 FILE BYTES`, the file's new size is 2 GiB. */
const QEMU_IMG = `#!/bin/sh
echo "grown to $6" >"\${5%/disks/*}/said"
printf '\\0\\0\\0\\0\\200\\0\\0\\0' | dd of="$5" bs=1 seek=24 conv=notrunc 2>/dev/null
`
const TITLE = 'Name  ID   Mem VCPUs\tState\tTime(s)   UUID  Reason-Code\tSecurity Label'
const ID = '11111111-2222-4333-8444-555555555555'
const row = (flags: string, name = 'i-1') => `${name} 7 64 1 ${flags} 1.5 ${ID} - -`

describeByShell((shell) => {
  let stage: DiskStage
  const bin = mkdtempSync(join(tmpdir(), 'og-bin-'))
  writeFileSync(join(bin, 'qemu-img'), QEMU_IMG, { mode: 0o755 })
  const environment = { PATH: `${bin}${delimiter}${process.env.PATH}` }
  const open = (domains: readonly string[], files: Readonly<Record<string, string>> = {}) => {
    stage = openDiskStage({ shell, deeds: [...xlDeeds(), FAKE], environment })
    mkdirSync(stage.path('machines', 'i-1'), { recursive: true })
    mkdirSync(stage.path('disks'), { recursive: true })
    writeFileSync(stage.path('said'), '')
    writeFileSync(stage.path('domains'), `${[TITLE, ...domains].join('\n')}\n`)
    const machine = { machine: `id ${ID}`, disks: 'i-1-root xvda on\nvol-1 xvdf on', nics: '', ...files }
    for (const [file, text] of Object.entries(machine)) writeFileSync(stage.path('machines', 'i-1', file), `${text}\n`)
    for (const name of ['i-1-root', 'vol-1']) {
      const header = Buffer.alloc(512)
      header.write('QFI\u00fb', 'latin1')
      header.writeBigUInt64BE(BigInt(GIB), 24)
      writeFileSync(stage.path('disks', `${name}.qcow2`), header)
    }
  }
  afterEach(() => stage.close())
  afterAll(() => rmSync(bin, { recursive: true }))

  const said = () => readFileSync(stage.path('said'), 'utf8').trim()
  const grow = (name: string) => {
    const resource = name === 'i-1-root' ? 'i-1' : name
    return stage.disks.disk.grow(stage.host, stage.claim(resource), name, 2)
  }

  describe.each(['i-1-root', 'vol-1'])('%s', (name) => {
    test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
      ['runs', [row('-b----')], {}],
      ['is paused', [row('--p---')], {}],
      ['crashed and is kept', [row('---sc-')], {}],
      ['runs under another name', [row('-b----', 'web')], {}],
    ])('is left as it is while its machine %s', async (_how, domains, files) => {
      open(domains, files)
      await expect(grow(name)).rejects.toMatchObject({
        kind: 'refused',
        message: `${name} is made larger once its machine is stopped`,
      })
      expect(said()).toBe('')
    })

    test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
      ['is off', [], {}],
      ['is saved', [], { memory: 'what it thought' }],
      ['is being taken apart', [row('---s-d')], {}],
    ])('grows while its machine %s', async (_how, domains, files) => {
      open(domains, files)
      await grow(name)
      expect(said()).toBe(`grown to ${2 * GIB}`)
      expect(await stage.disksOf(name)).toEqual([`${name} 2 qcow2`])
    })
  })

  test('a volume is left as it is between two starts of a guest, and while its machine starts', async () => {
    open([], { started: '1' })
    writeFileSync(stage.path('watched'), '')
    await expect(grow('vol-1')).rejects.toMatchObject({ kind: 'refused' })
    await stage.close()
    open([], { mark: 'starting' })
    await expect(grow('vol-1')).rejects.toMatchObject({ kind: 'refused' })
    expect(said()).toBe('')
  })

  test('a start that was cut is undone, and its disk grows', async () => {
    open([], { mark: 'starting' })
    await grow('i-1-root')
    expect(said()).toBe(`grown to ${2 * GIB}`)
  })

  test('what hangs nowhere grows', async () => {
    open([row('-b----')], { disks: 'i-1-root xvda on' })
    await grow('vol-1')
    expect(said()).toBe(`grown to ${2 * GIB}`)
  })
})

test.each<[string, readonly string[], 'qcow2' | 'raw', true | undefined]>([
  ['runs', [row('-b----')], 'qcow2', true],
  ['crashed and is kept', [row('---sc-')], 'qcow2', true],
  ['is off', [], 'qcow2', undefined],
  ['is being taken apart', [row('---s-d')], 'qcow2', undefined],
  ['runs, of a raw disk', [row('-b----')], 'raw', undefined],
])('a look at a disk, or at its machine, tells that it is open: its machine %s', (_how, domains, format, open) => {
  const lines = ['i-1-root', 'vol-1'].map((name) => `disk ${name} ${GIB} ${format} - /disks/${name}.${format}`)
  const survey = surveyOf(
    new Map([
      ['domains', [TITLE, ...domains].join('\n')],
      ['files', ''],
      ['disks', lines.join('\n')],
      ['holders', 'i-1/disks:i-1-root xvda on\ni-1/disks:vol-1 xvdf on'],
    ]),
  )
  for (const name of ['i-1', 'vol-1'])
    expect(sightingOf(survey, name, null).disks.map((disk) => disk.open)).toContain(open)
})
