/** A tenant's images with the real `aws`: uploaded by our command line, then copied, shared, tagged, taken away. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { adminClient } from '../../src/cli/admin-client'
import { program } from '../../src/cli/program'
import { loadConfig } from '../../src/config'
import { type Gateway, startGateway } from '../../src/gateway'
import { type RunningWorker, startWorker } from '../../workers/worker'
import { qcow2 } from '../support/disks'
import { describeWithAws, plainEnvironment, run } from '../support/gateway-process'
import { startRedis, type TestRedis } from '../support/redis'

describeWithAws('images with aws', (aws) => {
  const log = pino({ level: 'silent' })
  let redis: TestRedis
  let data: string
  let gateway: Gateway
  let worker: RunningWorker
  let environment: NodeJS.ProcessEnv
  let tenant: Record<string, string>

  beforeAll(async () => {
    redis = await startRedis()
    data = mkdtempSync(join(tmpdir(), 'og-images-'))
    const config = { ...loadConfig(['--data', data, '--port', '0', '--log-level', 'silent'], {}), redis: redis.address }
    gateway = await startGateway({ ...config, simulated: true }, log)
    worker = await startWorker(config, { log })
    const url = `http://127.0.0.1:${gateway.port}`
    const { token } = JSON.parse(readFileSync(join(data, 'operator.json'), 'utf8'))
    const made = (await adminClient({ url, token }).post('/projects', { name: 'ann' })) as Record<string, string>
    tenant = { OCCI_ENDPOINT: url, OCCI_USER: made.user ?? '', OCCI_PASSWORD: made.password ?? '' }
    environment = {
      ...plainEnvironment(),
      AWS_ACCESS_KEY_ID: made.accessKeyId,
      AWS_SECRET_ACCESS_KEY: made.secretAccessKey,
      AWS_DEFAULT_REGION: 'local-1',
      AWS_ENDPOINT_URL_EC2: `${url}/ec2/`,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_PAGER: '',
    }
  })
  afterAll(async () => {
    await worker.close()
    await gateway.close()
    await redis.stop()
    rmSync(data, { recursive: true, force: true })
  })

  const ec2 = async (...words: readonly string[]): Promise<string> => {
    const endpoint = ['--endpoint-url', environment.AWS_ENDPOINT_URL_EC2 ?? '']
    const { code, stdout, stderr } = await run(aws, ['ec2', ...words, ...endpoint, '--output', 'text'], environment)
    return code === 0 ? stdout.trim() : `refused: ${stderr.trim()}`
  }

  test('a whole life', async () => {
    const path = join(data, 'disk.qcow2')
    writeFileSync(path, qcow2())
    let said = ''
    const quiet = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
    await program(tenant, (text) => {
      said += text
    }).parseAsync(['image', 'upload', path, '--name', 'brought along'], { from: 'user' })
    quiet.mockRestore()
    const ami = /^ami-[0-9a-f]{17}/.exec(said)?.[0] ?? ''
    const described = ['describe-images', '--owners', 'self', '--query', 'Images[].[Name,State,RootDeviceType]']
    expect(await ec2(...described)).toBe('brought along\tavailable\tebs')
    const copy = await ec2(
      ...['copy-image', '--name', 'the copy', '--source-image-id', ami, '--source-region', 'local-1'],
      ...['--query', 'ImageId'],
    )
    expect(copy).toMatch(/^ami-/)
    expect(await ec2('wait', 'image-available', '--image-ids', copy)).toBe('')
    await ec2('create-tags', '--resources', copy, '--tags', 'Key=stage,Value=test')
    const permission = 'Add=[{UserId=123456789012},{Group=all}]'
    expect(await ec2('modify-image-attribute', '--image-id', copy, '--launch-permission', permission)).toBe('')
    const asked = ['describe-image-attribute', '--image-id', copy, '--attribute', 'launchPermission']
    const permissions = await ec2(...asked, '--query', 'LaunchPermissions')
    expect(permissions.split(/\s+/).toSorted()).toEqual(['123456789012', 'all'])
    const tagged = [
      'describe-images',
      '--filters',
      'Name=tag:stage,Values=test',
      '--query',
      'Images[].[ImageId,Public]',
    ]
    expect(await ec2(...tagged)).toBe(`${copy}\tTrue`)
    expect(await ec2('reset-image-attribute', '--image-id', copy, '--attribute', 'launchPermission')).toBe('')
    expect(await ec2('deregister-image', '--image-id', copy)).not.toMatch(/refused/)
    expect(await ec2(...described)).toBe('brought along\tavailable\tebs')
    const inside = 'Format=qcow2,Url=https://169.254.169.254/latest'
    expect(await ec2('import-image', '--disk-containers', inside)).toMatch(/public Internet/)
    const outside = 'Format=qcow2,Url=https://files.invalid/disk.qcow2'
    const task = await ec2('import-image', '--disk-containers', outside, '--query', 'ImportTaskId')
    expect(task).toMatch(/^import-ami-/)
    const status = ['describe-import-image-tasks', '--import-task-ids', task, '--query', 'ImportImageTasks[].Status']
    expect(await ec2(...status)).toBe('active')
    expect(await ec2('cancel-import-task', '--import-task-id', task)).toMatch(/active\tdeleting/)
  }, 120_000)
})
