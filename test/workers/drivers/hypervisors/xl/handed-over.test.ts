/** What the other host answers about a machine that is on its way: never 'nothing' because its xl did not answer. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { type DiskStage, openDiskStage } from '../../../../support/disk-stage'

const ID = '00000000-0000-4000-8000-000000000001'
/** `xl list -v` with the machine on its way, and without it; the file `gone` says which. */
const LIST = `
xl_try() {
  case $2 in
  list) [ -f "$(site_root)/gone" ] || echo "i-1--incoming 7 64 1 $FLAGS 1.0 ${ID} - -" ;;
  destroy) : >"$(site_root)/gone" ;;
  esac
}
`
let stage: DiskStage
const open = (...deeds: readonly string[]) => {
  stage = openDiskStage({ deeds: [...xlDeeds(), ...deeds] })
  for (const folder of ['machines/i-1', 'disks']) mkdirSync(stage.path(folder), { recursive: true })
  writeFileSync(stage.path('machines', 'i-1', 'machine'), `id ${ID}\n`)
  writeFileSync(stage.path('machines', 'i-1', 'mark'), 'arriving\n')
  writeFileSync(stage.path('machines', 'i-1', 'disks'), 'i-1-root xvda on\n')
  writeFileSync(stage.path('disks', 'i-1-root.raw'), 'contents')
}
afterEach(() => stage.close())

const ask = async (deed: 'xl_whether' | 'xl_turn_away') =>
  (await stage.guard.free(stage.host, deed, ['i-1'])).toString().trim().split('\n')

test.each(['xl_whether', 'xl_turn_away'] as const)('an xl that does not answer is no answer to %s', async (deed) => {
  open('xl_try() { return 124; }')
  await expect(ask(deed)).rejects.toThrow()
  expect(stage.names('disks')).toEqual(['i-1-root.raw'])
  expect(stage.names('machines')).toEqual(['i-1'])
})

test('one that waits there, paused, is arriving; turned away it ends before its disk goes', async () => {
  open(`FLAGS=--p---\n${LIST}`)
  expect(await ask('xl_whether')).toEqual(['arriving', 'ok'])
  expect(await ask('xl_turn_away')).toEqual(['ok'])
  expect(stage.names('disks')).toEqual([])
})

test('one that runs there is there, and is not turned away', async () => {
  open(`FLAGS=-b----\n${LIST}`)
  expect(await ask('xl_whether')).toEqual(['here', 'ok'])
  expect(await ask('xl_turn_away')).toEqual([''])
  expect(stage.names('disks')).toEqual(['i-1-root.raw'])
})

/** Of a former run here, which Xen cannot take apart: a page of it is still granted to somebody. */
test('a domain of it that is dying is none: the machine is arriving, and can be turned away', async () => {
  open(`FLAGS=---ssd\n${LIST.replace('i-1--incoming', '(null)')}`)
  expect(await ask('xl_whether')).toEqual(['arriving', 'ok'])
  expect(await ask('xl_turn_away')).toEqual(['ok'])
  expect(stage.names('disks')).toEqual([])
})

test.each([
  ['------', 'web', 'it runs already, as the domain web: rename that (xl rename web i-1), or end it'],
  ['---s-d', '(null)', undefined],
])('a domain %s of its uuid that is called %s, and a start', async (flags, name, refused) => {
  const may =
    'watch_may_start() { :; }\nxl_networks() { :; }\nfree_may_run() { xl_open "$1"; xl_domain; xl_may_run; echo ok; }'
  open(`FLAGS=${flags}\n${LIST.replace('i-1--incoming', name)}\n${may}`)
  const started = stage.guard.free(stage.host, 'may_run', ['i-1']).then(String)
  if (refused === undefined) expect(await started).toBe('ok\n')
  else await expect(started).rejects.toMatchObject({ message: expect.stringContaining(refused) })
})
