/** The survey of hosts whose own files are those of a folder, by dash and by busybox's shell. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { SURVEY } from '../../../../../../workers/drivers/hypervisors/xl/check'
import { type Facts, parseFacts } from '../../../../../../workers/drivers/hypervisors/xl/check/facts'
import { xendomains } from '../../../../../../workers/drivers/hypervisors/xl/check/xendomains'
import { describeByShell } from '../../../../../support/host-tools'

describeByShell((shell) => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'survey-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const survey = (environment: NodeJS.ProcessEnv = {}): Facts => {
    const [command, ...words] = shell
    const said = spawnSync(command, [...words, '-c', SURVEY, 'survey', join(root, 'gateway')], {
      encoding: 'utf8',
      env: { ...process.env, SURVEY_ROOT: root, ...environment },
    })
    return parseFacts(said.stdout)
  }

  test('the device model is what there is of it in the path of root', () => {
    put('bin/qemu-system-i386', '')
    chmodSync(join(root, 'bin', 'qemu-system-i386'), 0o755)
    expect(survey({ PATH: `${join(root, 'bin')}:${process.env.PATH}` }).one('device-model')).toContain(
      'qemu-system-i386',
    )
  })

  describe('xendomains', () => {
    const SAVES = (save: string) => `# Directory to save running domains to
#XENDOMAINS_SAVE=/elsewhere
XENDOMAINS_SAVE="${save}"  # kept
XENDOMAINS_RESTORE=true
XENDOMAINS_AUTO=${root}/etc/xen/auto
XENDOMAINS_AUTO_ONLY=false
`
    const starts = () => {
      mkdirSync(join(root, 'etc', 'rc2.d'), { recursive: true })
      symlinkSync('../init.d/xendomains', join(root, 'etc', 'rc2.d', 'S03xendomains'))
    }

    test('none', () => expect(xendomains(survey())).toMatchObject({ verdict: 'ok', detail: 'it is not there' }))

    test('as it is installed: the command that it names mends it', () => {
      put('etc/default/xendomains', SAVES(join(root, 'save')))
      starts()
      const found = xendomains(survey())
      expect(found).toMatchObject({
        verdict: 'missing',
        detail: expect.stringContaining(`to ${join(root, 'save')} when`),
      })
      execFileSync('sh', ['-c', found.mend ?? ''])
      expect(xendomains(survey())).toMatchObject({ verdict: 'ok', mend: null })
      expect(readFileSync(join(root, 'etc/default/xendomains'), 'utf8')).toContain('XENDOMAINS_RESTORE=false')
    })

    test('what it has of machines of ours is found, whether it is started or not, and nothing else', () => {
      put('etc/sysconfig/xendomains', SAVES(join(root, 'save')))
      for (const name of ['i-1', 'web-1', 'i-3']) put(join('save', name), 'Xen saved domain')
      put('etc/xen/auto/10-shop', "memory = 128\nname = 'shop'\n")
      put('etc/xen/auto/mail.cfg', 'name = "mail"\n')
      mkdirSync(join(root, 'gateway', 'site', 'machines', 'i-1'), { recursive: true })
      put('gateway/site/machines/i-2/was', 'shop\n')
      const found = xendomains(survey())
      const files = [join(root, 'save', 'i-1'), join(root, 'etc', 'xen', 'auto', '10-shop')]
      expect(found).toMatchObject({ verdict: 'missing', mend: `rm ${files.join(' ')}` })
    })
  })
})
