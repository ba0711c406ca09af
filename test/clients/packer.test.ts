/** Packer's amazon-ebs builder: an image of an instance that nobody logs in to, with its tags, and nothing left behind. */
import { DescribeImagesCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { newData, removeData, startUp, tenantEnvironment, type Up } from '../support/gateway-process'
import { clientNamed, describeIfThere, orLack, SITE, succeed } from './client'

describeIfThere('Packer', orLack(clientNamed('packer'), 'Packer 1.6'), (packer) => {
  const data = newData()
  let up: Up

  beforeAll(async () => {
    up = await startUp(data, SITE)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })

  test('amazon-ebs with communicator none: an image', async () => {
    const session = up.session()
    const env = { ...tenantEnvironment(session), CHECKPOINT_DISABLE: '1', PACKER_CONFIG_DIR: data, HOME: data }
    const variables = ['-var', `endpoint=${session.ec2Url}`, '-var', 'image=tiny']
    const words = ['build', '-color=false', ...variables, 'packer-build.json']
    const said = await succeed(packer, words, { env, withinMs: 150_000 })
    const [, ami] = /^us-east-1: (ami-[0-9a-f]{17})$/m.exec(said) ?? []
    const { accessKeyId, secretAccessKey, region, ec2Url: endpoint } = session
    const client = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })
    const { Images = [] } = await client.send(new DescribeImagesCommand({ Owners: ['self'] }))
    expect(
      Images.map(({ ImageId, Name, Description, State, Tags }) => [ImageId, Name, Description, State, Tags]),
    ).toEqual([[ami, 'built-by-packer', 'made in a test', 'available', [{ Key: 'built', Value: 'yes' }]]])
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}))
    const left = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name))
    expect(left.filter((state) => state !== 'terminated' && state !== 'shutting-down')).toEqual([])
    client.destroy()
  }, 180_000)
})
