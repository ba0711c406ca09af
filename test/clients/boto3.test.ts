/** boto3: clients, resources, waiters and paginators over the life of three instances. */
import { newData, removeData, startUp, type Up } from '../support/gateway-process'
import { clientNamed, describeIfThere, orLack, SITE, sawBy } from './client'

describeIfThere('boto3', orLack(clientNamed('python'), 'Python with libcloud and boto3'), (python) => {
  const data = newData()
  let up: Up

  beforeAll(async () => {
    up = await startUp(data, SITE)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })

  test('run, wait, list, stop, start, reboot, terminate, and what is refused', async () => {
    expect(await sawBy(python, 'boto3-life.py', ['tiny'], up)).toEqual({
      made: 3,
      again: true,
      typePages: 3,
      listed: true,
      tags: ['first', 'life'],
      presigned: 200,
      account: up.session().accountId,
      refused: {
        'other count': 'IdempotentParameterMismatch',
        'no such instance': 'InvalidInstanceID.NotFound',
        'dry run': 'DryRunOperation',
        'not here yet': 'UnsupportedOperation',
      },
    })
  }, 120_000)
})
