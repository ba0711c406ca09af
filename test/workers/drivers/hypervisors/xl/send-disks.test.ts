/** Disks between two hosts that are two folders: what one asks of the other runs there at once. By dash and by busybox's shell. */
import { closeSync, mkdirSync, openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { type DiskStage, MIB, noise, openDiskStage, SITE } from '../../../../support/disk-stage'
import { describeByShell } from '../../../../support/host-tools'

/** The other host's folder is beside this one's. What its `take_disk` answers is kept. */
const PEER = `
xl_peer() {
  shift
  deed=$1
  shift
  ( OCCI_FOLDER=$OCCI_FOLDER-there; damaged; echo og1 free; "free_$deed" "$@" ) >"$OCCI_WORK/answered"
  [ "$deed" != xl_take_disk ] || cp "$OCCI_WORK/answered" "$(site_root)/answered"
  cat "$OCCI_WORK/answered"
}
damaged() { :; }
free_send() { xl_open i-1; xl_send_disks xen-2 "$1" && echo sent; }
`
/** Three blocks, the last of them half. */
const BYTES = 40 * MIB
const DISK = 'disks/i-1-root.raw'

describeByShell((shell) => {
  let stage: DiskStage
  const open = (...more: readonly string[]) => {
    stage = openDiskStage({ shell, deeds: [...xlDeeds(), PEER, ...more] })
    for (const path of [stage.path(), there()])
      for (const folder of ['machines/i-1', 'disks']) mkdirSync(join(path, folder), { recursive: true })
    for (const path of [stage.path(), there()]) writeFileSync(join(path, 'machines/i-1/disks'), 'i-1-root xvda on\n')
    writeFileSync(there('machines/i-1/mark'), 'arriving\n')
    made(stage.path(DISK), BYTES, [0, BYTES - 5000])
  }
  afterEach(() => stage.close())

  const there = (...parts: readonly string[]) => join(`${stage.guard.folderOf(stage.host)}-there`, SITE, ...parts)
  const send = async (how: 'still' | 'moving') => (await stage.guard.free(stage.host, 'send', [how])).toString().trim()
  const isAlike = () => readFileSync(there(DISK)).equals(readFileSync(stage.path(DISK)))
  /** The blocks that it took last. */
  const taken = () =>
    readFileSync(stage.path('answered'), 'utf8')
      .split('\n')
      .flatMap((line) => /^(\d+) \d+$/.exec(line)?.[1] ?? [])

  test('one of which the other host has nothing comes whole, and its holes stay holes', async () => {
    open()
    expect(await send('still')).toBe('sent')
    expect(isAlike()).toBe(true)
    expect(taken()).toEqual(['0', '2'])
    expect(statSync(there(DISK)).blocks * 512).toBeLessThan(BYTES - 8 * MIB)
  })

  test('what the other host has of it is not sent again', async () => {
    open()
    await send('moving')
    made(stage.path(DISK), BYTES, [17 * MIB])
    expect(await send('still')).toBe('sent')
    expect(isAlike()).toBe(true)
    expect(taken()).toEqual(['1'])
    expect(await send('still')).toBe('sent')
    expect(taken()).toEqual([])
  })

  test('a block that is empty by now is empty there too, and one that grew has grown', async () => {
    open()
    await send('still')
    writeFileSync(stage.path(DISK), '')
    made(stage.path(DISK), BYTES + 20 * MIB, [])
    expect(await send('still')).toBe('sent')
    expect(isAlike()).toBe(true)
  })

  test('one that is written to meanwhile came when it was sent once more, held still', async () => {
    const written = `dd of="$(site_root)/${DISK}" bs=1 seek=100 conv=notrunc 2>/dev/null`
    open(`gzip() { [ "$1" != -1 ] || echo later | command ${written}; command gzip "$@"; }`)
    expect(await send('moving')).toBe('sent')
    expect(await send('still')).toBe('sent')
    expect(isAlike()).toBe(true)
  })

  const LOST = 'dd() { case $* in *of=*) cat >/dev/null ;; *) command dd "$@" ;; esac; }'
  const TURNED = 'gzip() { command gzip "$@" | tr "\\\\001" "\\\\002"; }'
  const DAMAGES: readonly (readonly [string, string])[] = [
    ['nothing of it is written there', LOST],
    ['other bytes come than were sent', TURNED],
    [
      'nothing of it is sent',
      'free_xl_take_disk() { folder_blank "$(site_root)" "$2" "$3"; cat >/dev/null; echo ok; }',
    ],
    ['the other host’s file system gives up at the end', 'settle_file() { return 1; }'],
  ]
  test.each(DAMAGES)('it did not come where %s', async (_what, damage) => {
    open(`damaged() { ${damage}; }`)
    await expect(send('still')).rejects.toMatchObject({
      message: expect.stringContaining('the disk i-1-root could not be sent to xen-2'),
    })
  })

  test.each([
    ['larger', 'i-1-root.raw', BYTES + MIB],
    ['qcow2', 'i-1-root.qcow2', MIB],
  ])('nor where the other host has one already: %s', async (what, file, bytes) => {
    open()
    made(there('disks', file), bytes, [])
    await expect(send('still')).rejects.toMatchObject({
      message: expect.stringMatching(new RegExp(`i-1-root is here already.*${what}`)),
    })
  })
})

/** A file with noise at those places and nothing between them. */
function made(path: string, bytes: number, places: readonly number[]): void {
  const file = openSync(path, 'a')
  closeSync(file)
  truncateSync(path, bytes)
  const disk = openSync(path, 'r+')
  for (const at of places) writeSync(disk, noise(4096), 0, 4096, at)
  closeSync(disk)
}
