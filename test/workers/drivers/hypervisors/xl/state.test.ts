/** One machine's state, by state.ts and by the shell function that deeds decide with: the same for all that can be shown. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { parseFlags } from '../../../../../workers/drivers/hypervisors/xl/parse/domains'
import { stateOf } from '../../../../../workers/drivers/hypervisors/xl/state'
import { diskDeeds } from '../../../../../workers/drivers/transfer'
import { describeByShell } from '../../../../support/host-tools'

const FLAGS = [
  '',
  'r-----',
  '-b----',
  '------',
  '--p---',
  '-bp---',
  '--ps--',
  '---s--',
  '---sr-',
  '---ss-',
  '---sc-',
  '---sw-',
  '-----d',
  '---sS-',
  '---s?-',
  '---s?d',
]
const MARKS = ['', 'starting', 'restoring', 'resuming', 'saving 1', 'handing', 'handing 1', 'arriving']
const YES = ['', 'yes'] as const

interface Row {
  readonly flags: string
  readonly mark: string
  readonly memory: string
  readonly started: string
  readonly watched: string
  readonly saves: string
}

const rows: readonly Row[] = FLAGS.flatMap((flags) =>
  MARKS.flatMap((mark) =>
    YES.flatMap((memory) =>
      YES.flatMap((started) =>
        YES.flatMap((watched) =>
          (mark.endsWith(' 1') ? YES : ([''] as const)).map((saves) => ({
            flags,
            mark,
            memory,
            started,
            watched,
            saves,
          })),
        ),
      ),
    ),
  ),
)

const here = (row: Row) =>
  stateOf({
    defined: true,
    flags: row.flags === '' ? null : parseFlags(row.flags),
    mark: row.mark.split(' ')[0] ?? '',
    started: row.started !== '',
    memory: row.memory !== '',
    watched: row.watched !== '',
    saves: row.saves !== '',
    hasDisks: true,
  })

/** What the deeds say of all rows, by a shell in which the world is what a row says. */
function onTheHost(shell: readonly [string, ...string[]]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'og-state-'))
  try {
    writeFileSync(join(folder, 'deeds'), [...diskDeeds(), ...xlDeeds()].join('\n'))
    writeFileSync(
      join(folder, 'rows'),
      rows
        .map((row) =>
          Object.values(row)
            .map((it) => it || '-')
            .join('|'),
        )
        .join('\n'),
    )
    const script = `
      . "$1/deeds"
      XL_M=$1/machine
      mkdir "$XL_M"
      given() { [ "$1" = - ] || printf '%s' "$1"; }
      xl_domain() { XL_FLAGS=$(given "$flags"); XL_DOM=\${XL_FLAGS:+7}; }
      xl_watched() { [ "$watched" = yes ]; }
      xl_saves() { [ "$saves" = yes ]; }
      while IFS='|' read -r flags mark memory started watched saves; do
        rm -f "$XL_M"/*
        [ "$mark" = - ] || printf '%s\\n' "$mark" >"$XL_M/mark"
        [ "$memory" = - ] || : >"$XL_M/memory"
        [ "$started" = - ] || : >"$XL_M/started"
        xl_state
        echo "$XL_STATE"
      done <"$1/rows"`
    writeFileSync(join(folder, 'rows'), '\n', { flag: 'a' })
    const [command, ...words] = shell
    return execFileSync(command, [...words, '-c', script, 'sh', folder])
      .toString()
      .trim()
      .split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describeByShell((shell) => {
  test('all', () => {
    const said = onTheHost(shell)
    expect(said).toHaveLength(rows.length)
    const differ = rows.filter((row, at) => said[at] !== here(row)).map((row) => ({ ...row, here: here(row) }))
    expect(differ).toEqual([])
  })
})

const shown = { defined: true, mark: '', started: true, memory: false, watched: false, saves: false, hasDisks: true }
test.each([
  ['nothing at all', { ...shown, defined: false, hasDisks: false, flags: null }, 'absent'],
  ['only disks', { ...shown, defined: false, flags: null }, 'off'],
  ['its guest powered off', { ...shown, flags: null }, 'off'],
  ['between two starts of a restart', { ...shown, flags: null, watched: true }, 'running'],
  ['shut down and being torn down', { ...shown, flags: parseFlags('--ps--') }, 'off'],
  ['shut down for a reason that Xen does not know', { ...shown, flags: parseFlags('---s?-') }, 'off'],
  ['shut down for a restart that nobody does', { ...shown, flags: parseFlags('---sr-') }, 'crashed'],
  ['crashed and kept', { ...shown, flags: parseFlags('---sc-') }, 'crashed'],
  ['built by a start that was cut', { ...shown, mark: 'starting', flags: parseFlags('--p---') }, 'off'],
  ['built by a restore that was cut', { ...shown, mark: 'restoring', flags: parseFlags('--p---') }, 'saved'],
  ['paused by its owner', { ...shown, flags: parseFlags('-bp---') }, 'paused'],
  ['saved', { ...shown, memory: true, flags: null }, 'saved'],
  ['being saved', { ...shown, mark: 'saving', saves: true, flags: parseFlags('---ss-') }, 'running'],
  ['suspended by a save that was killed', { ...shown, mark: 'saving', flags: parseFlags('---ss-') }, 'crashed'],
] as const)('%s', (_what, it, expected) => {
  expect(stateOf(it)).toBe(expected)
})
