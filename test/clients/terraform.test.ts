/** Terraform's AWS provider: applied, planned again without a difference, changed, destroyed. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { utils } from 'ssh2'
import { newData, removeData, startUp, tenantEnvironment, type Up } from '../support/gateway-process'
import { describeIfThere, findTerraform, runClient, SITE, succeed } from './client'

describeIfThere('Terraform', findTerraform(), ({ terraform, mirror }) => {
  const data = newData()
  const folder = join(data, 'terraform')
  const templates = join(data, 'terraform-templates')
  const images = join(data, 'terraform-images')
  let up: Up
  let env: NodeJS.ProcessEnv

  beforeAll(async () => {
    up = await startUp(data, SITE)
    const copies = { terraform: folder, 'terraform-templates': templates, 'terraform-images': images }
    for (const [name, copy] of Object.entries(copies)) {
      mkdirSync(copy)
      cpSync(join(__dirname, name), copy, { recursive: true })
    }
    const rules = join(data, 'terraformrc')
    writeFileSync(
      rules,
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
    )
    env = {
      ...tenantEnvironment(up.session()),
      HOME: data,
      TF_CLI_CONFIG_FILE: rules,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      TF_VAR_endpoint: up.session().ec2Url,
      TF_VAR_image: 'tiny',
      TF_VAR_public_key: utils.generateKeyPairSync('ed25519').public,
    }
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })

  /** The one line that says what came of it. */
  const line = async (command: string, words: readonly string[], role: string, cwd = folder): Promise<string> => {
    const all = [command, '-no-color', '-input=false', '-var', `role=${role}`, ...words]
    const said = await succeed(terraform, all, { env, cwd, withinMs: 600_000 })
    return /^(?:No changes|Apply complete|Destroy complete).*$/m.exec(said)?.[0] ?? said
  }
  const apply = (role: string, cwd = folder) => line('apply', ['-auto-approve'], role, cwd)

  test('key pair, groups and a rule, instance, volume and attachment, address: apply, empty plan, one change, destroy', async () => {
    const init = ['init', '-no-color', '-input=false']
    expect((await runClient(terraform, init, { env, cwd: folder, withinMs: 60_000 })).code).toBe(0)
    expect(await apply('web')).toBe('Apply complete! Resources: 8 added, 0 changed, 0 destroyed.')
    // -detailed-exitcode: 0 when there is nothing to do, 2 when there is.
    expect(await line('plan', ['-detailed-exitcode'], 'web')).toMatch(/^No changes\./)
    expect(await apply('db')).toBe('Apply complete! Resources: 0 added, 2 changed, 0 destroyed.')
    expect(await line('plan', ['-detailed-exitcode'], 'db')).toMatch(/^No changes\./)
    expect(await line('destroy', ['-auto-approve'], 'db')).toBe('Destroy complete! Resources: 8 destroyed.')
  }, 1_800_000)

  test('launch template and an instance by it: apply, empty plan, one change, destroy', async () => {
    const cwd = templates
    const init = ['init', '-no-color', '-input=false']
    expect((await runClient(terraform, init, { env, cwd, withinMs: 60_000 })).code).toBe(0)
    expect(await apply('web', cwd)).toBe('Apply complete! Resources: 2 added, 0 changed, 0 destroyed.')
    expect(await line('plan', ['-detailed-exitcode'], 'web', cwd)).toMatch(/^No changes\./)
    expect(await apply('db', cwd)).toBe('Apply complete! Resources: 0 added, 1 changed, 0 destroyed.')
    expect(await line('plan', ['-detailed-exitcode'], 'db', cwd)).toMatch(/^No changes\./)
    expect(await line('destroy', ['-auto-approve'], 'db', cwd)).toBe('Destroy complete! Resources: 2 destroyed.')
  }, 1_800_000)

  test('instance type, volumes of gp3, images with their snapshots: apply, empty plan, one change, destroy', async () => {
    const cwd = images
    const init = ['init', '-no-color', '-input=false']
    expect((await runClient(terraform, init, { env, cwd, withinMs: 60_000 })).code).toBe(0)
    expect(await apply('web', cwd)).toBe('Apply complete! Resources: 7 added, 0 changed, 0 destroyed.')
    expect(await line('plan', ['-detailed-exitcode'], 'web', cwd)).toMatch(/^No changes\./)
    expect(await apply('db', cwd)).toBe('Apply complete! Resources: 0 added, 1 changed, 0 destroyed.')
    expect(await line('plan', ['-detailed-exitcode'], 'db', cwd)).toMatch(/^No changes\./)
    expect(await line('destroy', ['-auto-approve'], 'db', cwd)).toBe('Destroy complete! Resources: 7 destroyed.')
  }, 1_800_000)
})
