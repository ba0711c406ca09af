import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fault } from '../../../../../src/faults'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { explained, RULES } from '../../../../../workers/drivers/hypervisors/xl/faults'
import { recordedCases } from './recorded'

/** What each recorded failure means; the tools' own answer of 124 is our time limit. */
const MEANS: Readonly<Record<string, readonly [kind: string, rule: string]>> = {
  'err-bad-memory': ['refused', 'its memory is too small for its kernel'],
  'err-bad-syntax': ['refused', 'the host does not understand its configuration'],
  'err-destroy-dom0': ['refused', 'domain 0 is the host itself'],
  'err-destroy-unknown': ['refused', 'there is no such domain on the host'],
  'err-destroy-unknown-id': ['refused', 'there is no such domain on the host'],
  'err-domid-unknown': ['refused', 'there is no such domain on the host'],
  'err-duplicate-name': ['refused', 'another domain on the host is already called pv1'],
  'err-duplicate-name-quiet': ['refused', 'another domain on the host is already called pv1'],
  'err-invalid-kernel': ['refused', 'its kernel is none that Xen can start in this mode'],
  'err-list-l-unknown': ['refused', 'there is no such domain on the host'],
  'err-list-unknown': ['refused', 'there is no such domain on the host'],
  'err-mem-set-too-big': ['refused', 'it cannot have more memory than it was started with'],
  'err-migrate-pv-no-shadow': [
    'unsupported',
    'this host cannot move a PV machine while it runs (its Xen has no shadow paging)',
  ],
  'err-migrate-unknown': ['refused', 'there is no such domain on the host'],
  'err-migrate-unreachable': ['refused', 'the host cannot reach the other one by ssh'],
  'err-missing-bridge': ['refused', 'the host has no bridge nosuchbr'],
  'err-missing-disk': ['refused', 'a disk of it is not there: /guest/nosuch.img'],
  'err-missing-kernel': ['refused', 'its kernel or initramfs is not there on the host'],
  'err-network-list-unknown': ['refused', 'there is no such domain on the host'],
  'err-no-arg': ['unsupported', 'the Xen tools of this host do not know that command'],
  'err-no-config-file': ['refused', 'its configuration is not there on the host'],
  'err-no-name': ['refused', 'the host does not understand its configuration'],
  'err-not-enough-memory': ['refused', 'the host has not enough free memory for it'],
  'err-pause-unknown': ['refused', 'there is no such domain on the host'],
  'err-restore-duplicate': ['refused', 'another domain on the host is already called pv1'],
  'err-restore-garbage': ['refused', 'its saved memory cannot be read'],
  'err-restore-missing': ['refused', 'its saved memory cannot be read'],
  'err-save-bad-path': ['refused', 'the host has no space left on its disk'],
  'err-save-unknown': ['refused', 'there is no such domain on the host'],
  'err-shutdown-unknown': ['refused', 'there is no such domain on the host'],
  'err-unknown-command': ['unsupported', 'the Xen tools of this host do not know that command'],
  'err-unpause-running': ['refused', 'it was not paused'],
}

const errors = recordedCases('err-')

test('every recorded error is in the table, or is one that our time limit ended', () => {
  const untold = errors.filter(({ name }) => MEANS[name] === undefined)
  expect(untold.map(({ name, code }) => [name, code])).toEqual([
    ['err-save-crashed', 124],
    ['err-shutdown-crashed', 124],
    ['err-shutdown-paused', 124],
    // Twice is once: xl says nothing about it.
    ['err-shutdown-twice', 0],
  ])
})

test.each(errors.filter(({ name }) => MEANS[name]).map((one) => [one.name, one] as const))('%s', (name, { err }) => {
  const { kind, message, cause } = explained(fault('refused', err.trim()))
  expect([kind, message]).toEqual(MEANS[name])
  expect(cause).toBe(err.trim())
})

/** As it comes from a host: the deeds leave out what xl always says, and the guard keeps five lines. */
function asKept(err: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'og-words-'))
  try {
    writeFileSync(join(folder, 'xl.err'), err)
    writeFileSync(join(folder, 'deeds'), xlDeeds().join('\n'))
    const script = '. "$OCCI_WORK/deeds"; xl_words 2>&1 | tail -n 5 | tail -c 2000'
    return execFileSync('sh', ['-c', script], { env: { ...process.env, OCCI_WORK: folder } }).toString()
  } finally {
    rmSync(folder, { recursive: true })
  }
}
test.each(errors.filter(({ name }) => MEANS[name]).map((one) => [one.name, one] as const))(
  '%s, in the few lines that are kept of it',
  (name, { err }) => {
    const { kind, message } = explained(fault('refused', asKept(err)))
    expect([kind, message]).toEqual(MEANS[name])
  },
)

test.each([
  'libxl: error: libxl_dm.c:2857:libxl__spawn_local_dm: Domain 5:device model /usr/libexec/xen-qemu-system-i386 is not executable: No such file or directory',
  'libxl: error: libxl_dm.c:2389:libxl__spawn_local_dm: device model /usr/lib/xen-4.11/bin/qemu-system-i386 is not executable: No such file or directory',
])('%s', (line) => {
  const then = 'libxl: error: libxl_create.c:1676:domcreate_devmodel_started: Domain 5:device model did not start: -3'
  expect(explained(fault('refused', `${line}\n${then}`)).message).toBe('the host has no QEMU for Xen, which it needs')
})

test('words of our own deeds stay as they are, and so do faults of the way to the host', () => {
  for (const message of ['vol-1 is attached to i-2', 'not enough CPU: needs 900 hundredths, has 400'])
    expect(explained(fault('refused', message)).message).toBe(message)
  expect(explained(fault('unreachable', 'Out of memory')).kind).toBe('unreachable')
})

test('docs/xen.md tells an operator about each', () => {
  const docs = readFileSync(join(__dirname, '..', '..', '..', '..', '..', 'docs', 'xen.md'), 'utf8')
  for (const { means, remedy } of RULES) {
    expect(docs).toContain(means.replace(/\$1/g, '…'))
    expect(docs).toContain(remedy)
  }
})
