/** Ansible's amazon.aws: a playbook whose second run changes nothing. */
import { join } from 'node:path'
import { utils } from 'ssh2'
import { newData, removeData, startUp, tenantEnvironment, type Up } from '../support/gateway-process'
import { ansiblePython, clientNamed, describeIfThere, orLack, SITE, succeed } from './client'

describeIfThere('Ansible', orLack(clientNamed('ansible'), 'Ansible with amazon.aws'), (playbook) => {
  const data = newData()
  let up: Up

  beforeAll(async () => {
    up = await startUp(data, SITE)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })

  const recap = async (publicKey: string): Promise<string> => {
    const { ec2Url, region, ...session } = up.session()
    const variables = {
      endpoint: ec2Url,
      region,
      image: 'tiny',
      public_key: publicKey,
      ansible_python_interpreter: ansiblePython(playbook),
    }
    const env = {
      ...tenantEnvironment({ ec2Url, region, ...session }),
      HOME: data,
      ANSIBLE_NOCOLOR: '1',
      ANSIBLE_LOCALHOST_WARNING: 'False',
    }
    const words = ['-i', 'localhost,', '-e', JSON.stringify(variables), join(__dirname, 'ansible', 'site.yml')]
    const said = await succeed(playbook, words, { env, withinMs: 600_000 })
    return /^localhost\s*:(.*?)\s*$/m.exec(said)?.[1]?.trim().replace(/ {2,}/g, ' ') ?? said
  }

  test('key, group, instance, volume, address, tags: made by the first run, left alone by the second', async () => {
    const rest = 'unreachable=0 failed=0 skipped=0 rescued=0 ignored=0'
    const { public: publicKey } = utils.generateKeyPairSync('ed25519')
    expect(await recap(publicKey)).toBe(`ok=9 changed=6 ${rest}`)
    expect(await recap(publicKey)).toBe(`ok=9 changed=0 ${rest}`)
  }, 1_300_000)
})
