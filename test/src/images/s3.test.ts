import { regionIn } from '../../../src/images/s3'

test.each([
  [{}, 'us-east-1'],
  [{ AWS_REGION: 'eu-west-3', AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-3'],
  [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1'],
  [{ AWS_REGION: '', AWS_DEFAULT_REGION: '' }, 'us-east-1'],
])('%j: the region of a bucket is %s', (env, region) => {
  expect(regionIn(env)).toBe(region)
})
